"""Lookup of appearances and persons for pages, exports and the API."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar

from kcna_spider.exceptions import KcnaError
from kcna_spider.search.about import write_about
from kcna_spider.search.appearance_calendar import calendar
from kcna_spider.search.appearance_lookup import (
    COLUMNS,
    AppearanceFilter,
    appearances,
    companions_matrix,
    count_appearances,
    flat,
    months,
    place_counts,
)
from kcna_spider.search.person_lookup import mentions, people, person
from kcna_spider.search.reader import Reader
from tests.search.people.stories import appearance_stories, story
from tests.search.test_people_rows import new_file
from tests.search.texts import BEGIN


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("appearances") / "a.sqlite"
    writer = new_file(path, appearance_stories())
    write_about(writer.base, "a test", BEGIN)
    writer.close()
    return path


@pytest.fixture
def reader(file: Path) -> Iterator[Reader]:
    opened = Reader(file)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "person", ["", "Kim Jong-un", "kim-jong-un", "Kim Jong Eun", "Pak Chol Min", "Nobody"]
)
@pytest.mark.parametrize("kind", ["", "inspection", "visit"])
@pytest.mark.parametrize("since", [None, dt.date(2024, 12, 9)])
@pytest.mark.parametrize("until", [None, dt.date(2024, 12, 9)])
def test_filters(
    reader: Reader, person: str, kind: str, since: dt.date | None, until: dt.date | None
) -> None:
    """Compare the result with a filter in Python over all appearances."""
    everything = appearances(reader, AppearanceFilter())
    name = {"Kim Jong-un": "Kim Jong Un", "kim-jong-un": "Kim Jong Un", "Kim Jong Eun": "Kim Jong Un"}.get(
        person, person
    )
    right = [
        one["id"]
        for one in everything
        if (not name or name in (one["person"], *one["companions"]))
        and kind in ("", one["kind"])
        and (since is None or one["day"] >= str(since))
        and (until is None or one["day"] <= str(until))
    ]
    wanted = AppearanceFilter(person, kind, since, until)
    assert [one["id"] for one in appearances(reader, wanted)] == right
    assert count_appearances(reader, wanted) == len(right)
    pages = [one["id"] for skip in range(0, 6, 2) for one in appearances(reader, wanted, 2, skip)]
    assert pages == right


def test_overviews(reader: Reader) -> None:
    wanted = AppearanceFilter("Kim Jong Un")
    found = appearances(reader, wanted)
    assert months(reader, wanted) == {"2024-12": 3}
    assert months(reader, AppearanceFilter("Nobody")) == {}
    places = {row["place"]: row["appearances"] for row in place_counts(reader, wanted, 9)}
    assert places == Counter(one["place"] for one in found if one["place"])
    names, pairs = companions_matrix(reader, wanted, 5)
    assert names == ["Pak Chol Min", "Ri Su Il"]
    assert pairs[("Pak Chol Min", "Ri Su Il")] == sum(
        {"Pak Chol Min", "Ri Su Il"} <= {*one["companions"]} for one in found
    )


def test_months_without_appearances_are_shown(tmp_path: Path) -> None:
    writer = new_file(tmp_path / "a.sqlite", appearance_stories())
    writer.base.execute("UPDATE appearances SET day = '2024-09-30' WHERE day = '2024-12-04'")
    writer.close()
    reader = Reader(tmp_path / "a.sqlite")
    assert months(reader, AppearanceFilter("Kim Jong Un")) == {
        "2024-09": 1,
        "2024-10": 0,
        "2024-11": 0,
        "2024-12": 2,
    }
    reader.close()


def test_persons(reader: Reader) -> None:
    listed = {row["name"]: row["articles"] for row in people(reader, "", 99)}
    assert listed["Kim Jong Un"] == 5
    assert [row["name"] for row in people(reader, "chol", 9)] == ["Pak Chol Min"]
    found = person(reader, "pak-chol-min")
    assert found
    assert {one["title"] for one in found["titles"]} == {"minister of Trade"}
    assert person(reader, "nobody") is None
    shown = mentions(reader, "pak-chol-min", 99)
    assert len(shown) == found["mentions"] == 5
    assert all(one["before"] or one["after"] for one in shown)


def test_an_article_with_several_activities(tmp_path: Path) -> None:
    body = "Kim Jong Un visited the Haksan Mill on December 3. He also visited the Sindok Farm."
    several = story(790, 400, "Kim Jong Un Visits Haksan Mill", body)
    new_file(tmp_path / "a.sqlite", [several]).close()
    reader = Reader(tmp_path / "a.sqlite")
    found = appearances(reader, AppearanceFilter("Kim Jong Un"))
    assert [(one["id"], one["place"]) for one in found] == [
        (f"{790:024x}-2", "Sindok Farm"),
        (f"{790:024x}", "Haksan Mill"),
    ]
    assert [len(one["articles"]) for one in found] == [1, 1]
    assert [flat(one)["evidence"] for one in found] == [
        ["He also visited the Sindok Farm."],
        ["Kim Jong Un visited the Haksan Mill on December 3."],
    ]
    reader.close()


def test_a_calendar_without_appearances() -> None:
    with pytest.raises(KcnaError, match="a calendar needs at least one event"):
        calendar(iter(()), BEGIN)


def test_the_calendar_can_be_read_back(reader: Reader) -> None:
    rows = [flat(one) for one in appearances(reader, AppearanceFilter())]
    assert all(set(row) == set(COLUMNS) for row in rows)
    text = calendar(iter(rows), BEGIN)
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    events = Calendar.from_ical(text).walk("VEVENT")
    assert [(str(e["uid"]), e.decoded("dtstart"), e.decoded("dtend")) for e in events] == [
        (f"{row['id']}@kcna_spider", day, day + dt.timedelta(days=1))
        for row in rows
        if (day := dt.date.fromisoformat(row["day"]))
    ]
    assert [str(e["summary"]) for e in events][-1] == "Kim Jong Un: inspection, Haksan Mill"
    assert all(str(e["url"]) in str(e["description"]) for e in events)
