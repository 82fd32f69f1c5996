"""Merge sightings that arrive late, in any order, or from records that were read before."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import pytest

from kcna_spider.items import Article, AvailabilityCheck, ListingEntry, ListingUpdate, Reject
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from tests.samples import article

KP, WATCH = "http://www.kcna.kp/en/article/detail/1", "https://kcnawatch.org/newstream/1-1/x/"
TEXTS = {
    name: ["Pyongyang, March 8 (KCNA) -- A bakery was opened.", f"It bakes {name} bread."]
    for name in ("white", "dark", "sweet")
}
LONG = [*TEXTS["white"], *(f"Further sentence number {n} of the report." for n in range(9))]
ORDERS = list(itertools.permutations((1, 8, 15)))
CAPTURE = {"url": "https://web.archive.org/web/2026id_/http://www.kcna.kp/en/article/detail/1"}


def may(day: int) -> dt.datetime:
    """Return a timestamp in May 2026."""
    return dt.datetime(2026, 5, day, 9, tzinfo=dt.UTC)


def sighting(seen: int, name: str, url: str = KP, *, recorded: bool = False, **changes: Any) -> Article:
    """Return a sighting on a day of May. name: that of its text. recorded: whether it has a WARC record."""
    record = {"file": "a.warc.gz", "offset": seen} if recorded else None
    paragraphs = changes.pop("paragraphs", TEXTS.get(name))
    return replace(article(url, may(seen), paragraphs=paragraphs, **changes), record=record)


def captured(seen: int, name: str) -> Article:
    """Return a capture of the article on kcna.kp."""
    return replace(sighting(seen, name), capture={"at": may(seen), **CAPTURE})


def one(archive: Archive) -> dict[str, Any]:
    """Return the only article."""
    (document,) = archive.database["articles"].find()
    return document


def events(archive: Archive) -> list[tuple[int, str]]:
    """Return the day and the kind of each event."""
    return [(event["at"].day, event["kind"]) for event in one(archive).get("events", ())]


def put(archive: Archive, *sightings: Article) -> list[str]:
    """Store sightings one after the other; return the outcomes."""
    return [decide_and_write(archive, [item])[0] for item in sightings]


# -- records that are read again


@pytest.mark.parametrize("order", ORDERS)
def test_other_code_reads_every_record_differently(archive: Archive, order: tuple[int, ...]) -> None:
    put(archive, *(sighting(day, "white", recorded=True) for day in (1, 8, 15)))
    assert put(archive, *(sighting(day, "dark", recorded=True) for day in order)) == ["reread"] * 3
    assert put(archive, *(sighting(day, "dark", recorded=True) for day in order)) == ["unchanged"] * 3
    document = one(archive)
    assert (events(archive), document["changed_at"], document["revision"]) == ([], None, 2)
    assert document["body"].endswith("dark bread.")
    assert [copy["history"] for copy in document["copies"]] == [[]]
    assert document["copies"][0]["recorded_at"] == [may(1), may(8), may(15)]
    assert document["texts"][1]["reread_of"] == 1


@pytest.mark.parametrize("order", ORDERS)
def test_an_edit_is_noted_once_whatever_code_reads_it(archive: Archive, order: tuple[int, ...]) -> None:
    put(archive, *(sighting(day, name, recorded=True) for day, name in ((1, "white"), (8, "dark"))))
    put(archive, sighting(15, "dark", recorded=True))
    more = {
        day: sighting(day, "", recorded=True, paragraphs=[*TEXTS[name], "A caption."])
        for day, name in ((1, "white"), (8, "dark"), (15, "dark"))
    }
    assert put(archive, *(more[day] for day in order)) == ["reread"] * 3
    document = one(archive)
    assert (events(archive), document["changed_at"]) == ([(8, "edited")], may(8))
    history = document["copies"][0]["history"]
    assert [(entry["at"], document["texts"][entry["before"] - 1].get("reread_of")) for entry in history] == [
        (may(8), 1)
    ]


def test_an_edit_that_earlier_code_did_not_see(archive: Archive) -> None:
    put(archive, *(sighting(day, "white", recorded=True) for day in (1, 8)))
    put(archive, sighting(1, "dark", recorded=True), sighting(8, "sweet", recorded=True))
    assert (events(archive), one(archive)["changed_at"]) == ([(8, "edited")], may(8))


def test_an_unchanged_page_shows_what_its_record_shows(archive: Archive) -> None:
    """Check a page whose last response was 304, so that its last sighting has no record."""
    put(archive, sighting(1, "white", recorded=True))
    archive.record_availability([AvailabilityCheck(KP, gone=False, at=may(8))])
    put(archive, sighting(1, "dark", recorded=True))
    document = one(archive)
    assert (document["body"][-11:], document["copies"][0]["history"]) == ("dark bread.", [])
    assert events(archive) == []


def test_a_trivial_edit_after_other_code_read_the_record(archive: Archive) -> None:
    put(archive, sighting(1, "white", recorded=True), sighting(1, "dark", recorded=True))
    put(archive, sighting(9, "", paragraphs=[TEXTS["dark"][0], "It bakes \u201cdark\u201d bread."]))
    assert (one(archive)["revision"], one(archive)["changed_at"]) == (3, None)


def test_code_that_is_taken_back(archive: Archive) -> None:
    for name in ("white", "dark", "white", "sweet"):
        put(archive, *(sighting(day, name, recorded=True) for day in (1, 8)))
    assert (events(archive), one(archive)["body"][-12:]) == ([], "sweet bread.")


def test_a_record_of_another_time_is_a_sighting(archive: Archive) -> None:
    put(archive, *(sighting(day, "white", recorded=True) for day in (1, 15)))
    assert put(archive, sighting(8, "dark", recorded=True)) == ["revised"]
    assert events(archive) == [(8, "edited"), (15, "edited")]


# -- the text, its dateline and its times


def test_an_edit_of_the_dateline_alone(archive: Archive) -> None:
    moved = ["Sinuiju, March 9 (KCNA) -- A bakery was opened.", TEXTS["white"][1]]
    assert put(archive, sighting(1, "white"), sighting(2, "", paragraphs=moved)) == ["inserted", "revised"]
    document = one(archive)
    assert (document["dateline"]["place"], document["changed_at"]) == ("Sinuiju", may(2))
    assert events(archive) == [(2, "edited")]
    assert archive.database["revisions"].find_one({"number": 1})["dateline"]["place"] == "Pyongyang"  # type: ignore[index]


def test_what_else_is_known_of_the_year_is_no_edit(archive: Archive) -> None:
    put(archive, sighting(1, "white"))
    again = sighting(2, "white")
    assert again.dateline
    undated = replace(again, dateline=replace(again.dateline, date=None))
    assert put(archive, undated) == ["unchanged"]


def test_the_edit_of_a_capture_between_two_sightings(archive: Archive) -> None:
    put(archive, sighting(1, "white"), sighting(20, "white"), captured(5, "dark"))
    assert (events(archive), one(archive)["changed_at"]) == ([(5, "edited"), (20, "edited")], may(20))


def test_an_older_sighting_moves_the_time_of_its_revision(archive: Archive) -> None:
    put(archive, sighting(20, "white"), sighting(21, "dark"), captured(5, "white"))
    seen = {r["number"]: r["seen_at"] for r in archive.database["revisions"].find()}
    assert seen == {1: may(5), 2: may(21)}


def test_a_warc_record_ranks_as_its_site(archive: Archive) -> None:
    put(archive, sighting(1, "", WATCH, paragraphs=[*LONG, "A mispritn."]))
    put(archive, replace(sighting(2, "", paragraphs=LONG), capture={"at": may(2), "url": None}))
    assert one(archive)["body"].endswith(LONG[-1])


@pytest.mark.parametrize("newest_first", [False, True])
def test_of_two_pages_of_one_site_the_later_article_is_current(
    archive: Archive, *, newest_first: bool
) -> None:
    base = "http://www.kcna.co.jp/item/2009/200910/news{0}/2009{1}-01ee.html"
    pages = [
        sighting(1, "", base.format(day, f"10{day}"), paragraphs=text, day=f"[2009.10.{day}.]")
        for day, text in ((20, LONG[:-1]), (21, LONG))
    ]
    decide_and_write(archive, pages[:1] if not newest_first else pages[1:])
    decide_and_write(archive, pages[1:] if not newest_first else pages[:1])
    assert len(one(archive)["copies"]) == 2
    assert "number 8" in one(archive)["body"]


def test_a_better_guess_of_the_language(archive: Archive) -> None:
    """Check an article whose text another article of the right language has."""
    text = ["Sin fecha.", "Otra frase."]
    spanish = [replace(sighting(n, "", f"{KP}{n}", paragraphs=text), language="es") for n in (1, 2)]
    put(archive, replace(spanish[0], language="en"), spanish[1])
    assert archive.database["articles"].count_documents({}) == 2
    put(archive, replace(spanish[0], fetched_at=may(3)))
    found = archive.database["articles"].find({}, {"language": 1, "duplicate_index": 1})
    assert {(d["language"], d["duplicate_index"]) for d in found} == {("es", 0), ("es", 1)}


def test_the_text_is_that_of_the_best_copy_after_a_date_changed(archive: Archive) -> None:
    put(archive, sighting(1, "", KP + "1", paragraphs=LONG, day="[2024.3.9.]"))
    put(archive, sighting(2, "", KP + "2", paragraphs=[*LONG, "It ends."], day="[2024.3.10.]"))
    assert one(archive)["body"].endswith("It ends.")
    put(archive, sighting(3, "", KP + "2", paragraphs=[*LONG, "It ends."], day="[2024.3.8.]"))
    assert one(archive)["body"].endswith(LONG[-1])


@pytest.mark.parametrize(
    "seen",
    [
        [(1, "old"), (20, "new"), (18, "new")],
        [(20, "new"), (18, "new"), (1, "old")],
        [(20, "new"), (1, "old"), (18, "new")],
    ],
)
def test_of_two_pages_of_one_site_the_edited_one_is_current(
    archive: Archive, seen: list[tuple[int, str]]
) -> None:
    texts = {"old": LONG, "new": [*LONG, "It is edited."]}
    put(archive, sighting(2, "", KP + "2", paragraphs=[*LONG, "It ends."], day="[2024.3.10.]"))
    for day, name in seen:
        put(archive, sighting(day, "", KP + "1", paragraphs=texts[name], day="[2024.3.9.]"))
    assert one(archive)["body"].endswith("It is edited.")
    assert one(archive)["changed_at"] in (may(18), may(20)), "the change is as old as its first event"


def test_an_edit_that_only_other_code_sees_ranks_its_page_first(archive: Archive) -> None:
    put(archive, sighting(2, "", KP + "2", paragraphs=[*LONG, "It ends."], day="[2024.3.10.]"))
    for day in (1, 8):
        put(archive, sighting(day, "", KP + "1", paragraphs=LONG, day="[2024.3.9.]", recorded=True))
    for day, last in ((1, "It was old."), (8, "It is new.")):
        text = [*LONG, last]
        put(archive, sighting(day, "", KP + "1", paragraphs=text, day="[2024.3.9.]", recorded=True))
    assert (one(archive)["body"][-10:], one(archive)["changed_at"]) == ("It is new.", may(8))


def test_a_trivial_edit_stays_trivial_when_its_record_is_read_again(archive: Archive) -> None:
    put(archive, sighting(1, "", paragraphs=[TEXTS["dark"][0], 'It is "dark".'], recorded=True))
    put(archive, sighting(8, "", paragraphs=[TEXTS["dark"][0], "It is \u201cdark\u201d."]))
    put(archive, sighting(1, "", paragraphs=[*TEXTS["dark"], "A caption."], recorded=True))
    assert one(archive)["changed_at"] is None


def test_lsh_keys_follow_the_date(archive: Archive) -> None:
    late = sighting(1, "", WATCH, paragraphs=LONG, day="April 10, 2024")
    same = sighting(2, "", paragraphs=LONG, day="[2024.3.9.]")
    near = sighting(3, "", KP + "0", paragraphs=[*LONG[:-1], LONG[-1] + " It ends."], day="[2024.3.9.]")
    put(archive, late, same, near)
    assert len(one(archive)["copies"]) == 3


def test_an_equal_text_joins_the_nearest_article(archive: Archive) -> None:
    for day in (1, 5):
        put(archive, sighting(1, "", f"{KP}{day}", paragraphs=_dated(day), day=f"[2024.3.{day}.]"))
    put(archive, sighting(2, "", WATCH, paragraphs=_dated(1), day="March 2, 2024"))
    copies = {d["day"]: len(d["copies"]) for d in archive.database["articles"].find()}
    assert copies == {"2024-03-01": 2, "2024-03-05": 1}


def _dated(day: int) -> list[str]:
    return [f"Pyongyang, March {day} (KCNA) -- It will be fine.", "The wind blows from the sea."]


# -- captures


def test_a_capture_between_two_absences(archive: Archive) -> None:
    put(archive, sighting(1, "white"))
    for day in (10, 25):
        archive.record_availability([AvailabilityCheck(KP, gone=True, at=may(day))])
    put(archive, captured(20, "white"), captured(22, "white"))
    document = one(archive)
    assert events(archive) == [(10, "withdrawn"), (20, "restored"), (25, "withdrawn")]
    assert (document["copies"][0]["status"], document["withdrawn_at"]) == ("gone", may(25))


def test_an_article_of_captures_is_not_known_to_its_site(archive: Archive) -> None:
    put(archive, captured(1, "white"))
    assert list(archive.look_up([KP])[0]) == [KP]
    assert archive.look_up([KP], captures=False, again=False) == ({}, set())
    put(archive, sighting(2, "white"))
    assert list(archive.look_up([KP], captures=False)[0]) == [KP]


def test_a_warc_record_is_due_for_a_recheck_and_a_capture_is_not(archive: Archive) -> None:
    put(archive, captured(1, "white"))
    assert list(archive.due_pages("kcna.kp", 10_000, may(20))) == []
    put(archive, replace(sighting(2, "white", recorded=True), capture={"at": may(2), "url": None}))
    assert [due.page for due in archive.due_pages("kcna.kp", 10_000, may(20))] == [KP]


def test_a_capture_resolves_no_reject_of_the_site(archive: Archive) -> None:
    listed = {"listed": ListingEntry(KP, "Title").as_raw()}
    rejects = [Reject(KP, "kcna.kp", "http_500", "", listed, may(2))]
    archive.save_rejects([*rejects, Reject(KP, "kcna.kp", "no_body", "", {"capture": "x"}, may(2))])
    put(archive, captured(1, "white"))
    resolved = {r["reason"]: r["resolved_at"] for r in archive.rejects.find()}
    assert resolved["http_500"] is None
    assert resolved["no_body"] > may(2), "resolved before it was rejected"
    assert [r["url"] for r in archive.due_rejects("kcna.kp", may(20))] == [KP]
    put(archive, sighting(3, "white"))
    assert archive.due_rejects("kcna.kp", may(20)) == []


def test_a_listing_dates_the_copy_too(archive: Archive) -> None:
    undated = replace(captured(1, "white"), published=may(1).date(), published_from="capture")
    put(archive, undated)
    decide_and_write(archive, [ListingUpdate([KP], [], may(2), dt.date(2026, 3, 9))])
    copy = one(archive)["copies"][0]
    assert (copy["day"], copy["published_from"], copy["revision"]) == ("2026-03-09", "listing", 1)
