"""Write articles into the archive file: tables and full-text indexes in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kcna_spider.search.about import mark_stale
from kcna_spider.search.article_rows import (
    ARTICLE_COLUMNS,
    Row,
    article_row,
    copy_rows,
    event_rows,
    index_row,
    revision_row,
    words_row,
)
from kcna_spider.search.people_rows import PEOPLE_TABLES, People, PeopleWriter, people_of, source_of
from kcna_spider.search.photo_rows import PHOTO_TABLES, files_of_articles, insert_photos, remove_unused
from kcna_spider.store.model.types import Document

# The indexed texts of an article: the current one, and those of other revisions.
_INDEXED = {
    "article": (
        "SELECT number, language, title, body FROM articles JOIN texts ON article = number WHERE number = ?"
    ),
    "revision": "SELECT number, language, title, body FROM revisions WHERE article = ?",
}
_DETAILS = ("revisions", "copies", "categories", "events", "texts", *PHOTO_TABLES, *PEOPLE_TABLES)


class Writer:
    """The writing connection to an archive file. Call `load_numbers` first, unless the file is empty.

    numbers: id of each article -> its row number.
    """

    def __init__(self, path: Path) -> None:
        self.base = sqlite3.connect(path, isolation_level=None)
        self.people = PeopleWriter(self.base)
        self.numbers: dict[str, int] = {}
        self._latest = 0

    def load_numbers(self) -> dict[str, str]:
        """Read `numbers` from the file. Return the version of each article in the file, by its id."""
        versions = {}
        for number, key, version in self.base.execute("SELECT number, id, version FROM articles"):
            self.numbers[key] = number
            versions[key] = version
        self._latest = max(self.numbers.values(), default=0)
        self.people.load()
        return versions

    def write(
        self,
        documents: Sequence[Document],
        revisions: Iterable[Document] = (),
        photos: Iterable[Document] = (),
        people: Sequence[People] | None = None,
    ) -> None:
        """Write new or changed articles with their revisions and photos, in one transaction.

        revisions: all revisions of the articles that have several texts. photos: the current and former files
        of the articles' photos. people: the results of the rules for persons, one for each article; with it,
        the caller must call `group_appearances` after the last article. Without it, this method applies the
        rules and groups the appearances.
        """
        by_article: dict[Any, list[Document]] = {}
        for revision in revisions:
            by_article.setdefault(revision["article"], []).append(revision)
        with self.base:
            self.base.execute("BEGIN IMMEDIATE")
            old = [self.numbers[key] for d in documents if (key := str(d["_id"])) in self.numbers]
            files = files_of_articles(self.base, old)
            self._remove(old)
            for document in documents:
                key = str(document["_id"])
                if key not in self.numbers:
                    self._latest += 1
                    self.numbers[key] = self._latest
            self._insert(documents, by_article)
            self._insert_revisions(documents, by_article)
            insert_photos(self.base, [(self.numbers[str(d["_id"])], d) for d in documents], photos)
            remove_unused(self.base, files)
            numbers = [self.numbers[str(d["_id"])] for d in documents]
            self.people.insert(numbers, people or people_of([source_of(d) for d in documents]))
            if people is None:
                self.people.group()
            mark_stale(self.base)

    def group_appearances(self) -> None:
        """Group the reports of all written articles into appearances."""
        with self.base:
            self.base.execute("BEGIN IMMEDIATE")
            self.people.group()

    def remove(self, keys: Iterable[str]) -> None:
        """Remove articles that are no longer in the store, as after it was replaced. keys: their ids."""
        with self.base:
            self.base.execute("BEGIN IMMEDIATE")
            old = [self.numbers.pop(key) for key in keys]
            files = files_of_articles(self.base, old)
            self._remove(old)
            remove_unused(self.base, files)
            self.people.group()
            mark_stale(self.base)

    def _insert(self, documents: Sequence[Document], by_article: dict[Any, list[Document]]) -> None:
        numbered = [(self.numbers[str(d["_id"])], d) for d in documents]
        marks = ", ".join("?" * (ARTICLE_COLUMNS.count(",") + 1))
        many = self.base.executemany
        many(
            f"INSERT INTO articles ({ARTICLE_COLUMNS}) VALUES ({marks})",
            [article_row(n, d, by_article.get(d["_id"], ())) for n, d in numbered],
        )
        many("INSERT INTO texts VALUES (?, ?)", [(n, d["body"]) for n, d in numbered])
        many(f"INSERT INTO copies VALUES ({', '.join('?' * 13)})", _all(copy_rows, numbered))
        many(
            f"INSERT INTO events VALUES ({', '.join('?' * 12)})",
            [row for n, d in numbered for row in event_rows(n, d, by_article.get(d["_id"], ()))],
        )
        many(
            "INSERT INTO categories VALUES (?, ?, ?)",
            [(c, n, i) for n, d in numbered for i, c in enumerate(dict.fromkeys(d["categories"]))],
        )
        self._index("article", [(n, d["language"], d["title"], d["body"]) for n, d in numbered])

    def _insert_revisions(self, documents: Sequence[Document], by_article: dict[Any, list[Document]]) -> None:
        for document in documents:
            for revision in by_article.get(document["_id"], ()):
                if revision["number"] == document["revision"]:
                    continue  # it is the article's current text
                row = revision_row(self.numbers[str(document["_id"])], revision, document)
                number = self.base.execute(
                    f"INSERT INTO revisions VALUES ({', '.join('?' * 11)})", row
                ).lastrowid
                assert number is not None
                self._index("revision", [(number, revision["language"], revision["title"], revision["body"])])

    def _index(self, name: str, texts: Sequence[Row], *, remove: bool = False) -> None:
        """Put texts into the indexes of articles or revisions, or remove them.

        texts: (number, language, title, body).
        """
        positions = [index_row(number, title, body) for number, _, title, body in texts]
        words = [words_row(*text) for text in texts]
        for index, columns, rows in (
            (f"{name}_index", "body, title", positions),
            (f"{name}_words", "words", words),
        ):
            marks = ", ".join("?" * (columns.count(",") + 2))
            command, value = (f"{index}, ", "'delete', ") if remove else ("", "")  # FTS5's own form
            self.base.executemany(
                f"INSERT INTO {index} ({command}rowid, {columns}) VALUES ({value}{marks})", rows
            )

    def _remove(self, numbers: Sequence[int]) -> None:
        self.people.removing(numbers)
        for number in numbers:
            for name, texts in _INDEXED.items():
                self._index(name, self.base.execute(texts, (number,)).fetchall(), remove=True)
            for table in _DETAILS:
                self.base.execute(f"DELETE FROM {table} WHERE article = ?", (number,))
            self.base.execute("DELETE FROM articles WHERE number = ?", (number,))

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self.base.close()


def _all(rows: Any, numbered: Sequence[tuple[int, Document]]) -> list[Row]:
    return [row for number, document in numbered for row in rows(number, document)]
