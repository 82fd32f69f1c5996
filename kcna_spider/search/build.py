"""Build the archive file from MongoDB, and update it. Nothing here writes to MongoDB."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database

from kcna_spider.archives.process_pool import Pool
from kcna_spider.export.photo_history import files_of
from kcna_spider.export.rows import Wanted, in_windows
from kcna_spider.file_lock import lock
from kcna_spider.search.about import built_from, is_stale, people_rules, write_about
from kcna_spider.search.people.appearance_overrides import rules_digest
from kcna_spider.search.people_rows import People, Source, people_of, source_of
from kcna_spider.search.tables import (
    INDEXED,
    SCHEMA_VERSION,
    ArchiveFileError,
    create,
    create_indexes,
    is_sound,
    read_only_uri,
    version_of,
)
from kcna_spider.search.writer import Writer
from kcna_spider.store.connection.calls import batched
from kcna_spider.store.connection.reads import Retry, call_once
from kcna_spider.store.model.types import Document
from kcna_spider.text.dates import utc_now

T = TypeVar("T")
_AT_ONCE = 2_000  # articles per transaction of a rebuild
_MANY = 4_000  # articles; with more, separate processes apply the rules for persons
_PROCESSES = 2
# Codes of a file that is not damaged, but cannot be read now; the other bits of a code have details.
_NOT_NOW = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
_PRIMARY = 0xFF
_SQLITE = b"SQLite format 3\0"  # the first bytes of a file
# Modules that each process imports before it begins
_RULES = ["kcna_spider.search.people_rows", "kcna_spider.search.people.event_rules"]
_Read = tuple[list[Document], list[Any], list[Any]]
_UNUSED = {"lsh_keys": 0, "fingerprint": 0, "fingerprints": 0, "duplicate_index": 0, "photo_pages": 0}


@dataclass(slots=True)
class Changes:
    """Numbers of articles that were written, and removed because the store no longer has them."""

    written: int = 0
    removed: int = 0


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Hold the lock of an archive file. Raise ArchiveFileError if another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".lock").open("a", encoding="utf-8") as file:
        try:
            lock(file, "`scrapy index` needs Linux, macOS or WSL", wait=False)
        except BlockingIOError:
            raise ArchiveFileError(f"{path}: another `scrapy index` is writing this file") from None
        yield


def needs_rebuild(path: Path) -> str | None:
    """Return the reason why a file must be rebuilt, or None if it can be updated."""
    if not path.exists():
        return "it does not exist"
    base = sqlite3.connect(read_only_uri(path), uri=True)
    try:
        version = version_of(base)
        if version is None:
            return "it is damaged, or it is no archive file"
        if version != str(SCHEMA_VERSION):
            return f"its schema is {version}, not {SCHEMA_VERSION}"
        if people_rules(base) not in (None, rules_digest()):
            return "the rules for persons and appearances changed"
        return None if is_sound(base) else "it is damaged"
    finally:
        base.close()


def require_archive_file(path: Path) -> None:
    """Raise ArchiveFileError if a file exists that is no archive file: a rebuild would replace it."""
    if not path.exists() or not path.stat().st_size:
        return
    with path.open("rb") as file:
        is_sqlite = file.read(len(_SQLITE)) == _SQLITE
    if is_sqlite:
        base = sqlite3.connect(read_only_uri(path), uri=True)
        try:
            tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & _PRIMARY in _NOT_NOW:
                raise ArchiveFileError(f"{path}: {error}") from None
            return  # damaged
        finally:
            base.close()
        if not tables or "about" in tables:
            return
    raise ArchiveFileError(f"{path}: this is no archive file; name another file, or delete this one")


def rebuild(
    database: Database[Document],
    path: Path,
    place: str,
    progress: Callable[[int], None],
    retry: Retry = call_once,
) -> Changes:
    """Build a new file beside the old one, then replace the old one.

    place: the database, without its password. progress: called with the number of articles written so far.
    retry: calls each function that reads from the database.
    """
    path = path.resolve()  # a symbolic link stays one
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    writer = Writer(new)
    changes = Changes()
    try:
        # An unfinished file is never used, so its writes need not survive a crash.
        writer.base.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000"
        )
        create(writer.base, indexed=False)
        # Read windows of days, because the embedded server sorts a whole result before it sends a document.
        stored = in_windows(database["articles"], "published", Wanted(), {}, retry, _UNUSED)
        found = batched(stored, _AT_ONCE)
        read = ((some, _revisions(database, some, retry), _photos(database, some, retry)) for some in found)
        with _pool(database, retry) as pool:
            for documents, revisions, photos, people in _with_people(_ahead(read), pool):
                writer.write(documents, revisions, photos, people)
                changes.written += len(documents)
                progress(changes.written)
        for index in (f"{name}_{kind}" for name in INDEXED for kind in ("index", "words")):
            writer.base.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
        create_indexes(writer.base)
        writer.group_appearances()
        write_about(writer.base, place, utc_now())
        writer.base.executescript("PRAGMA optimize; PRAGMA journal_mode = WAL")
    except BaseException:
        writer.close()
        new.unlink(missing_ok=True)  # on a full disk, others need the space
        raise
    writer.close()
    _replace(path, new)
    return changes


def _replace(path: Path, new: Path) -> None:
    """Replace a file by a new one, without its write-ahead log, which SQLite would apply to the new file."""
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    new.replace(path)


@contextmanager
def _pool(database: Database[Document], retry: Retry) -> Iterator[Pool]:
    """Yield the process pool that applies the rules for persons; it has no processes for few articles."""
    many = retry(database["articles"].estimated_document_count) > _MANY
    pool = Pool(_PROCESSES if many else 0, _RULES if many else ())
    try:
        yield pool
    finally:
        pool.close()


def _with_people(read: Iterable[_Read], pool: Pool) -> Iterator[tuple[Any, Any, Any, list[People]]]:
    """Yield articles with their revisions, photos, and the results of the rules for persons."""
    waiting: deque[_Read] = deque()

    def sources() -> Iterator[list[Source]]:
        for some in read:
            waiting.append(some)
            yield [source_of(document) for document in some[0]]

    for people in pool.map(people_of, sources()):
        yield (*waiting.popleft(), people)


def _ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield items; a thread gets the next item while the caller works on the current one."""
    with ThreadPoolExecutor(1) as thread:
        following = thread.submit(next, items, None)
        while (item := following.result()) is not None:
            following = thread.submit(next, items, None)
            yield item


