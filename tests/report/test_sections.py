"""Sections: the contents of the tables, from numbers that are easy to count."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

from kcna_spider.report import sections_on_contents as contents
from kcna_spider.report import sections_on_coverage as covered
from kcna_spider.report.gaps import coverage
from kcna_spider.report.numbers import Numbers, PhotoNumbers, Place

EMPTY = Numbers(
    articles=0, texts=0, withdrawn=0, edited=0, undated=0, days={}, months={}, places=[], without_dateline=0,
    delays={}, copies={},
    overlaps={}, events={}, runs=[], rejects={}, open_listings={},
)  # fmt: skip
FEBRUARY = dt.date(2024, 2, 27)


def numbers(**some: Any) -> Numbers:
    return dataclasses.replace(EMPTY, **some)


def test_a_row_a_month() -> None:
    site = coverage({FEBRUARY: 9, FEBRUARY + dt.timedelta(days=2): 2, FEBRUARY + dt.timedelta(days=3): 8})
    first, second = covered.days({"kcna.kp": site}).tables[0].rows
    assert first == ["2024-02", *[""] * 26, "9", "✕", "2•", "", "", 11]
    assert second == ["2024-03", "8", *[""] * 30, 8]
    assert covered.gaps({"kcna.kp": site}).tables[0].rows == [
        ["kcna.kp", dt.date(2024, 2, 28), dt.date(2024, 2, 28), 1, "missing", 0, "8"],
        ["kcna.kp", dt.date(2024, 2, 29), dt.date(2024, 2, 29), 1, "low", 2, "8.5"],
    ]
    assert ["days of kcna.kp without any article, between its first and its last", 1] in covered.lacks(
        numbers(), {"kcna.kp": site}
    ).tables[0].rows


def test_shares_of_sites() -> None:
    overlaps = {("a", "b"): 3, ("a",): 1, ("a", "b", "c"): 1, ("c",): 4}
    copies = {("a", "live"): 5, ("b", "live"): 4, ("c", "gone"): 5}
    states, together, pairs = (
        table.rows for table in contents.copies(numbers(overlaps=overlaps, copies=copies)).tables
    )
    assert states == [["a", 5, 0], ["b", 4, 0], ["c", 0, 5]]
    assert together == [["c", 4], ["a + b", 3], ["a", 1], ["a + b + c", 1]]
    assert pairs == [
        ["a and b", 4, "80.0%", "100.0%"],
        ["a and c", 1, "20.0%", "20.0%"],
        ["b and c", 1, "25.0%", "20.0%"],
    ]


def test_far_delays_are_drawn_together_and_listed_apart() -> None:
    section = contents.delays(numbers(delays={-400: 1, 0: 5, 1: 2, 90: 1, 365: 1}))
    assert section.tables[0].rows == [(-400, 1), (0, 5), (1, 2), (90, 1), (365, 1)]
    assert {"-3 or less", "12 or more"} <= set(re.findall(r">([^<]+)</text>", section.charts[0].svg))
    assert section.about.endswith("of 10 articles that have both; 5 appeared on the day itself.")


def test_a_crawl_that_did_not_end_well_is_counted() -> None:
    begun = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
    good = {
        "spider": "kcna_kp",
        "started_at": begun,
        "finished_at": begun + dt.timedelta(seconds=90),
        "finish_reason": "finished",
    }
    stats = {"articles/listed": 9, "store/inserted": 7, "drop/stub": 1, "drop/no_day": 1}
    runs = [
        good | {"stats": [{"name": name, "value": value} for name, value in stats.items()]},
        {"spider": "warc", "started_at": begun},
    ]
    section = covered.runs(numbers(runs=runs))
    assert section.tables[0].rows == [
        ["2026-03-01 04:00", "kcna_kp", "finished", "1.5", 9, 7, 0, 2],
        ["2026-03-01 04:00", "warc", "did not end", "", 0, 0, 0, 0],
    ]
    assert section.about.startswith("The latest 2; 1 of them did not end")


def test_places_and_changes() -> None:
    places = [Place(f"Town {n}", 40 - n, FEBRUARY, FEBRUARY) for n in range(30)]
    section = contents.places(numbers(places=places, without_dateline=3))
    assert len(section.tables[0].rows) == 30
    assert "Town 24" in section.charts[0].svg
    assert "Town 25" not in section.charts[0].svg
    changed = contents.changes(numbers(events={("2026-03", "edited"): 2, ("2026-04", "gone"): 1}))
    assert changed.tables[0].rows == [["2026-03", 2, 0, 0, 0, 0], ["2026-04", 0, 0, 0, 1, 0]]
    photos = contents.changes(numbers(events={("2026-03", "edited"): 2, ("2026-03", "photo_gone"): 3}))
    assert photos.tables[0].columns[-4:] == ["photo altered", "photo captioned", "photo gone", "photo back"]
    assert photos.tables[0].rows == [["2026-03", 2, 0, 0, 0, 0, 0, 0, 3, 0]]
    assert "photo gone: 3" in photos.charts[0].says


def test_photos_a_day_have_no_gaps() -> None:
    days = {FEBRUARY: 9, FEBRUARY + dt.timedelta(days=3): 1}
    section = covered.photos(numbers(photos=PhotoNumbers(days, 4, 8, 2)))
    first, second = section.tables[0].rows
    assert first == ["2024-02", *[""] * 26, "9", "", "", "", "", 9]
    assert second == ["2024-03", "1", *[""] * 30, 1]
    assert "10 URLs show 8 distinct files; 2 of the URLs are gone." in section.about
    assert "photos a day" in section.charts[0].svg
    assert "✕" not in section.charts[0].svg
