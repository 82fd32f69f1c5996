"""Look up articles, days, gaps, places and statistics for the pages. Rows are dictionaries."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from typing import Any

from kcna_spider.search.photo_lookup import photos_of_article
from kcna_spider.search.reader import Hit, Reader
from kcna_spider.search.sql import Condition
from kcna_spider.search.tokens import query_tokens

Row = dict[str, Any]
_AROUND = dt.timedelta(days=7)
_SIMILAR, _MOST_AROUND = 6, 1000


def article(reader: Reader, key: str) -> Row | None:
    """Return an article with body, copies, events, categories and photos, or None. key: its id in MongoDB."""
    found = reader.dicts(
        "SELECT a.*, t.body FROM articles a JOIN texts t ON t.article = a.number WHERE a.id = ?",
        (key,),
    )
    if not found:
        return None
    number = found[0]["number"]
    return {
        **found[0],
        "copies": reader.dicts("SELECT * FROM copies WHERE article = ? ORDER BY first_seen, url", (number,)),
        "events": reader.dicts("SELECT * FROM events WHERE article = ? ORDER BY at", (number,)),
        "categories": [
            row["category"]
            for row in reader.dicts("SELECT category FROM categories WHERE article = ? ORDER BY 1", (number,))
        ],
        "photos": photos_of_article(reader, number),
    }


def texts(reader: Reader, found: Row) -> dict[int, Row]:
    """Return every text of an article, earlier and current, by the number of its revision.

    found: an article as `article` returns it.
    """
    rows = reader.dicts("SELECT * FROM revisions WHERE article = ?", (found["number"],))
    current = {name: found[name] for name in ("title", "body", "language", "url", "revision", "dateline")}
    current |= {
        "seen_at": found["text_seen_at"] or found["first_seen"],
        "trivial": found["text_trivial"] or 0,
        "reread_of": found["text_reread_of"],
    }
    return {row["revision"]: row for row in sorted([*rows, current], key=lambda row: row["revision"])}


def neighbours(reader: Reader, day: str) -> tuple[str | None, str | None]:
    """Return the nearest days with articles before and after a day, or None. day: YYYY-MM-DD."""
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
    """Return the gaps of each site: its days without articles or with few."""
    return reader.dicts("SELECT * FROM gaps ORDER BY site, first")


def gaps_of_days(reader: Reader, first: str, last: str) -> dict[str, list[Row]]:
    """Return the gaps that cover each day from first to last, sorted by site; omit days without a gap."""
    found = reader.dicts(
        "SELECT * FROM gaps WHERE first <= ? AND last >= ? ORDER BY site, first", (last, first)
    )
    days: dict[str, list[Row]] = {}
    for gap in found:
        begin, end = (
            dt.date.fromisoformat(day) for day in (max(gap["first"], first), min(gap["last"], last))
        )
        for n in range((end - begin).days + 1):
            days.setdefault((begin + dt.timedelta(days=n)).isoformat(), []).append(gap)
    return days


def articles_by_site(reader: Reader, day: str) -> dict[str, int]:
    """Return the number of articles of a day at each site. day: YYYY-MM-DD."""
    return dict(
        reader.rows(
            "SELECT c.site, count(DISTINCT a.number) FROM articles a JOIN copies c ON c.article = a.number "
            "WHERE a.published = ? GROUP BY 1",
            (day,),
        )
    )


def copies_by_state(reader: Reader) -> list[Row]:
    """Return the number of URLs of each site and state."""
    return reader.dicts("SELECT site, status, count(*) AS urls FROM copies GROUP BY 1, 2 ORDER BY 1, 2")


def changes_by_month(reader: Reader) -> list[Row]:
    """Return the number of events in each month, by kind, without trivial edits."""
    return reader.dicts(
        "SELECT substr(at, 1, 7) AS month, kind, count(*) AS events FROM events WHERE NOT trivial "
        "GROUP BY 1, 2 ORDER BY 1, 2"
    )


def delays(reader: Reader) -> list[Row]:
    """Return the number of articles by the days from their dateline to their publication."""
    return reader.dicts(
        "SELECT CAST(julianday(published) - julianday(dateline_date) AS INTEGER) AS days, "
        "count(*) AS articles FROM articles WHERE dateline_date IS NOT NULL GROUP BY 1 ORDER BY 1"
    )


def places(reader: Reader) -> list[Row]:
    """Return the places of datelines, the most frequent first."""
    return reader.dicts("SELECT * FROM places ORDER BY articles DESC, place")


def similar(reader: Reader, found: Row) -> list[Hit]:
    """Return articles in the same language whose titles share the rarest words of an article's title.

    Articles from 7 days before to 7 days after are compared; the most similar one is first. found: an article
    as `article` returns it.
    """
    first = dt.date.fromisoformat(found["published"]) - _AROUND
    last = dt.date.fromisoformat(found["published"]) + _AROUND
    around = Condition(
        "a.published BETWEEN ? AND ? AND a.language = ? AND a.number != ?",
        [first.isoformat(), last.isoformat(), found["language"], found["number"]],
    )
    others = [(hit, _title_words(hit.title)) for hit in reader.hits(around, _MOST_AROUND)]
    words = _title_words(found["title"])
    frequency = Counter(word for _, other in others for word in other & words)
    scores = {
        hit: sum(math.log((len(others) + 1) / frequency[word]) for word in other & words)
        for hit, other in others
        if other & words
    }
    return sorted(scores, key=lambda hit: -scores[hit])[:_SIMILAR]


def _title_words(title: str) -> set[str]:
    return {token.lower() for token in query_tokens(title)[0] if len(token) > 1}
