"""The archive file of a real database: built, updated, followed, and built again after damage."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from bson import ObjectId

from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.search import build, tables
from kcna_spider.search.build import Changes, open_writer, write_articles
from kcna_spider.search.follow import follow
from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import condition
from kcna_spider.search.tables import ArchiveFileError
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.processes import wait_until
from tests.samples import article
from tests.system import linux


def write(archive: Archive, *numbers: int, text: str = "A bakery opened.") -> None:
    decide_and_write(
        archive,
        [
            article(
                f"http://www.kcna.kp/en/article/detail/{n}",
                title=f"Title {n}",
                categories=["World", "Economy"],
                paragraphs=[f"{text} It is number {n}."],
            )
            for n in numbers
        ],
    )


def make(archive: Archive, path: Path) -> Changes:
    return build.rebuild(archive.database, path, "a test", lambda _: None)


def update(archive: Archive, path: Path) -> Changes:
    writer = build.open_writer(path)
    changes = build.update(archive.database, writer, "a test")
    writer.close()
    return changes


def count(path: Path, query: str) -> int:
    reader = Reader(path)
    found = reader.count(condition(parse(query)))
    reader.close()
    return found


def agrees(archive: Archive, path: Path) -> bool:
    """Return whether the file has the articles, texts and copies of the store, and intact indexes."""
    base = sqlite3.connect(path)
    try:
        for index in ("article_index", "article_words", "revision_index", "revision_words"):
            base.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
        held = {
            row[0]: row[1:]
            for row in base.execute(
                "SELECT id, version, title, body, (SELECT count(*) FROM copies c WHERE c.article = a.number) "
                "FROM articles a JOIN texts ON texts.article = a.number"
            )
        }
        (indexed,) = base.execute("SELECT count(*) FROM article_index_docsize").fetchone()
    finally:
        base.close()
    stored = {
        str(d["_id"]): (d["version"], d["title"], d["body"], len(d["copies"]))
        for d in archive.database["articles"].find()
    }
    return held == stored and indexed == len(stored)


def test_made_and_brought_up_to_date(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    assert build.needs_rebuild(path) == "it does not exist"
    write(archive, *range(300))
    assert make(archive, path) == Changes(written=300)
    assert build.needs_rebuild(path) is None
    assert agrees(archive, path)
    assert update(archive, path) == Changes()
    write(archive, 1, 2, text="A zeppelin landed.")
    write(archive, 900)
    assert update(archive, path) == Changes(written=3)
    assert agrees(archive, path)
    assert (count(path, "zeppelin"), count(path, "bakery"), count(path, "once:bakery")) == (2, 299, 301)
    assert count(path, "changed:yes") == 2


def test_a_kill_before_the_numbers_are_written(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    write(archive, 1, 2)
    make(archive, path)
    write(archive, 3)
    with closing(open_writer(path)) as writer:
        writer.load_numbers()
        write_articles(archive.database, writer, [d["_id"] for d in archive.database["articles"].find()])
    with closing(Reader(path)) as reader:
        assert reader.about()["articles"] == "2"
    assert update(archive, path) == Changes()
    with closing(Reader(path)) as reader:
        assert reader.about()["articles"] == "3"
        assert "3 articles" in reader.about()["how_to_cite"]
        assert "stale" not in reader.about()


@linux
def test_a_folder_that_cannot_be_written_to(archive: Archive, tmp_path: Path) -> None:
    """Check the file of an archive on a read-only disk, which SQLite would not open otherwise."""
    folder = tmp_path / "disk"
    folder.mkdir()
    write(archive, 1, 2)
    make(archive, folder / "archive.sqlite")
    folder.chmod(0o555)
    script = (
        "import sys; from pathlib import Path; from kcna_spider.search.reader import Reader; "
        "print(Reader(Path(sys.argv[1])).about()['articles'])"
    )
    command = [sys.executable, "-c", script, str(folder / "archive.sqlite")]
    # root may write everywhere, unless it gives up this capability
    drop = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if os.getuid() == 0 else []
    done = subprocess.run([*drop, *command], capture_output=True, text=True, check=False)
    folder.chmod(0o755)
    assert done.stdout == "2\n", done.stderr


def test_a_search_in_a_damaged_file_is_one_line(archive: Archive, tmp_path: Path, scrapy: Crawler) -> None:
    path = tmp_path / "archive.sqlite"
    write(archive, 1, 2)
    make(archive, path)
    body = bytearray(path.read_bytes())
    body[len(body) // 3 :] = bytes(len(body) - len(body) // 3)
    path.write_bytes(body)
    done = scrapy("search", "bakery", "--file", str(path))
    assert done.code == 2
    assert "Traceback" not in done.output


def test_another_database_under_the_same_file(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    write(archive, 1, 2)
    make(archive, path)
    archive.database["articles"].delete_many({})
    write(archive, 3)
    assert update(archive, path) == Changes(written=1, removed=2)
    assert agrees(archive, path)


def test_damaged_or_of_another_version_it_is_made_anew(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    write(archive, *range(200))
    make(archive, path)
    body = bytearray(path.read_bytes())
    middle = len(body) // 2
    body[middle : middle + 40_000] = bytes(40_000)
    path.write_bytes(body)
    assert build.needs_rebuild(path) == "it is damaged"
    path.write_text("no database")
    assert build.needs_rebuild(path) == "it is damaged, or it is no archive file"
    with pytest.raises(ArchiveFileError, match="build it with `scrapy index`"):
        Reader(path)
    make(archive, path)
    base = sqlite3.connect(path)
    base.execute("UPDATE about SET value = '0' WHERE name = 'schema'")
    base.commit()
    base.close()
    assert build.needs_rebuild(path) == f"its schema is 0, not {tables.SCHEMA_VERSION}"


def test_other_files_are_not_replaced(archive: Archive, tmp_path: Path, scrapy: Crawler) -> None:
    write(archive, 1)
    notes, foreign, empty = (tmp_path / name for name in ("notes.txt", "foreign.sqlite", "empty.sqlite"))
    notes.write_text("my notes")
    with closing(sqlite3.connect(foreign)) as base:
        base.execute("CREATE TABLE mine (value)")
    empty.touch()
    for path in (notes, foreign):
        before = path.read_bytes()
        for arguments in ((), ("--rebuild",)):
            done = scrapy("index", "--file", str(path), *arguments)
            assert done.code == 2
            assert f"{path}: this is no archive file; name another file" in done.output
        assert path.read_bytes() == before
    with closing(sqlite3.connect(foreign, isolation_level=None)) as base:
        base.execute("BEGIN EXCLUSIVE")
        assert "database is locked" in scrapy("index", "--file", str(foreign)).output
    assert scrapy("index", "--file", str(empty)).code == 0
    assert count(empty, "bakery") == 1


def test_a_rebuild_that_fails_leaves_nothing(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    write(archive, 1)
    monkeypatch.setattr(build, "create_indexes", full)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        make(archive, tmp_path / "archive.sqlite")
    assert not list(tmp_path.iterdir())


def test_a_symbolic_link_stays_one(archive: Archive, tmp_path: Path) -> None:
    write(archive, 1)
    (tmp_path / "disk").mkdir()
    link = tmp_path / "archive.sqlite"
    link.symlink_to(tmp_path / "disk" / "archive.sqlite")
    make(archive, link)
    make(archive, link)
    assert link.is_symlink()
    assert count(link, "bakery") == 1
    assert (tmp_path / "disk" / "archive.sqlite").is_file()


def test_nothing_is_written_to_the_store(archive: Archive, tmp_path: Path) -> None:
    write(archive, 1, 2)
    before = {name: list(archive.database[name].find()) for name in archive.database.list_collection_names()}
    make(archive, tmp_path / "archive.sqlite")
    update(archive, tmp_path / "archive.sqlite")
    assert before == {
        name: list(archive.database[name].find()) for name in archive.database.list_collection_names()
    }


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "archive.sqlite"
    with (
        build.only_writer(path),
        pytest.raises(ArchiveFileError, match="another `scrapy index`"),
        build.only_writer(path),
    ):
        pass


@contextmanager
def following(archive: Archive, path: Path) -> Iterator[None]:
    """Follow the store in a thread."""
    stopping = threading.Event()
    thread = threading.Thread(target=follow, args=(archive.database, path, "a test", stopping.is_set))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(20)
    assert not thread.is_alive()


def test_a_new_article_is_found_soon(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    write(archive, 1)
    make(archive, path)
    write(archive, 2)
    with following(archive, path):
        wait_until(lambda: count(path, "bakery") == 2)
        write(archive, 3)
        wait_until(lambda: count(path, "bakery") == 3)
        write(archive, 3, text="A zeppelin landed.")
        wait_until(lambda: count(path, "zeppelin") == 1)
    assert agrees(archive, path)


def test_the_version_of_an_article_decides(archive: Archive, tmp_path: Path) -> None:
    """Check that a category of a listing reaches the file, although it changes no text."""
    path = tmp_path / "archive.sqlite"
    write(archive, 1)
    make(archive, path)
    key = archive.database["articles"].find_one({})["_id"]  # type: ignore[index]
    assert isinstance(key, ObjectId)
    archive.database["articles"].update_one(
        {"_id": key}, {"$push": {"categories": "New"}, "$set": {"version": "other"}}
    )
    assert update(archive, path) == Changes(written=1)
    assert count(path, "category:New") == 1
