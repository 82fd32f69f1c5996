"""The photos of articles in the archive file: built, updated and removed with their articles."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from kcna_spider.search import build
from kcna_spider.search.build import Changes
from kcna_spider.search.changes import KINDS, ChangeFilter, changes
from kcna_spider.search.reader import Reader
from kcna_spider.search.similar_photos import byte_rows
from kcna_spider.store.archive import Archive
from tests.stored_photos import (
    ALTERED,
    BACK,
    CAPTION,
    ELSEWHERE,
    FIRST,
    GONE,
    HASHES,
    LAST,
    SECOND,
    fill_photos,
    photo,
    photo_document,
    sha256,
)

TABLES = ("photos", "photo_bytes", "article_photos", "photo_changes", "photo_uses", "events")


def make(archive: Archive, path: Path) -> None:
    build.rebuild(archive.database, path, "a test", lambda _: None)


def update(archive: Archive, path: Path) -> Changes:
    with closing(build.open_writer(path)) as writer:
        return build.update(archive.database, writer, "a test")


def held(path: Path) -> dict[str, list[Any]]:
    """Return the rows of each table, with the identifiers of articles in place of their numbers."""
    with closing(sqlite3.connect(path)) as base:
        names = dict(base.execute("SELECT number, id FROM articles"))
        found = {}
        for table in TABLES:
            columns = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
            rows = [dict(zip(columns, row, strict=True)) for row in base.execute(f"SELECT * FROM {table}")]
            for row in rows:
                if "article" in row:
                    row["article"] = names[row["article"]]
            found[table] = sorted(rows, key=repr)
        return found


def change(archive: Archive, url: str, **fields: Any) -> None:
    done = archive.database["articles"].update_one(
        {"copies.url": url}, {"$set": {**fields, "version": repr(fields)[:30]}}
    )
    assert done.modified_count == 1


def test_every_table(archive: Archive, tmp_path: Path) -> None:
    fill_photos(archive)
    make(archive, tmp_path / "archive.sqlite")
    rows = held(tmp_path / "archive.sqlite")
    assert {row["sha256"]: row["phash"] for row in rows["photos"]} == {
        sha256(name): f"{phash:016x}" for name, phash in HASHES.items()
    }
    assert {
        (row["url"], row["sha256"], row["status"], row["position"]) for row in rows["article_photos"]
    } == {
        (ALTERED, sha256("after"), "live", 1),
        (GONE, sha256("gone"), "gone", 2),
        (BACK, sha256("back"), "live", 3),
        (ELSEWHERE, sha256("elsewhere"), "live", 1),
        (f"{ELSEWHERE}?2", sha256("back"), "live", 2),
    }
    assert [row["caption"] for row in rows["article_photos"] if row["url"] == ALTERED] == [CAPTION]
    assert [(row["url"], row["before"], row["after"]) for row in rows["photo_changes"]] == [
        (ALTERED, sha256("before"), sha256("after"))
    ]
    assert sorted(row["current"] for row in rows["photo_uses"]) == [0, 1, 1, 1, 1, 1]
    assert {(row["place"], row["value"], row["phash"]) for row in rows["photo_bytes"]} == {
        row for phash in HASHES.values() for row in byte_rows(f"{phash:016x}")
    }
    events = [(row["kind"], row["sha256_before"], row["sha256_after"]) for row in rows["events"]]
    assert ("photo_altered", sha256("before"), sha256("after")) in events
    assert ("photo_gone", sha256("gone"), None) in events
    assert {row["before"] for row in rows["events"]} == {None}, "an event of a photo has the number of a text"


def test_an_update_equals_a_rebuild(archive: Archive, tmp_path: Path) -> None:
    """Check a changed photo, one that is removed with its article, and a file that was seen again."""
    path, other = tmp_path / "archive.sqlite", tmp_path / "other.sqlite"
    fill_photos(archive)
    make(archive, path)
    before = held(path)
    assert update(archive, path) == Changes()
    archive.database["photos"].insert_one(photo_document("new", HASHES["elsewhere"] ^ 1))
    archive.database["photos"].update_one(
        {"_id": sha256("back")}, {"$set": {"last_seen": LAST.replace(day=9)}}
    )
    change(archive, SECOND, photos=[photo(ELSEWHERE, "new"), photo(f"{ELSEWHERE}?2", "back", 2)])
    assert update(archive, path) == Changes(written=1)
    make(archive, other)
    assert held(path) == held(other) != before
    assert sha256("elsewhere") not in {row["sha256"] for row in held(path)["photos"]}
    archive.database["articles"].delete_one({"copies.url": FIRST})
    assert update(archive, path) == Changes(removed=1)
    make(archive, other)
    assert held(path) == held(other)
    assert {row["sha256"] for row in held(path)["photos"]} == {sha256("new"), sha256("back")}


def test_a_file_that_the_store_lacks(archive: Archive, tmp_path: Path) -> None:
    """Check that the article's photo is kept after a kill between two writes."""
    fill_photos(archive)
    archive.database["photos"].delete_one({"_id": sha256("gone")})
    make(archive, tmp_path / "archive.sqlite")
    rows = held(tmp_path / "archive.sqlite")
    assert GONE in [row["url"] for row in rows["article_photos"]]
    assert len(rows["photos"]) == len(HASHES) - 1


def test_changes_of_photos_by_kind(archive: Archive, tmp_path: Path) -> None:
    fill_photos(archive)
    make(archive, tmp_path / "archive.sqlite")
    with closing(Reader(tmp_path / "archive.sqlite")) as reader:
        found = {kind: changes(reader, ChangeFilter(kind), 10) for kind in KINDS}
        assert {kind: len(some) for kind, some in found.items() if some} == {
            "photo_altered": 1,
            "photo_gone": 2,
            "photo_back": 1,
        }
        (altered,) = found["photo_altered"]
        assert (altered["url"], altered["size"], altered["sha256_before"]) == (
            ALTERED,
            None,
            sha256("before"),
        )
        assert changes(reader, ChangeFilter(size=1), 10) == []
