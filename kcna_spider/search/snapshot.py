"""The archive file as a source of reports and exports, used only if it has the same articles as MongoDB.

Every write of an article gives it a new `version`, so a file with the ids and versions of the store has the
same articles. All reads of a snapshot are one transaction, so the articles read are those that were compared.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from pymongo.database import Database

from kcna_spider.export.rows import Wanted
from kcna_spider.search.about import built_from
from kcna_spider.search.tables import SCHEMA_VERSION, ArchiveFileError, read_only_uri, version_of
from kcna_spider.store.model.types import Document
from kcna_spider.text.dates import midnight

T = TypeVar("T")
_READ = ("articles", "texts", "copies", "categories", "article_photos")
_A_DAY = dt.timedelta(days=1)


class NotCurrentError(ArchiveFileError):
    """The articles of the archive file differ from those of the database. The message says what to do."""


class Snapshot:
    """A read-only view of an archive file at one point in time. The caller must close it.

    Raise NotCurrentError if the file has another schema version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.base = sqlite3.connect(read_only_uri(path), uri=True, isolation_level=None)
        if version_of(self.base) != str(SCHEMA_VERSION):
            self.base.close()
            raise NotCurrentError(f"{path} is no archive file of this version: run `scrapy index`")
        self.base.execute("BEGIN")

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self.base.close()

    def rows(self, statement: str, parameters: Any = ()) -> Iterator[Any]:
        """Yield the rows of a statement. Raise ArchiveFileError if the file cannot be read."""
        try:
            yield from self.base.execute(statement, parameters)
        except sqlite3.DatabaseError as error:
            raise ArchiveFileError(f"{self.path}: {error}; run `scrapy index`") from error


def open_current(path: Path, database: Database[Document], place: str, wanted: Wanted) -> Snapshot:
    """Open an archive file that has the same articles of a period as the database.

    place: the database as `scrapy index` names it. wanted: only its days are used. Raise NotCurrentError.
    """
    snapshot = _open_sound(path, place)
    try:
        _compare(path, _held(snapshot, wanted), database, wanted)
    except BaseException:
        snapshot.close()
        raise
    return snapshot


def make_while_compared(
    path: Path, database: Database[Document], place: str, make: Callable[[Snapshot], T]
) -> T:
    """Return the result of `make` for an archive file that has the same articles as the database.

    `make` runs while the server reads the versions; its result is discarded if they differ. place: the
    database as `scrapy index` names it. Raise NotCurrentError.
    """
    with closing(_open_sound(path, place)) as snapshot, ThreadPoolExecutor(1) as pool:
        compared = pool.submit(_compare, path, _held(snapshot, Wanted()), database, Wanted())
        try:
            made = make(snapshot)
        except ArchiveFileError as error:
            raise NotCurrentError(str(error)) from None
        compared.result()
        return made


def _open_sound(path: Path, place: str) -> Snapshot:
    """Open a file that was built from a database and whose tables to read are not damaged."""
    snapshot = Snapshot(path)
    try:
        origin = built_from(snapshot.base)
        if origin != place:
            raise NotCurrentError(f"{path} was built from {origin}, not from {place}: run `scrapy index`")
        for table in _READ:
            if next(snapshot.rows(f"PRAGMA integrity_check({table})"))[0] != "ok":
                raise NotCurrentError(f"{path} is damaged: run `scrapy index`")
    except (ArchiveFileError, sqlite3.DatabaseError) as error:
        snapshot.close()
        raise NotCurrentError(str(error)) from None
    return snapshot


def _held(snapshot: Snapshot, wanted: Wanted) -> dict[str, str]:
    """Return the version of each article of a period in the file, by its id."""
    where, days = of_period(wanted)
    return dict(snapshot.rows(f"SELECT id, version FROM articles a WHERE {where}", days))


def _compare(path: Path, held: dict[str, str], database: Database[Document], wanted: Wanted) -> None:
    """Raise NotCurrentError if the stored articles of a period have other versions.

    held: versions in the file by id; it is emptied.
    """
    # An article that the server returns twice counts as a difference, like one that it does not return.
    if any(held.pop(key, None) != version for key, version in _stored(database, wanted)) or held:
        raise NotCurrentError(f"{path} is not current: run `scrapy index`")


def of_period(wanted: Wanted) -> tuple[str, list[str]]:
    """Return the condition on `articles a` for the days of publication, and its parameters."""
    bounds = [(sign, day.isoformat()) for sign, day in ((">=", wanted.since), ("<=", wanted.until)) if day]
    where = " AND ".join(f"a.published {sign} ?" for sign, _ in bounds)
    return where or "1", [day for _, day in bounds]


def _stored(database: Database[Document], wanted: Wanted) -> Iterator[tuple[str, str]]:
    """Yield id and version of each stored article of a period."""
    query: Document = {}
    if wanted.since or wanted.until:  # some servers stop early only with two bounds
        last = min(wanted.until or dt.date.max, dt.date.max - _A_DAY)
        query["published"] = {"$gte": midnight(wanted.since or dt.date.min), "$lt": midnight(last) + _A_DAY}
    for document in database["articles"].find(query, {"version": 1}):
        yield str(document["_id"]), document["version"]
