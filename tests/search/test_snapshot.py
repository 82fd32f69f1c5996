"""The archive file is read only if its contents equal those of the database."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kcna_spider.export.rows import Wanted
from kcna_spider.search import build
from kcna_spider.search.snapshot import NotCurrentError, Snapshot, make_while_compared, open_current
from kcna_spider.search.tables import ArchiveFileError, create
from kcna_spider.store.archive import Archive
from tests.search.stored import PLACE, change, fill

ALL = Wanted()


@pytest.fixture
def path(archive: Archive, tmp_path: Path) -> Path:
    """Return the file of a filled archive."""
    fill(archive)
    found = tmp_path / "archive.sqlite"
    build.rebuild(archive.database, found, PLACE, lambda _: None)
    return found


def opens(archive: Archive, path: Path, wanted: Wanted = ALL, place: str = PLACE) -> bool:
    with closing(open_current(path, archive.database, place, wanted)):
        return True


def test_a_current_file_is_opened(archive: Archive, path: Path) -> None:
    assert opens(archive, path)
    assert opens(archive, path, Wanted(dt.date(2024, 2, 1), dt.date(2024, 3, 1)))
    assert opens(archive, path, Wanted(dt.date.min, dt.date.max))


@pytest.mark.parametrize("how", ["added", "changed", "removed"])
def test_a_stale_file_is_not_used_until_it_is_updated(archive: Archive, path: Path, how: str) -> None:
    change(archive, how)
    with pytest.raises(NotCurrentError, match=r"is not current: run `scrapy index`"):
        opens(archive, path)
    with closing(build.open_writer(path)) as writer:
        build.update(archive.database, writer, PLACE)
    assert opens(archive, path)


def test_only_the_wanted_days_are_compared(archive: Archive, path: Path) -> None:
    change(archive, "changed")  # This is an article of 9 February.
    assert opens(archive, path, Wanted(since=dt.date(2024, 2, 10)))
    assert opens(archive, path, Wanted(until=dt.date(2024, 2, 8)))
    for wanted in (Wanted(since=dt.date(2024, 2, 9)), Wanted(until=dt.date(2024, 2, 9))):
        with pytest.raises(NotCurrentError):
            opens(archive, path, wanted)


def test_a_file_of_another_database_is_not_used_until_it_is_updated(archive: Archive, path: Path) -> None:
    with pytest.raises(NotCurrentError, match=r"was built from a database, not from another: run"):
        opens(archive, path, place="another")
    with closing(build.open_writer(path)) as writer:
        assert build.update(archive.database, writer, "another") == build.Changes()
    assert opens(archive, path, place="another")


@pytest.mark.parametrize(
    "table", ["articles", "articles_published", "texts", "copies", "copies_article", "categories"]
)
def test_a_damaged_file_is_not_used(archive: Archive, path: Path, table: str) -> None:
    base = sqlite3.connect(path)
    (root,) = base.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    base.close()
    body = bytearray(path.read_bytes())
    start = (root - 1) * 16384
    body[start : start + 16384] = b"\x5a" * 16384
    path.write_bytes(body)
    with pytest.raises(NotCurrentError, match=r"malformed|damaged"):
        opens(archive, path)


def test_what_is_no_archive_file_is_not_used(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    path.write_text("no database")
    with pytest.raises(NotCurrentError, match="no archive file of this version: run `scrapy index`"):
        opens(archive, path)
    path.unlink()
    base = sqlite3.connect(path)
    create(base)
    base.execute("UPDATE about SET value = '1' WHERE name = 'schema'")
    base.commit()
    base.close()
    with pytest.raises(NotCurrentError, match="no archive file of this version"):
        opens(archive, path)


def test_what_is_read_is_what_was_compared(archive: Archive, path: Path) -> None:
    """Check that a concurrent update changes nothing in an open snapshot."""
    with closing(open_current(path, archive.database, PLACE, Wanted())) as snapshot:
        before = sorted(snapshot.rows("SELECT id, version FROM articles"))
        change(archive, "changed")
        with closing(build.open_writer(path)) as writer:
            assert build.update(archive.database, writer, PLACE).written == 1
        assert sorted(snapshot.rows("SELECT id, version FROM articles")) == before
    assert opens(archive, path)


def test_an_index_that_differs_from_its_table_is_damage(archive: Archive, path: Path) -> None:
    base = sqlite3.connect(path)
    columns = "SET sql = replace(sql, '(published)', '(title)') WHERE name = 'articles_published'"
    base.execute("PRAGMA writable_schema = ON")
    base.execute(f"UPDATE sqlite_master {columns}")
    base.commit()
    base.close()
    with pytest.raises(NotCurrentError, match="is damaged: run `scrapy index`"):
        opens(archive, path)


def number_of_articles(snapshot: Snapshot) -> int:
    (row,) = snapshot.rows("SELECT count(*) FROM articles")
    return int(row[0])


def test_what_is_made_while_comparing_counts_only_if_they_agree(archive: Archive, path: Path) -> None:
    number = make_while_compared(path, archive.database, PLACE, number_of_articles)
    assert number == archive.database["articles"].count_documents({}) > 0
    change(archive, "added")
    with pytest.raises(NotCurrentError, match="is not current"):
        make_while_compared(path, archive.database, PLACE, number_of_articles)
    with pytest.raises(NotCurrentError, match="was built from"):
        make_while_compared(path, archive.database, "another", number_of_articles)


def test_a_file_that_cannot_be_read_while_comparing_is_not_used(archive: Archive, path: Path) -> None:
    def fail(_: Snapshot) -> None:
        raise ArchiveFileError("disk I/O error")

    with pytest.raises(NotCurrentError, match="disk I/O error"):
        make_while_compared(path, archive.database, PLACE, fail)
