"""Every dateline that a grammar can write is parsed; any other text is parsed fast and without an error."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcna_spider.text.datelines import GRAMMARS, parse_dateline, strip_end_mark
from tests.text.datelines.samples import SAMPLES

DAYS = st.dates(dt.date(1997, 1, 1), dt.date(2030, 12, 31))


@given(st.sampled_from(sorted(GRAMMARS)), DAYS, st.integers(0, 20), st.integers(0, 9), st.booleans())
def test_what_is_written_is_read_back(
    language: str, day: dt.date, later: int, place: int, named: bool
) -> None:
    samples = SAMPLES[language]
    name = samples.places[place % len(samples.places)]
    text = samples.write(name, day.month, day.day) + " The text follows."
    found = parse_dateline(text, day + dt.timedelta(days=later), language if named else None)
    assert found is not None
    assert (found.place, found.date, found.agency, found.language) == (name, day, samples.agency, language)
    assert text[found.end :].lstrip() == "The text follows."


@given(st.text(max_size=400), st.none() | DAYS, st.sampled_from([None, *GRAMMARS]))
def test_nothing_raises(text: str, published: dt.date | None, language: str | None) -> None:
    found = parse_dateline(text, published, language)
    if found:
        assert found.raw in text
        assert 0 < found.end <= len(text)
    strip_end_mark(text, language)


@given(
    st.sampled_from(sorted(GRAMMARS)),
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["cut", "double", "swap"])), max_size=5),
)
@settings(max_examples=300)
def test_misprints_raise_nothing(language: str, edits: list[tuple[int, str]]) -> None:
    samples = SAMPLES[language]
    text = samples.write(samples.places[0], 12, 31) + " The text follows."
    for position, edit in edits:
        at = position % max(1, len(text) - 1)
        text = {
            "cut": text[:at] + text[at + 1 :],
            "double": text[: at + 1] + text[at:],
            "swap": text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
        }[edit]
    parse_dateline(text, dt.date(2024, 1, 1), language)


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "[",
        "1",
        "A",
        "Pyongyang, ",
        "A ",
        "a, 1 ",
        "\u00a0",
        "-",
        "(1)",
        "May 1 ",
        "평",
        "【",
        "朝中社",
        "Пх ",
        "\ufffd",
    ],
)
def test_time_is_linear(piece: str) -> None:
    seconds = []
    for size in (10_000, 100_000):
        text = piece * (size // len(piece))
        began = time.process_time()
        parse_dateline(text, dt.date(2024, 1, 1))
        strip_end_mark(text, "en")
        seconds.append(time.process_time() - began)
    assert seconds[1] < 40 * seconds[0] + 0.05, "ten times the text takes more than forty times as long"
