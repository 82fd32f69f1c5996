"""Write the photos of articles into the archive file, within the transaction of a Writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from kcna_spider.export.photo_history import files_of
from kcna_spider.search.article_rows import Row, time_text
from kcna_spider.search.similar_photos import byte_rows
from kcna_spider.store.model.types import Document

PHOTO_TABLES = ("article_photos", "photo_changes", "photo_uses")  # with a column `article`
_FILE = """
INSERT INTO photos VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET
  phash = excluded.phash, format = excluded.format, width = excluded.width, height = excluded.height,
  bytes = excluded.bytes, path = excluded.path, first_seen = excluded.first_seen,
  last_seen = excluded.last_seen
"""


def file_row(photo: Document) -> Row:
    """Return the row of `photos` for a file. photo: its document."""
    return (
        *(photo[name] for name in ("sha256", "phash", "format", "width", "height", "bytes", "path")),
        time_text(photo["first_seen"]),
        time_text(photo["last_seen"]),
    )


def photo_rows(number: int, document: Document) -> list[Row]:
    """Return the rows of `article_photos`."""
    return [
        (
            number,
            *(photo[name] for name in ("position", "url", "page_url", "sha256", "caption", "status")),
            *(time_text(photo[name]) for name in ("first_seen", "last_seen", "gone_at")),
        )
        for photo in document.get("photos", ())
    ]


def photo_change_rows(number: int, document: Document) -> list[Row]:
    """Return the rows of `photo_changes`."""
    return [
        (number, photo["url"], time_text(change["at"]), change["before"], change["sha256"])
        for photo in document.get("photos", ())
        for change in photo["history"]
    ]


def insert_photos(
    base: sqlite3.Connection, numbered: Sequence[tuple[int, Document]], photos: Iterable[Document]
) -> None:
    """Write the photos of articles, and their files.

    numbered: row number and document of each article. photos: documents of the files.
    """
    files = list(photos)
    base.executemany(_FILE, map(file_row, files))
    base.executemany(
        "INSERT OR IGNORE INTO photo_bytes VALUES (?, ?, ?)",
        [row for phash in {photo["phash"] for photo in files} for row in byte_rows(phash)],
    )
    uses = [(sha256, n, current) for n, d in numbered for sha256, current in files_of(d).items()]
    for table, rows in (
        ("article_photos", [row for n, d in numbered for row in photo_rows(n, d)]),
        ("photo_changes", [row for n, d in numbered for row in photo_change_rows(n, d)]),
        ("photo_uses", uses),
    ):
        if rows:
            base.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def files_of_articles(base: sqlite3.Connection, numbers: Iterable[int]) -> set[str]:
    """Return the SHA-256 of each file that the articles use or used. numbers: rows of the articles."""
    statement = "SELECT sha256 FROM photo_uses WHERE article = ?"
    return {sha256 for number in numbers for (sha256,) in base.execute(statement, (number,))}


def remove_unused(base: sqlite3.Connection, files: Iterable[str]) -> None:
    """Remove the files that no article uses any more. files: SHA-256 of the files to check."""
    for sha256 in files:
        if _one(base, "SELECT 1 FROM photo_uses WHERE sha256 = ?", sha256):
            continue
        phash = _one(base, "SELECT phash FROM photos WHERE sha256 = ?", sha256)
        base.execute("DELETE FROM photos WHERE sha256 = ?", (sha256,))
        if phash and not _one(base, "SELECT 1 FROM photos WHERE phash = ?", phash):
            base.executemany(
                "DELETE FROM photo_bytes WHERE place = ? AND value = ? AND phash = ?", byte_rows(phash)
            )


def _one(base: sqlite3.Connection, statement: str, value: str) -> Any:
    found = base.execute(f"{statement} LIMIT 1", (value,)).fetchone()
    return found[0] if found else None
