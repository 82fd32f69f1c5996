"""The step from a layout's strings to an article."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.items import ListingEntry
from tests.samples import article


def test_a_sound_article() -> None:
    loaded = article()
    assert loaded.title == "New Bakery Opened"
    assert loaded.paragraphs == [
        "A new bakery was opened here.",
        "The bread is good, it is said, and it will be better still.",
    ]
    assert loaded.dateline is not None
    assert (loaded.dateline.place, loaded.dateline.date, loaded.dateline.raw) == (
        "Pyongyang",
        dt.date(2024, 3, 8),
        "Pyongyang, March 8 (KCNA) --",
    )
    assert (loaded.published, loaded.published_from, loaded.language) == (dt.date(2024, 3, 9), "page", "en")
    assert loaded.dateline.paragraph == 0


@pytest.mark.parametrize(
    ("url", "day", "listed", "text", "expected"),
    [
        (
            "http://www.kcna.kp/a",
            "[2024.3.9.]",
            "[2024.3.10.]",
            "Pyongyang, March 8 (KCNA) -- Text.",
            ("2024-03-09", "page"),
        ),
        (
            "http://www.kcna.kp/a",
            None,
            "[2024.3.10.]",
            "Pyongyang, March 8 (KCNA) -- Text.",
            ("2024-03-10", "listing"),
        ),
        (
            "https://kcnawatch.org/newstream/1710052200-1/a/",
            None,
            None,
            "Pyongyang, March 8 (KCNA) -- Text.",
            (None, None),
        ),
        ("https://kcnawatch.org/newstream/1710052200-1/a/", None, None, "Text.", (None, None)),
        (
            "https://kcnawatch.org/newstream/1710052200-1/a/",
            None,
            None,
            "Pyongyang, November 11, 2005 (KCNA) -- Text.",
            ("2005-11-11", "dateline"),
        ),
        (
            "http://www.kcna.co.jp/item/2012/201206/news13/20120613-26ee.html",
            None,
            None,
            "Text.",
            ("2012-06-13", "address"),
        ),
        (
            "http://www.kcna.co.jp/item/2012/201206/news13/20120613-26ee.html",
            None,
            None,
            "Pyongyang, June 12 (KCNA) -- Text.",
            ("2012-06-12", "dateline"),
        ),
        ("http://www.kcna.kp/a", None, None, "Pyongyang, March 8 (KCNA) -- Text.", (None, None)),
    ],
)
def test_where_the_day_comes_from(
    url: str, day: str | None, listed: str | None, text: str, expected: tuple[str | None, str | None]
) -> None:
    loaded = article(url, listed=ListingEntry(url, day=listed), day=day, paragraphs=[text])
    assert (loaded.published and loaded.published.isoformat(), loaded.published_from) == expected


@pytest.mark.parametrize(
    ("paragraphs", "where", "body"),
    [
        (["New Bakery Opened", "Pyongyang, March 8 (KCNA) -- Text."], 1, ["New Bakery Opened", "Text."]),
        (["New Bakery Opened Pyongyang, March 8 (KCNA) -- Text."], 0, ["Text."]),
        (
            ["(Editor's note)", "Photo", "Pyongyang, March 8 (KCNA) -- Text."],
            2,
            ["(Editor's note)", "Photo", "Text."],
        ),
        (
            ["One.", "Two.", "Three.", "Four.", "Pyongyang, March 8 (KCNA) -- Not ours."],
            None,
            ["One.", "Two.", "Three.", "Four.", "Pyongyang, March 8 (KCNA) -- Not ours."],
        ),
        (["(평양 3월 8일발 조선중앙통신)", "새 빵집이 준공되였다.(끝)"], 0, ["새 빵집이 준공되였다."]),
        (["Pyongyang, March 8 (KCNA) -- Text.", "-0-", "  "], 0, ["Text."]),
        (["Pyongyang, March 8 (KCNA) -- Text. \u2013 0 \u2013"], 0, ["Text."]),
    ],
)
def test_dateline_and_end_mark_are_taken_off(
    paragraphs: list[str], where: int | None, body: list[str]
) -> None:
    loaded = article(paragraphs=paragraphs)
    assert (loaded.dateline and loaded.dateline.paragraph) == where
    assert loaded.paragraphs == body


def test_leaders_names_are_never_joined() -> None:
    loaded = article(title="ComradeKim Jong UnVisits", paragraphs=["The respectedKim Jong Unmet men."])
    assert loaded.title == "Comrade Kim Jong Un Visits"
    assert loaded.paragraphs == ["The respected Kim Jong Un met men."]


def test_missing_strings_stay_empty() -> None:
    loaded = article(title=None, paragraphs=[], day=None)
    assert (loaded.title, loaded.paragraphs, loaded.published, loaded.dateline) == ("", [], None, None)


def test_title_and_categories_of_the_listing() -> None:
    listed = ListingEntry("http://www.kcna.kp/a", title=" From  the list ", categories=["World", "Home News"])
    loaded = article("http://www.kcna.kp/a", listed=listed, title=None, categories=["World"])
    assert loaded.title == "From the list"
    assert loaded.categories == ["World", "Home News"]
