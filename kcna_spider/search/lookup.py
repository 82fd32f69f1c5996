"""What the pages show beside search results: one article, a day, changes, places. Rows as dictionaries."""

from __future__ import annotations

import datetime as dt
import sqlite3
from typing import Any

from kcna_spider.search.reader import Reader

Row = dict[str, Any]


def _dicts(reader: Reader, statement: str, parameters: Any = ()) -> list[Row]:
    reader.base.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in reader.rows(statement, parameters)]
    finally:
        reader.base.row_factory = None


def article(reader: Reader, key: str) -> Row | None:
    """Return an article with its body, copies, events and categories, or None. key: its id in MongoDB."""
    found = _dicts(
        reader,
        "SELECT a.*, t.body FROM articles a JOIN texts t ON t.article = a.number WHERE a.id = ?",
        (key,),
    )
    if not found:
        return None
    number = found[0]["number"]
    return {
        **found[0],
        "copies": _dicts(
            reader, "SELECT * FROM copies WHERE article = ? ORDER BY first_seen, url", (number,)
        ),
        "events": _dicts(reader, "SELECT * FROM events WHERE article = ? ORDER BY at", (number,)),
        "categories": [
            row["category"]
            for row in _dicts(
                reader, "SELECT category FROM categories WHERE article = ? ORDER BY 1", (number,)
            )
        ],
    }


def texts(reader: Reader, found: Row) -> dict[int, Row]:
    """Return every text of an article by its number: earlier ones, and the current one."""
    rows = _dicts(reader, "SELECT * FROM revisions WHERE article = ? ORDER BY revision", (found["number"],))
    current = {name: found[name] for name in ("title", "body", "language", "url")}
    return dict(
        sorted(
            {
                **{row["revision"]: row for row in rows},
                found["revision"]: {
                    **current,
                    "revision": found["revision"],
                    "seen_at": found["changed_at"],
                    "trivial": 0,
                },
            }.items()
        )
    )


def neighbours(reader: Reader, day: str) -> tuple[str | None, str | None]:
    """Return the days with articles before and after a day."""
    ((before, after),) = reader.rows(
        "SELECT (SELECT max(published) FROM articles WHERE published < ?), "
        "(SELECT min(published) FROM articles WHERE published > ?)",
        (day, day),
    )
    return before, after


def days_of_month(reader: Reader, month: str) -> dict[str, int]:
    """Return the number of articles of each day of a month, 0 for days without any. month: YYYY-MM."""
    first = dt.date.fromisoformat(f"{month}-01")
    days = [first + dt.timedelta(days=n) for n in range(31)]
    counted = dict(
        reader.rows(
            "SELECT published, count(*) FROM articles WHERE published BETWEEN ? AND ? GROUP BY 1",
            (f"{month}-01", f"{month}-31"),
        )
    )
    return {day.isoformat(): counted.get(day.isoformat(), 0) for day in days if day.month == first.month}


def gaps(reader: Reader) -> list[Row]:
    """Return the days without articles, or with few, of each site."""
    return _dicts(reader, "SELECT * FROM gaps ORDER BY site, first")


def places(reader: Reader) -> list[Row]:
    """Return the places of datelines, the most frequent first."""
    return _dicts(reader, "SELECT * FROM places ORDER BY articles DESC, place LIMIT 2000")


def changes(reader: Reader, kind: str | None, limit: int, skip: int) -> list[Row]:
    """Return the latest events with their articles.

    kind: edited, withdrawn, restored, gone or back; None: all.
    """
    return _dicts(
        reader,
        "SELECT e.at, e.kind, e.url, e.before, e.after, a.id, a.title, a.language, a.published FROM events e "
        "JOIN articles a ON a.number = e.article WHERE ? IS NULL OR e.kind = ? ORDER BY e.at DESC, a.number "
        "LIMIT ? OFFSET ?",
        (kind, kind, limit, skip),
    )
