"""Write articles into the archive file: tables and full-text index in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kcna_spider.search.article_rows import (
    ARTICLE_COLUMNS,
    Row,
    article_row,
    copy_rows,
    event_rows,
    index_row,
    revision_row,
)
from kcna_spider.store.model.types import Document

_INDEX = "(rowid, title, body, title_stems, body_stems) VALUES (?, ?, ?, ?, ?)"
_UNINDEX = (
    "({0}, rowid, title, body, title_stems, body_stems) VALUES ('delete', ?, ?, ?, ?, ?)"  # FTS5's own form
)
# Each index, and the rows of an article that are in it.
_INDEXED = {
    "article_index": (
        "SELECT number, language, title, body FROM articles JOIN texts ON article = number WHERE number = ?"
    ),
    "revision_index": "SELECT number, language, title, body FROM revisions WHERE article = ?",
}
_DETAILS = ("revisions", "copies", "categories", "events", "texts")


class Writer:
    """The writing connection to an archive file. `load_numbers` comes first, unless the file is empty.

    numbers: id of each article -> its row number.
    """

    def __init__(self, path: Path) -> None:
        self.base = sqlite3.connect(path, isolation_level=None)
        self.numbers: dict[str, int] = {}
        self._latest = 0

    def load_numbers(self) -> dict[str, str]:
        """Read the numbers; return the version of each article in the file, by its id."""
        versions = {}
        for number, key, version in self.base.execute("SELECT number, id, version FROM articles"):
            self.numbers[key] = number
            versions[key] = version
        self._latest = max(self.numbers.values(), default=0)
        return versions

    def write(self, documents: Sequence[Document], revisions: Iterable[Document] = ()) -> None:
        """Write articles, new or changed, with their revisions, in one transaction.

        revisions: all of those of the articles that have several texts.
        """
        by_article: dict[Any, list[Document]] = {}
        for revision in revisions:
            by_article.setdefault(revision["article"], []).append(revision)
        with self.base:
            self.base.execute("BEGIN IMMEDIATE")
            self._remove([self.numbers[key] for d in documents if (key := str(d["_id"])) in self.numbers])
            for document in documents:
                key = str(document["_id"])
                if key not in self.numbers:
                    self._latest += 1
                    self.numbers[key] = self._latest
            self._insert(documents)
            self._insert_revisions(documents, by_article)

    def remove(self, keys: Iterable[str]) -> None:
        """Remove articles that are no longer in the store, as after it was replaced."""
        with self.base:
            self.base.execute("BEGIN IMMEDIATE")
            self._remove([self.numbers.pop(key) for key in keys])

    def _insert(self, documents: Sequence[Document]) -> None:
        numbered = [(self.numbers[str(d["_id"])], d) for d in documents]
        marks = ", ".join("?" * (ARTICLE_COLUMNS.count(",") + 1))
        many = self.base.executemany
        many(
            f"INSERT INTO articles ({ARTICLE_COLUMNS}) VALUES ({marks})",
            [article_row(n, d) for n, d in numbered],
        )
        many("INSERT INTO texts VALUES (?, ?)", [(n, d["body"]) for n, d in numbered])
        many(f"INSERT INTO copies VALUES ({', '.join('?' * 13)})", _all(copy_rows, numbered))
        many("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", _all(event_rows, numbered))
        many(
            "INSERT INTO categories VALUES (?, ?, ?)",
            [(c, n, i) for n, d in numbered for i, c in enumerate(dict.fromkeys(d["categories"]))],
        )
        many(
            f"INSERT INTO article_index {_INDEX}",
            [index_row(n, d["language"], d["title"], d["body"]) for n, d in numbered],
        )

    def _insert_revisions(self, documents: Sequence[Document], by_article: dict[Any, list[Document]]) -> None:
        for document in documents:
            for revision in by_article.get(document["_id"], ()):
                if revision["number"] == document["revision"]:
                    continue  # it is the article's current text
                row = revision_row(None, self.numbers[str(document["_id"])], revision)
                number = self.base.execute(
                    "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row
                ).lastrowid
                assert number is not None
                indexed = index_row(number, revision["language"], revision["title"], revision["body"])
                self.base.execute(f"INSERT INTO revision_index {_INDEX}", indexed)

    def _remove(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            for index, rows in _INDEXED.items():
                old = [index_row(*row) for row in self.base.execute(rows, (number,)).fetchall()]
                self.base.executemany(f"INSERT INTO {index} {_UNINDEX.format(index)}", old)
            for table in _DETAILS:
                self.base.execute(f"DELETE FROM {table} WHERE article = ?", (number,))
            self.base.execute("DELETE FROM articles WHERE number = ?", (number,))

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self.base.close()


def _all(rows: Any, numbered: Sequence[tuple[int, Document]]) -> list[Row]:
    return [row for number, document in numbered for row in rows(number, document)]
