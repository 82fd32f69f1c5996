"""The table of cases of each language, parsed with and without the language."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.text.datelines import GRAMMARS, parse_dateline, strip_end_mark
from tests.text.datelines.samples import SAMPLES, Case

CASES = [(language, case) for language, samples in SAMPLES.items() for case in samples.cases]


@pytest.mark.parametrize(
    ("language", "case"), CASES, ids=[f"{language} {case.text[:40]}" for language, case in CASES]
)
@pytest.mark.parametrize("given", [True, False], ids=["language given", "language found"])
def test_case(language: str, case: Case, given: bool) -> None:
    published = dt.date.fromisoformat(case.published) if case.published else None
    found = parse_dateline(case.text, published, language if given else None)
    if case.place is None:
        assert found is None
        return
    assert found is not None
    assert (found.place, found.date and found.date.isoformat(), found.agency, found.language) == (
        case.place,
        case.date,
        case.agency,
        language,
    )
    assert found.raw in case.text
    assert case.text[: found.end].strip() == found.raw


def test_languages() -> None:
    assert sorted(GRAMMARS) == ["en", "es", "ja", "ko", "ru", "zh"]
    assert all(len(SAMPLES[language].cases) >= 4 for language in GRAMMARS)


def test_an_unknown_language_is_found_out() -> None:
    found = parse_dateline("Pyongyang, March 8 (KCNA) -- Text", language="xx")
    assert found is not None
    assert found.language == "en"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The end. -0-", "en", "The end."),
        ("The end. -0-", None, "The end."),
        ("The end. \u2013 0 \u2013 ", "ru", "The end."),
        ("-0-", "en", ""),
        ("참가하였다.(끝)", "ko", "참가하였다."),
        ("参加了仪式。（完）", "zh", "参加了仪式。"),
        ("参加した。－－－", "ja", "参加した。"),
        ("参加した。---", "ja", "参加した。"),
        ("The end. \uff0d\uff10\uff0d", "en", "The end."),
        ("The end. --0--", "en", "The end."),
        ("The end. -O-", "en", "The end."),
        ("The end. -0-.", "en", "The end."),
        ("참가하였다.(끝).", "ko", "참가하였다."),
        ("参加了仪式。（完）。", "zh", "参加了仪式。"),
        ("参加した。－－－－－－", "ja", "参加した。"),
        ("2-0-1 was the score", "en", "2-0-1 was the score"),
        ("Two dashes --", "en", "Two dashes --"),
    ],
)
def test_end_marks(text: str, language: str | None, expected: str) -> None:
    assert strip_end_mark(text, language) == expected


def test_end_mark_of_a_long_text() -> None:
    assert strip_end_mark("x" * 1000 + " -0-", "en") == "x" * 1000
