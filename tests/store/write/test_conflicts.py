"""Conflicts with faster writers: a writer retries for a limited time, then fails with a clear line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kcna_spider.exceptions import StoreError
from kcna_spider.items import AvailabilityCheck, ListingUpdate
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.maintenance.recovery import complete
from kcna_spider.store.model.documents import new_version
from kcna_spider.store.write import conflicts
from tests.mongodb_proxy import Action, Change
from tests.samples import AT, article
from tests.store.write.test_lock import KP, WATCH, proxied

LATER = AT + dt.timedelta(hours=1)
OTHER: dict[str, Any] = {
    "title": "Second Title",
    "paragraphs": ["Quite another text stands here, after the edit of the story."],
}


def test_completing_a_revision_whose_text_another_article_takes(
    archive: Archive, store: StoreSettings
) -> None:
    """Check an incomplete revision 2, while the same text is stored at another URL."""
    decide_and_write(archive, [article()])
    before = archive.database["articles"].find_one()
    assert before
    decide_and_write(archive, [article(at=LATER, **OTHER)])
    archive.database["articles"].replace_one({"_id": before["_id"]}, before)
    stored: list[str] = []

    def store_elsewhere(answer: dict[str, Any]) -> dict[str, Any]:
        stored.extend(decide_and_write(archive, [article(WATCH, at=LATER, **OTHER)]))
        return answer

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        number_read = name == "find" and command.get("projection") == {"duplicate_index": 1}
        return Change(store_elsewhere) if number_read and not stored else None

    with proxied(store) as (proxy, slow):
        proxy.rule = rule
        assert complete(slow.database, AT) == 1
    assert stored == ["inserted"]
    articles = {d["copies"][0]["url"]: d for d in archive.database["articles"].find()}
    assert (articles[KP]["title"], articles[KP]["revision"], articles[KP]["duplicate_index"]) == (
        "Second Title",
        2,
        1,
    )
    assert articles[WATCH]["duplicate_index"] == 0


def always_faster(archive: Archive) -> Any:
    """Return a rule with which another writer changes an article before each of its writes."""

    def rule(name: str, command: dict[str, Any]) -> None:
        if name == "update" and command["update"] == "articles":
            archive.database["articles"].update_many({}, {"$set": {"version": new_version()}})

    return rule


def test_a_lasting_conflict_ends_by_time(
    archive: Archive, store: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide_and_write(archive, [article()])
    monkeypatch.setattr(conflicts, "SECONDS", 0.3)
    with proxied(store) as (proxy, slow):
        proxy.rule = always_faster(archive)
        with pytest.raises(StoreError, match=f"^{KP}: other writers changed the article before each of"):
            decide_and_write(slow, [article(at=LATER)])
        with pytest.raises(StoreError, match=f"^{KP}: other writers"):
            slow.record_availability([AvailabilityCheck(KP, gone=True, at=LATER)])
        assert 2 * 5 <= proxy.commands["update"] < 50


def test_a_redating_that_conflicts_ends_by_time(
    archive: Archive, store: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sighting = article()
    sighting.published_from = "capture"
    decide_and_write(archive, [sighting])
    monkeypatch.setattr(conflicts, "SECONDS", 0.3)
    update = ListingUpdate([KP], [], LATER, dt.date(2024, 3, 8))
    with proxied(store) as (proxy, slow):
        proxy.rule = always_faster(archive)
        with pytest.raises(StoreError, match=f"^{KP}: other writers"):
            decide_and_write(slow, [update])
    assert decide_and_write(archive, [update]) == ["kept"]
    document = archive.database["articles"].find_one()
    assert document
    assert document["published_from"] == "listing"


def test_an_outage_within_the_first_attempts_is_no_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "SECONDS", 0)
    pauses = conflicts.ConflictPauses()
    for _ in range(4):
        pauses.pause("x")
    with pytest.raises(StoreError, match="x: other writers changed the article before each of 5 "):
        pauses.pause("x")


def test_pauses_grow_to_a_limit() -> None:
    pauses = conflicts.growing_pauses(0.02, 0.5)
    lengths = [next(pauses) for _ in range(12)]
    assert 0.015 <= lengths[0] <= 0.02
    assert all(0.375 <= length <= 0.5 for length in lengths[-4:])


@pytest.mark.parametrize("code", [64, 91])
def test_an_insert_that_is_stored_though_its_answer_was_an_error(
    archive: Archive, store: StoreSettings, code: int
) -> None:
    inserts: list[int] = []

    def unconfirmed(answer: dict[str, Any]) -> dict[str, Any]:
        return answer | {"writeConcernError": {"code": code, "errmsg": "waiting for replication timed out"}}

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        if name == "insert" and command["insert"] == "articles":
            inserts.append(1)
            return Change(unconfirmed) if len(inserts) == 1 else None
        return None

    with proxied(store) as (proxy, slow):
        proxy.rule = rule
        assert decide_and_write(slow, [article()]) == ["inserted"]
    assert len(inserts) == 2
    assert archive.database["articles"].count_documents({}) == 1
    (revision,) = archive.database["revisions"].find()
    assert [source["url"] for source in revision["sources"]] == [KP]
