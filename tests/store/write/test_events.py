"""History is append-only: each event of an article is recorded once, with its own date, and is kept."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from kcna_spider.export.atom import entries, write_atom
from kcna_spider.export.change_history import changes
from kcna_spider.export.rows import Wanted
from kcna_spider.items import AvailabilityCheck
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from tests.samples import article

URLS = [f"http://www.kcna.kp/en/article/detail/{n}" for n in (1, 2, 3)]
BEGIN = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)


def may(day: int, hour: int = 9) -> dt.datetime:
    """Return a timestamp in May."""
    return dt.datetime(2026, 5, day, hour, tzinfo=dt.UTC)


def noted(archive: Archive) -> list[tuple[int, str, str]]:
    """Return the day, the kind and the last part of the URL of all events."""
    return [(change.at.day, change.kind, change.url[-1]) for change in changes(archive.database, BEGIN)]


def ids(archive: Archive) -> set[str]:
    """Return the identifiers in the feed."""
    text = write_atom(entries(archive.database, BEGIN, Wanted()), BEGIN).decode()
    return {part.partition("<")[0] for part in text.split("<id>")[2:]}


def one(archive: Archive) -> dict[str, Any]:
    """Return the only article."""
    (document,) = archive.database["articles"].find()
    return document


def test_two_withdrawals_and_one_return(archive: Archive) -> None:
    decide_and_write(archive, [article(url, BEGIN) for url in URLS])
    assert len(one(archive)["copies"]) == 3
    events = [
        (2, 0, True, "gone"), (3, 1, True, "gone"), (4, 2, True, "withdrawn"), (11, 0, False, "restored"),
        (21, 0, True, "withdrawn"),
    ]  # fmt: skip
    told: list[tuple[int, str, str]] = []
    seen: set[str] = ids(archive)
    for day, number, gone, kind in events:
        archive.record_availability([AvailabilityCheck(URLS[number], gone, may(day))])
        told.append((day, kind, URLS[number][-1]))
        assert noted(archive) == told
        assert seen < ids(archive), "an identifier changed"
        seen = ids(archive)
    kinds = [kind for _, kind, _ in noted(archive)]
    assert (kinds.count("withdrawn"), kinds.count("restored")) == (2, 1)
    assert one(archive)["withdrawn_at"] == may(21)
    archive.record_availability([AvailabilityCheck(URLS[0], gone=True, at=may(22))])
    archive.record_availability([AvailabilityCheck(URLS[1], gone=True, at=may(23))])
    assert noted(archive) == told, "a copy that is gone already gave an event"


def test_it_comes_back_as_a_page_or_at_another_url(archive: Archive) -> None:
    decide_and_write(archive, [article(URLS[0], BEGIN)])
    archive.record_availability([AvailabilityCheck(URLS[0], gone=True, at=may(2))])
    decide_and_write(archive, [article(URLS[1], may(5))])
    assert one(archive)["withdrawn_at"] is None
    decide_and_write(archive, [article(URLS[0], may(6))])
    archive.record_availability(
        [AvailabilityCheck(URLS[0], gone=True, at=may(7)), AvailabilityCheck(URLS[1], gone=True, at=may(8))]
    )
    decide_and_write(archive, [article(URLS[0], may(9))])
    assert noted(archive) == [
        (2, "withdrawn", "1"), (5, "restored", "2"), (6, "back", "1"), (7, "gone", "1"),
        (8, "withdrawn", "2"), (9, "restored", "1"),
    ]  # fmt: skip


def test_an_older_sighting_restores_nothing(archive: Archive) -> None:
    decide_and_write(archive, [article(URLS[0], may(3))])
    archive.record_availability([AvailabilityCheck(URLS[0], gone=True, at=may(10))])
    decide_and_write(archive, [article(URLS[1], may(5))])
    assert one(archive)["withdrawn_at"] == may(10)
    assert noted(archive) == [(10, "withdrawn", "1")]


def test_a_sighting_from_before_the_withdrawal_restores_nothing(archive: Archive) -> None:
    decide_and_write(archive, [article(URLS[0], BEGIN)])
    archive.record_availability([AvailabilityCheck(URLS[0], gone=True, at=may(21))])
    decide_and_write(archive, [article(URLS[0], may(10))])
    archive.record_availability([AvailabilityCheck(URLS[0], gone=False, at=may(12))])
    assert noted(archive) == [(21, "withdrawn", "1")]
    assert one(archive)["withdrawn_at"] == may(21)
    archive.record_availability([AvailabilityCheck(URLS[0], gone=True, at=may(28))])
    assert noted(archive) == [(21, "withdrawn", "1")]


def test_withdrawn_once_until_it_is_back(archive: Archive) -> None:
    decide_and_write(archive, [article(URLS[0], BEGIN)])
    archive.record_availability([AvailabilityCheck(URLS[0], gone=True, at=may(4))])
    decide_and_write(archive, [article(URLS[1], may(3))])  # This is an older sighting at another URL.
    archive.record_availability([AvailabilityCheck(URLS[1], gone=True, at=may(10))])
    assert noted(archive) == [(4, "withdrawn", "1"), (10, "gone", "2")]


def test_an_edit_that_was_undone_before_anybody_saw_it(archive: Archive) -> None:
    texts = {
        text: ["Pyongyang, March 8 (KCNA) -- A text.", f"It ends with {text}."] for text in ("one", "two")
    }
    decide_and_write(archive, [article(URLS[0], BEGIN, paragraphs=texts["one"])])
    decide_and_write(archive, [article(URLS[0], may(20), paragraphs=texts["one"])])
    decide_and_write(archive, [article(URLS[0], may(10), paragraphs=texts["two"])])
    assert [(day, kind) for day, kind, _ in noted(archive)] == [(10, "edited"), (20, "edited")]


def test_an_absence_that_an_old_file_shows_later(archive: Archive) -> None:
    decide_and_write(archive, [article(URLS[0], BEGIN)])
    decide_and_write(archive, [article(URLS[0], may(20))])
    assert archive.record_availability([AvailabilityCheck(URLS[0], gone=True, at=may(10))]) == ["gone"]
    assert noted(archive) == [(10, "withdrawn", "1"), (20, "restored", "1")]
    for _ in range(2):
        archive.record_availability(
            [
                AvailabilityCheck(URLS[0], gone=True, at=may(10)),
                AvailabilityCheck(URLS[0], gone=True, at=may(12)),
            ]
        )
    assert noted(archive) == [(10, "withdrawn", "1"), (20, "restored", "1")]
    assert one(archive)["copies"][0]["status"] == "live"


def test_edits_are_noted_once_and_stay(archive: Archive) -> None:
    texts = {
        text: ["Pyongyang, March 8 (KCNA) -- A text.", f"It ends with {text}."]
        for text in ("one", "two", "three")
    }
    decide_and_write(archive, [article(url, BEGIN, paragraphs=texts["one"]) for url in URLS])
    decide_and_write(archive, [article(URLS[0], may(2), paragraphs=texts["two"])])
    decide_and_write(archive, [article(URLS[1], may(3), paragraphs=texts["two"])])
    before = ids(archive)
    assert [(day, kind) for day, kind, _ in noted(archive)] == [(2, "edited")], (
        "the same edit at another URL gave a second event"
    )
    decide_and_write(archive, [article(URLS[0], may(4), paragraphs=texts["one"])])
    decide_and_write(archive, [article(URLS[0], may(5), paragraphs=texts["two"])])
    assert [(day, kind) for day, kind, _ in noted(archive)] == [
        (2, "edited"),
        (4, "edited"),
        (5, "edited"),
    ], "repeated edits must give further events"
    # This is a capture that was found later.
    decide_and_write(archive, [article(URLS[0], may(1, 20), paragraphs=texts["three"])])
    assert before < ids(archive)
    assert noted(archive)[0][:2] == (1, "edited")
    assert len(noted(archive)) == 5, "an older text must add two edits: to it, and from it"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=str)
def test_no_order_of_events_loses_one(archive: Archive, order: tuple[int, ...]) -> None:
    """Check every order of events: events are only added."""
    decide_and_write(archive, [article(url, BEGIN) for url in URLS[:2]])
    steps = [
        lambda: archive.record_availability([AvailabilityCheck(URLS[0], gone=True, at=may(5))]),
        lambda: archive.record_availability([AvailabilityCheck(URLS[1], gone=True, at=may(6))]),
        lambda: decide_and_write(archive, [article(URLS[0], may(7))]),
        lambda: archive.record_availability([AvailabilityCheck(URLS[1], gone=False, at=may(8))]),
    ]
    known: list[dict[str, Any]] = []
    for number in order:
        steps[number]()
        events = one(archive).get("events", [])
        assert [event for event in events if event in known] == known
        known = events
