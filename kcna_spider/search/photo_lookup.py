"""Look up the photos of an article, and photo files by SHA-256. Rows are dictionaries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kcna_spider.search.reader import Reader
from kcna_spider.store.connection.calls import batched

Row = dict[str, Any]
_AT_ONCE = 500  # files per statement
MOST_ARTICLES = 200  # listed for one file
_FILE = "sha256, phash, format, width, height, bytes, path"


def photos_of_article(reader: Reader, number: int) -> list[Row]:
    """Return the photos of an article in page order, with the changes of their files.

    number: the row number of the article.
    """
    changes: dict[str, list[Row]] = {}
    for row in reader.dicts("SELECT * FROM photo_changes WHERE article = ? ORDER BY at", (number,)):
        change = {name: row[name] for name in ("at", "before", "after")}
        changes.setdefault(row["url"], []).append(change)
    statement = "SELECT * FROM article_photos WHERE article = ? ORDER BY page_url, position, url"
    found = reader.dicts(statement, (number,))
    return [{**photo, "changes": changes.get(photo["url"], [])} for photo in found]


def photo(reader: Reader, sha256: str) -> Row | None:
    """Return a file with at most MOST_ARTICLES articles that show or showed it, or None if it is unknown.

    The value "more" is True if further articles show or showed it.
    """
    found = reader.dicts("SELECT * FROM photos WHERE sha256 = ?", (sha256,))
    if not found:
        return None
    articles = reader.dicts(
        "SELECT u.current, a.number, a.id, a.title, a.language, a.published, a.site FROM photo_uses u "
        "JOIN articles a ON a.number = u.article WHERE u.sha256 = ? "
        "ORDER BY u.current DESC, a.published DESC, a.number LIMIT ?",
        (sha256, MOST_ARTICLES + 1),
    )
    for article in articles:
        article["photos"] = reader.dicts(
            "SELECT url, page_url, caption, status, first_seen, last_seen, gone_at FROM article_photos "
            "WHERE article = ? AND (sha256 = ? OR url IN "
            "(SELECT url FROM photo_changes WHERE article = ? AND before = ?)) "
            "ORDER BY page_url, position, url",
            (number := article.pop("number"), sha256, number, sha256),
        )
    return {**found[0], "articles": articles[:MOST_ARTICLES], "more": len(articles) > MOST_ARTICLES}


def files(reader: Reader, names: Iterable[str | None]) -> dict[str, Row]:
    """Return files by SHA-256; files that the archive file lacks are omitted. names: SHA-256, or None."""
    found: dict[str, Row] = {}
    for some in batched(dict.fromkeys(filter(None, names)), _AT_ONCE):
        statement = f"SELECT {_FILE} FROM photos WHERE sha256 IN ({', '.join('?' * len(some))})"
        found |= {row["sha256"]: row for row in reader.dicts(statement, some)}
    return found
