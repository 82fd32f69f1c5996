"""Search the archive file. Every connection is read-only, and every statement has a time limit."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kcna_spider.search.query import QueryError
from kcna_spider.search.sql import Condition
from kcna_spider.search.tables import SCHEMA_VERSION, ArchiveFileError, read_only_uri, version_of
from kcna_spider.search.tokens import folded

MANY = 2_000  # hits; with more, reading the index of days is faster than sorting
_STEPS = 10_000  # instructions of SQLite's virtual machine between two checks of the time limit
_HIT = (
    "a.number, a.id, a.language, a.title, a.published, a.place, a.site, a.source, a.url, a.changed_at, "
    "a.withdrawn_at"
)
_WEIGHTS = "1.0, 10.0"  # of body and title
_NEWEST = "ORDER BY a.published DESC, a.number DESC"
_ORDERS = {"newest": _NEWEST, "best": _NEWEST, "oldest": "ORDER BY a.published, a.number"}
# Tables and expression for each value by which articles are counted.
_COUNTED = {
    "year": ("articles a", "substr(a.published, 1, 4)"),
    "month": ("articles a", "substr(a.published, 1, 7)"),
    "language": ("articles a", "a.language"),
    "place": ("articles a", "a.place"),
    "site": ("articles a JOIN copies c ON c.article = a.number", "c.site"),
    "category": ("articles a JOIN categories c ON c.article = a.number", "c.category"),
}
COUNTED = tuple(_COUNTED)


@dataclass(frozen=True, slots=True)
class Hit:
    """One found article. Dates and timestamps are strings, as in the file."""

    number: int
    id: str
    language: str
    title: str
    published: str
    place: str | None
    site: str
    source: str | None
    url: str
    changed_at: str | None
    withdrawn_at: str | None

    def fields(self) -> dict[str, Any]:
        """Return the fields of exports and the API: all but the row number, which a rebuild may change."""
        return {name: getattr(self, name) for name in HIT_FIELDS}


HIT_FIELDS = tuple(name for name in Hit.__slots__ if name != "number")


class SearchTimeoutError(ArchiveFileError):
    """A search took longer than its limit."""


class Reader:
    """A read-only connection to an archive file. seconds: time limit of one statement.

    Raise ArchiveFileError if the file does not exist or has another schema version.
    """

    def __init__(self, path: Path, seconds: float = 10.0) -> None:
        if not path.exists():
            raise ArchiveFileError(f"{path}: there is no archive file; build it with `scrapy index`")
        self.path, self.seconds = path, seconds
        self.base = sqlite3.connect(
            read_only_uri(path), uri=True, check_same_thread=False, isolation_level=None
        )
        # The file is opened read-only; temporary tables stay in memory.
        self.base.execute("PRAGMA temp_store = MEMORY")
        if version_of(self.base) != str(SCHEMA_VERSION):
            self.base.close()
            raise ArchiveFileError(f"{path}: no archive file of this version; build it with `scrapy index`")
        self.base.create_function("fold", 1, folded, deterministic=True)
        self._until = 0.0
        self.base.set_progress_handler(lambda: time.monotonic() > self._until, _STEPS)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self.base.close()

    def rows(self, statement: str, parameters: Any = ()) -> list[Any]:
        """Return the rows of a statement. Raise SearchTimeoutError, or ArchiveFileError if it fails."""
        with self._limited():
            return self.base.execute(statement, parameters).fetchall()

    def dicts(self, statement: str, parameters: Any = ()) -> list[dict[str, Any]]:
        """Return the rows of a statement as dictionaries by column name. Raise as `rows` does."""
        with self._limited():
            cursor = self.base.execute(statement, parameters)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    @contextmanager
    def _limited(self) -> Iterator[None]:
        self._until = time.monotonic() + self.seconds
        try:
            yield
        except sqlite3.DatabaseError as error:
            if "parser stack overflow" in str(error):
                raise QueryError("too many brackets in each other", 0) from None
            if "interrupted" not in str(error):
                raise ArchiveFileError(f"{self.path}: {error}") from error
            raise SearchTimeoutError(f"the search takes more than {self.seconds:g} s") from None

    def count(self, found: Condition) -> int:
        """Return the number of articles that a query finds."""
        (row,) = self.rows(f"SELECT count(*) FROM articles a WHERE {found.where}", found.parameters)
        return int(row[0])

    def hits(
        self, found: Condition, limit: int, *, order: str = "newest", skip: int = 0, total: int = 0
    ) -> list[Hit]:
        """Return found articles. order: newest, oldest, or best (the best text match first).

        skip: hits before the first returned one. total: number of all hits, 0 if unknown; above MANY, the
        index of days is read in order, so that the hits need no sorting.
        """
        if order == "best" and found.rank:
            # An article without a score is last: its word has the searched stem but does not begin with it.
            statement = (
                f"WITH scores AS MATERIALIZED (SELECT rowid AS hit, bm25(article_index, {_WEIGHTS}) AS score "
                "FROM article_index WHERE article_index MATCH ?) "
                f"SELECT {_HIT} FROM articles a LEFT JOIN scores ON hit = a.number WHERE {found.where} "
                "ORDER BY score IS NULL, score, a.published DESC, a.number DESC LIMIT ? OFFSET ?"
            )
            parameters = [found.rank, *found.parameters, limit, skip]
        else:
            by_day = "INDEXED BY articles_published" if total > MANY else ""
            source = f"articles a {by_day} WHERE {found.where}"
            statement = f"SELECT {_HIT} FROM {source} {_ORDERS[order]} LIMIT ? OFFSET ?"
            parameters = [*found.parameters, limit, skip]
        return [Hit(*row) for row in self.rows(statement, parameters)]

    def counts(self, found: Condition, by: str) -> dict[str, int]:
        """Return the number of found articles by year, month, language, site, place or category.

        Years and months are in ascending order; other values are sorted by frequency, the highest first.
        """
        source, key = _COUNTED[by]
        order = "1" if by in ("year", "month") else "2 DESC, 1"
        columns = f"{key}, count(DISTINCT a.number)"
        statement = f"SELECT {columns} FROM {source} WHERE {found.where} GROUP BY 1 ORDER BY {order}"
        return {name: number for name, number in self.rows(statement, found.parameters) if name is not None}

    def body(self, number: int) -> str:
        """Return the body of an article by its row number."""
        ((body,),) = self.rows("SELECT body FROM texts WHERE article = ?", (number,))
        return str(body)

    def about(self) -> dict[str, str]:
        """Return the table `about` as a dictionary: contents, origin and citation of the file."""
        return dict(self.rows("SELECT name, value FROM about ORDER BY name"))
