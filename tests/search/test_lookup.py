"""The texts and changes of an article in the archive file are those of the store."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.export.change_history import changes as stored_changes
from kcna_spider.items import Article
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.search.build import rebuild
from kcna_spider.search.changes import ChangeFilter, changes
from kcna_spider.search.lookup import article, changes_by_month, texts
from kcna_spider.search.reader import Reader
from kcna_spider.store.archive import Archive
from tests.samples import article as sighting

KP, WATCH = "http://www.kcna.kp/en/article/detail/1", "https://kcnawatch.org/newstream/1-1/x/"
LONG = [
    "Pyongyang, March 8 (KCNA) -- A bakery was opened.",
    *(f"Sentence {n} of the report." for n in range(9)),
]
MOVED = ["Sinuiju, March 9 (KCNA) -- A bakery was opened.", *LONG[1:], "It is open."]


def march(day: int) -> dt.datetime:
    """Return a timestamp in March 2026."""
    return dt.datetime(2026, 3, day, 9, tzinfo=dt.UTC)


def seen(day: int, last: str, url: str = KP) -> Article:
    """Return a sighting of a text with this last paragraph."""
    return sighting(url, march(day), paragraphs=[*LONG, last])


def read(archive: Archive, folder: Path, *sightings: Article) -> tuple[Reader, dict[int, dict[str, Any]]]:
    """Store sightings one after the other; return the archive file, and the texts of the only article."""
    for item in sightings:
        decide_and_write(archive, [item])
    rebuild(archive.database, folder / "archive.sqlite", "here", lambda _: None)
    reader = Reader(folder / "archive.sqlite")
    (document,) = archive.database["articles"].find()
    found = article(reader, str(document["_id"]))
    assert found
    return reader, texts(reader, found)


@pytest.mark.parametrize(
    "sightings",
    [
        [seen(9, "It is open."), seen(10, "It is shut."), seen(11, "It is open.")],
        [seen(9, 'It is "open".'), seen(10, "It is \u201copen\u201d.")],
        [seen(9, "It is opne.", WATCH), seen(12, "It is open.")],
        [
            seen(9, "It is open."),
            sighting(
                KP,
                march(10),
                paragraphs=["Sinuiju, March 9 (KCNA) -- A bakery was opened.", *LONG[1:], "It is open."],
            ),
        ],
    ],
    ids=["an edit that is taken back", "a trivial edit", "a better copy", "an edit of the dateline"],
)
def test_texts_are_those_of_the_store(archive: Archive, tmp_path: Path, sightings: list[Article]) -> None:
    reader, found = read(archive, tmp_path, *sightings)
    stored = {
        r["number"]: (r["seen_at"].strftime("%Y-%m-%dT%H:%M:%SZ"), int(r["trivial"]), r["sources"][0]["url"])
        for r in archive.database["revisions"].find()
    }
    assert {
        n: (text["seen_at"][:19] + "Z", text["trivial"], text["url"]) for n, text in found.items()
    } == stored
    listed = stored_changes(archive.database, march(1))
    assert [c["kind"] for c in changes(reader, ChangeFilter(), 9)] == [c.kind for c in listed]
    assert all(c["size"] for c in changes(reader, ChangeFilter(), 9)), "an edit of nothing"
    assert all(c.title_diff or any(part.kind == "new" for part in c.body_diff) for c in listed)
    assert sum(row["events"] for row in changes_by_month(reader)) == len(listed)