def update(database: Database[Document], writer: Writer, place: str, retry: Retry = call_once) -> Changes:
    """Write the articles whose versions in store and file differ, and remove those that the store lacks.

    place: the database, without its password. retry: calls each function that reads from the database.
    """
    held = writer.load_numbers()
    stored = retry(
        lambda: {str(d["_id"]): d["version"] for d in database["articles"].find({}, {"version": 1})}
    )
    changed = [ObjectId(key) for key, version in stored.items() if held.get(key) != version]
    changes = Changes(write_articles(database, writer, changed, retry))
    gone = [key for key in held if key not in stored]
    if gone:
        writer.remove(gone)
        changes.removed = len(gone)
    if is_stale(writer.base) or built_from(writer.base) != place:
        write_about(writer.base, place, utc_now())
    return changes


def write_articles(
    database: Database[Document], writer: Writer, keys: Iterable[ObjectId], retry: Retry = call_once
) -> int:
    """Write articles as they are in the store now; return their number. keys: their ids."""
    number = 0
    for some in batched(dict.fromkeys(keys)):
        documents = retry(partial(_with_ids, database["articles"], some, _UNUSED))
        if documents:
            writer.write(
                documents, _revisions(database, documents, retry), _photos(database, documents, retry)
            )
            number += len(documents)
    return number


def open_writer(path: Path) -> Writer:
    """Open a current file for writing, with a log that lets readers see only complete transactions."""
    writer = Writer(path)
    writer.base.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 60000"
    )
    return writer


def _with_ids(
    collection: Collection[Document], keys: Sequence[Any], projection: Document | None = None
) -> list[Document]:
    return list(collection.find({"_id": {"$in": keys}}, projection))


def _revisions(database: Database[Document], documents: Sequence[Document], retry: Retry) -> list[Any]:
    """Return all revisions of the articles that have several texts."""
    several = [document for document in documents if len(document["texts"]) > 1]
    names = [f"{d['_id']}-{number}" for d in several for number in range(1, len(d["texts"]) + 1)]
    return [
        revision
        for some in batched(names)
        for revision in retry(partial(_with_ids, database["revisions"], some))
    ]


def _photos(database: Database[Document], documents: Sequence[Document], retry: Retry) -> list[Any]:
    """Return the documents of the current and former files of the articles' photos."""
    names = dict.fromkeys(sha256 for document in documents for sha256 in files_of(document))
    return [
        photo
        for some in batched(names)
        for photo in retry(partial(_with_ids, database["photos"], some, {"exif": 0}))
    ]
