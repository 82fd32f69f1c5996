"""A kill between the writes of an article and its revisions: the missing one of the two is completed."""

from __future__ import annotations

import datetime as dt
import os
import platform
from typing import Any

import pytest
from bson import ObjectId

from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.maintenance.recovery import CHUNK, complete
from tests.conftest import snapshot_of
from tests.samples import AT, an_article, article
from tests.system import linux

LATER = AT + dt.timedelta(hours=1)
DEAD = 2**22 + 1  # This is larger than any process id.


def run(archive: Archive, pid: int = DEAD, **changes: Any) -> None:
    """Store a run that never ended."""
    record = {
        "spider": "kcna_kp",
        "started_at": AT,
        "finished_at": None,
        "finish_reason": None,
        "process": {"host": platform.node(), "pid": pid},
    }
    archive.runs.insert_one({**record, **changes})


def test_an_article_without_its_first_revision(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    whole = snapshot_of(archive)
    archive.database["revisions"].delete_many({})
    run(archive)
    assert archive.repair(LATER) == 1
    assert snapshot_of(archive) == whole
    assert archive.repair(LATER) == 0
    assert [r["finish_reason"] for r in archive.runs.find()] == ["killed"]


def test_a_revision_that_its_article_does_not_know(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    before = archive.database["articles"].find_one()
    assert before is not None
    decide_and_write(archive, [article(at=LATER, title="Another Title")])
    whole = snapshot_of(archive)
    changed_at = archive.database["articles"].find_one()["changed_at"]  # type: ignore[index]
    # A kill between the two writes leaves the article in this state.
    archive.database["articles"].replace_one({"_id": before["_id"]}, before)
    run(archive)
    assert archive.repair(LATER) == 1
    assert snapshot_of(archive) == whole
    assert archive.database["articles"].find_one()["changed_at"] == changed_at  # type: ignore[index]


@pytest.mark.parametrize(
    "changes",
    [
        {"pid": os.getppid(), "started_at": dt.datetime.now(dt.UTC)},
        {"finish_reason": "finished"},
        {"process": {"host": "elsewhere", "pid": DEAD}},
    ],
)
def test_a_crawl_that_lives_or_ended_is_left_alone(archive: Archive, changes: dict[str, Any]) -> None:
    decide_and_write(archive, [article()])
    archive.database["revisions"].delete_many({})
    run(archive, **changes)
    assert archive.repair(LATER) == 0


@linux
def test_a_crawl_that_runs_for_weeks(archive: Archive) -> None:
    """Check a long crawl, whose process lives, and a process that got the identifier of a killed one."""
    decide_and_write(archive, [article()])
    archive.database["revisions"].delete_many({})
    now = dt.datetime.now(dt.UTC)
    run(archive, os.getppid(), started_at=now)
    assert archive.repair(now + dt.timedelta(days=19)) == 0
    run(archive, os.getppid(), started_at=now - dt.timedelta(days=400))
    assert archive.repair(now) == 1


def test_a_forgotten_crawl_elsewhere(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    archive.database["revisions"].delete_many({})
    run(archive, process={"host": "elsewhere", "pid": 1})
    assert archive.repair(AT + dt.timedelta(days=4)) == 1


def test_texts_are_added_in_the_order_of_their_numbers(archive: Archive) -> None:
    """Check timestamps of a machine with another clock, in a different order from the numbers."""
    texts = ("The bread is good.", "The bread is bad.", "The bread is gone.")
    decide_and_write(archive, [an_article(body=texts[0])])
    first = archive.database["articles"].find_one()
    assert first is not None
    for minutes, text in enumerate(texts[1:], 1):
        decide_and_write(archive, [an_article(body=text, minutes=minutes)])
    whole = snapshot_of(archive)
    archive.database["articles"].replace_one({"_id": first["_id"]}, first)
    revisions = archive.database["revisions"]
    revisions.update_one({"number": 3}, {"$set": {"stored_at": AT}})
    revisions.update_one({"number": 2}, {"$set": {"stored_at": LATER}})
    others = [
        {
            **revision,
            "_id": f"{key}-2",
            "article": key,
            "number": 2,
            "stored_at": AT + dt.timedelta(minutes=1),
        }
        for revision in [revisions.find_one({"number": 2}) or {}]
        for key in (ObjectId() for _ in range(CHUNK))
    ]
    revisions.insert_many(others)  # With these, the two texts are read in two chunks.
    assert complete(archive.database, AT) == 2
    revisions.delete_many({"_id": {"$in": [other["_id"] for other in others]}})
    assert snapshot_of(archive) == whole


def test_an_older_run_with_the_identifier_of_this_process(archive: Archive) -> None:
    """Check a container that is started again: its process has the same identifier as the killed one."""
    decide_and_write(archive, [article()])
    archive.database["revisions"].delete_many({})
    run(archive, os.getpid())
    assert archive.repair(LATER) == 1
