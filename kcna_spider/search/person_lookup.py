"""Query persons and their mentions in the archive file. Rows are dictionaries."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from kcna_spider.search.reader import Reader

Row = dict[str, Any]
_AROUND = 80  # characters beside a mention


def people(reader: Reader, text: str, limit: int, skip: int = 0) -> list[Row]:
    """Return persons, those that most articles name first. text: a part of the name, or empty for all."""
    return reader.dicts(
        "SELECT p.id, p.name, count(DISTINCT m.article) AS articles, min(a.published) AS first, "
        "max(a.published) AS last FROM people p JOIN mentions m ON m.person = p.number "
        "JOIN articles a ON a.number = m.article WHERE instr(lower(p.name), lower(?)) > 0 OR ? = '' "
        "GROUP BY p.number ORDER BY 3 DESC, 2 LIMIT ? OFFSET ?",
        (text, text, limit, skip),
    )


def person(reader: Reader, key: str) -> Row | None:
    """Return a person with the titles and spellings in texts, or None. key: the id."""
    found = reader.dicts("SELECT number, id, name FROM people WHERE id = ?", (key,))
    if not found:
        return None
    number = found[0].pop("number")
    rows = reader.rows(
        "SELECT m.written, m.titles, a.published FROM mentions m JOIN articles a ON a.number = m.article "
        "WHERE m.person = ? ORDER BY a.published",
        (number,),
    )
    titles: dict[str, Row] = {}
    for _, listed, day in rows:
        for title in json.loads(listed):
            row = titles.setdefault(title, {"title": title, "mentions": 0, "first": day, "last": day})
            row["mentions"] += 1
            row["last"] = day
    ordered = sorted(titles.values(), key=lambda row: (-row["mentions"], row["title"]))
    return {
        **found[0],
        "mentions": len(rows),
        "titles": ordered,
        "written": dict(Counter(row[0] for row in rows)),
    }


def mentions(reader: Reader, key: str, limit: int, skip: int = 0) -> list[Row]:
    """Return the mentions of a person, the latest first, with the text around them. key: the id."""
    rows = reader.dicts(
        "SELECT a.id, a.title, a.language, a.published, m.written, m.titles, m.field, m.start, m.end, "
        "CASE m.field WHEN 'title' THEN a.title ELSE t.body END AS text FROM mentions m "
        "JOIN people p ON p.number = m.person JOIN articles a ON a.number = m.article "
        "JOIN texts t ON t.article = a.number WHERE p.id = ? "
        "ORDER BY a.published DESC, a.id, m.field DESC, m.start LIMIT ? OFFSET ?",
        (key, limit, skip),
    )
    for row in rows:
        text, start, end = row.pop("text"), row["start"], row["end"]
        row["before"] = text[max(0, start - _AROUND) : start]
        row["after"] = text[end : end + _AROUND]
        row["titles"] = json.loads(row["titles"])
    return rows
