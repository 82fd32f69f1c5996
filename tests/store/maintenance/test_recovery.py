"""What a kill leaves between an article and its revisions is completed, whichever of the two was written."""

from __future__ import annotations

import datetime as dt
import platform
from typing import Any

import pytest

from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from tests.conftest import snapshot_of
from tests.samples import AT, article

LATER = AT + dt.timedelta(hours=1)
DEAD = 2**22 + 1  # above the largest number of a process


def run(archive: Archive, pid: int = DEAD, **changes: Any) -> None:
    """A run that never ended."""
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
    archive.database["articles"].replace_one(
        {"_id": before["_id"]}, before
    )  # as if the kill had come in between
    run(archive)
    assert archive.repair(LATER) == 1
    assert snapshot_of(archive) == whole
    assert archive.database["articles"].find_one()["changed_at"] == changed_at  # type: ignore[index]


@pytest.mark.parametrize(
    "changes", [{"pid": 1}, {"finish_reason": "finished"}, {"process": {"host": "elsewhere", "pid": DEAD}}]
)
def test_a_crawl_that_lives_or_ended_is_left_alone(archive: Archive, changes: dict[str, Any]) -> None:
    decide_and_write(archive, [article()])
    archive.database["revisions"].delete_many({})
    run(archive, **changes)
    assert archive.repair(LATER) == 0


def test_a_forgotten_crawl_elsewhere(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    archive.database["revisions"].delete_many({})
    run(archive, process={"host": "elsewhere", "pid": 1})
    assert archive.repair(AT + dt.timedelta(days=4)) == 1
