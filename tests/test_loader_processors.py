"""The processors of ArticleLoader, each with a table of cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from scrapy.loader import ItemLoader

from kcna_spider import loaders
from kcna_spider.loaders import ArticleLoader, DateCandidate
from kcna_spider.text.datelines import parse_dateline

NEAR = dt.date(2024, 3, 9)
LINE = "Pyongyang, March 8 (KCNA) --"
FOUND = parse_dateline(f"{LINE} Text.", NEAR)


def test_it_is_scrapys() -> None:
    assert issubclass(ArticleLoader, ItemLoader)
    declared = {
        "title",
        "paragraphs",
        "dateline",
        "published",
        "published_from",
        "source",
        "language",
        "categories",
    }
    assert all(hasattr(ArticleLoader, f"{name}_in") for name in declared)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("  New\n Bakery ", "New Bakery"), ("\u200b \u00ad", None), ("KCNA&#39;s", "KCNA's")],
)
def test_clean_text(text: str, expected: str | None) -> None:
    assert loaders.clean_text(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("[2024.3.9.]", NEAR),
        ("Juche113.3.9.", NEAR),
        (NEAR, NEAR),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_parse_candidate(value: Any, expected: dt.date | None) -> None:
    found = loaders.parse_candidate(DateCandidate(value, "page"))
    assert (found.value if found else None) == expected
    assert found is None or found.source == "page"


@pytest.mark.parametrize(
    ("paragraphs", "title", "paragraph"),
    [
        ([f"{LINE} Text."], "", 0),
        (["(Photo)", f"{LINE} Text."], "", 1),
        ([f"New Bakery {LINE} Text."], "New Bakery", 0),
        ([f"NEW BAKERY: {LINE} Text."], "New Bakery", 0),
        (["1", "2", "3", "4", f"{LINE} Quoted."], "", None),
        ([], "", None),
    ],
)
def test_find_dateline(paragraphs: list[str], title: str, paragraph: int | None) -> None:
    found = loaders.find_dateline(paragraphs, {"title": title, "near": NEAR})
    assert (found.paragraph if found else None) == paragraph
    assert found is None or (
        (found.place, found.date) == ("Pyongyang", dt.date(2024, 3, 8))
        and paragraphs[found.paragraph][: found.end].endswith(f"{LINE} ")
    )


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ([f"Subtitle\n{LINE} Text."], ["Subtitle", f"{LINE} Text."]),
        (["(Photo)\n\n(평양 3월 8일발 조선중앙통신) 글"], ["(Photo)\n", "(평양 3월 8일발 조선중앙통신) 글"]),
        (["One\ntwo", f"Two\n{LINE} Text."], ["One\ntwo", "Two", f"{LINE} Text."]),
        ([f"\n {LINE} Text.\nMore."], [f"\n {LINE} Text.\nMore."]),
        (["Pyongyang,\n March 8 (KCNA) -- Text."], ["Pyongyang,\n March 8 (KCNA) -- Text."]),
        (["Ho Chi Minh\nCity, March 8 (KCNA) -- T"], ["Ho Chi Minh\nCity, March 8 (KCNA) -- T"]),
        (["1\n2\n3\n4\n" + f"{LINE} Text."], ["1\n2\n3\n4\n" + f"{LINE} Text."]),
        (["a", "b", "c", "d", f"Quote\n{LINE} Text."], ["a", "b", "c", "d", f"Quote\n{LINE} Text."]),
        ([], []),
    ],
)
def test_separate_dateline_lines(paragraphs: list[str], expected: list[str]) -> None:
    assert loaders.separate_dateline_lines(paragraphs) == expected


@pytest.mark.parametrize(
    ("paragraphs", "dateline", "expected"),
    [
        ([f"{LINE} Text.", "More. -0-"], FOUND, ["Text.", "More."]),
        ([LINE, "Text.", "-0-"], FOUND, ["Text."]),
        ([LINE, "-- Text."], FOUND, ["Text."]),
        ([LINE, "The mill -- of 1990 -- was opened."], FOUND, ["The mill -- of 1990 -- was opened."]),
        ([LINE, "--0--"], FOUND, []),
        ([f"{LINE} {LINE} Text."], FOUND, ["Text."]),
        ([LINE, f"{LINE} Text."], FOUND, ["Text."]),
        ([f"{LINE} Seoul, March 8 (KCNA) -- Text."], FOUND, ["Seoul, March 8 (KCNA) -- Text."]),
        ([f"{LINE} -0-"], FOUND, []),
        ([LINE, "-0-"], FOUND, []),
        (["Text."], None, ["Text."]),
        (["-0-"], None, []),
        ([], None, []),
    ],
)
def test_remove_dateline(paragraphs: list[str], dateline: Any, expected: list[str]) -> None:
    assert loaders.remove_dateline(paragraphs, {"dateline": dateline, "language": "en"}) == expected


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("Text.", {"dateline": FOUND, "languages": ("ko",)}, "en"),
        ("Text.", {"languages": ("ko",)}, "ko"),
        (
            "El presidente de la Republica habló de los trabajos en el pais.",
            {"languages": ("en", "es")},
            "es",
        ),
        ("", {"languages": ("en", "es")}, "en"),
    ],
)
def test_choose_language(text: str, context: dict[str, Any], expected: str) -> None:
    assert loaders.choose_language([text], context) == expected


@pytest.mark.parametrize(
    ("dateline", "url_day", "captured", "is_capture", "expected"),
    [
        (FOUND, None, None, False, "dateline"),
        (FOUND, None, NEAR, True, "capture"),
        (FOUND, NEAR, NEAR, True, "dateline"),
        (None, NEAR, None, False, "address"),
        (None, None, NEAR, True, "capture"),
        (None, None, None, True, None),
    ],
)
def test_date_candidates(
    dateline: Any, url_day: Any, captured: Any, is_capture: bool, expected: str | None
) -> None:
    found = loaders.date_candidates(dateline, url_day, captured, is_capture=is_capture)
    assert next((candidate.source for candidate in found if candidate.value), None) == expected


def test_unique_and_names() -> None:
    loader = loaders.ArticleLoader()
    loader.add_value("categories", ["b", "a", "b"])
    assert loader.get_output_value("categories") == ["b", "a"]
    loader.add_value("paragraphs", "The respectedKim Jong Unmet men.")
    assert loader.get_output_value("paragraphs") == ["The respected Kim Jong Un met men."]
