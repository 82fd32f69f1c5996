"""Read the rows of exports from the archive file; they equal those of `export.rows`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from kcna_spider.export.rows import Row, Wanted
from kcna_spider.search.snapshot import Snapshot, of_period
from kcna_spider.store.connection.calls import batched

_AT_ONCE = 500  # articles whose copies and categories are read by one statement
# column -> its expression on `articles a` and `texts t`, and the function that converts its value.
_SINGLE: dict[str, tuple[str, Callable[[str], Any] | None]] = {
    "id": ("a.id", None),
    "kind": ("a.kind", None),
    "language": ("a.language", None),
    "published": ("a.published", dt.date.fromisoformat),
    "published_from": ("a.published_from", None),
    "title": ("a.title", None),
    "body": ("t.body", None),
    "dateline_place": ("a.place", None),
    "dateline_date": ("a.dateline_date", dt.date.fromisoformat),
    "dateline_agency": ("a.dateline_agency", None),
    "revision": ("a.revision", None),
    "texts": ("a.revisions", None),
    "first_seen": ("a.first_seen", dt.datetime.fromisoformat),
    "last_seen": ("a.last_seen", dt.datetime.fromisoformat),
    "changed_at": ("a.changed_at", dt.datetime.fromisoformat),
    "withdrawn_at": ("a.withdrawn_at", dt.datetime.fromisoformat),
}
# column -> the function that computes it from an article's copies (URL, site, status), in the store's order.
_OF_COPIES: dict[str, Callable[[list[Any]], list[str]]] = {
    "sites": lambda copies: sorted({site for _, site, _ in copies}),
    "urls": lambda copies: [url for url, _, _ in copies],
    "live_urls": lambda copies: [url for url, _, status in copies if status == "live"],
}
_COPIES = "SELECT article, url, site, status FROM copies WHERE article IN ({}) ORDER BY article, rowid"
_CATEGORIES = "SELECT article, category FROM categories WHERE article IN ({}) ORDER BY article, position"


def file_article_rows(snapshot: Snapshot, wanted: Wanted, columns: list[str]) -> Iterator[Row]:
    """Yield one row per article, in order of publication."""
    single = [name for name in columns if name in _SINGLE]
    readers = [_SINGLE[name][1] for name in single]
    for found in batched(_articles(snapshot, wanted, single), _AT_ONCE):
        numbers = [number for number, *_ in found]
        copies = _lists(snapshot, _COPIES, numbers) if _OF_COPIES.keys() & set(columns) else {}
        categories = _lists(snapshot, _CATEGORIES, numbers) if "categories" in columns else {}
        for number, *values in found:
            row = {
                name: value if read is None or value is None else read(value)
                for name, read, value in zip(single, readers, values, strict=True)
            }
            row["categories"] = [category for (category,) in categories.get(number, ())]
            row |= {name: read(copies.get(number, [])) for name, read in _OF_COPIES.items()}
            yield {name: row[name] for name in columns}


def _articles(snapshot: Snapshot, wanted: Wanted, single: list[str]) -> Iterator[Any]:
    """Yield the row number and the columns of each wanted article. single: columns in `_SINGLE`."""
    where, parameters = of_period(wanted)
    if wanted.language:
        where, parameters = f"{where} AND a.language = ?", [*parameters, wanted.language]
    if wanted.site is not None:
        where += " AND EXISTS (SELECT 1 FROM copies c WHERE c.article = a.number AND c.site = ?)"
        parameters = [*parameters, wanted.site]
    source = "articles a JOIN texts t ON t.article = a.number" if "body" in single else "articles a"
    names = ", ".join(["a.number", *(_SINGLE[name][0] for name in single)])
    return snapshot.rows(f"SELECT {names} FROM {source} WHERE {where} ORDER BY a.published, a.id", parameters)


def _lists(snapshot: Snapshot, statement: str, numbers: list[int]) -> dict[int, list[Any]]:
    """Return the rows of a statement by article, in the order of the statement. numbers: rows of articles."""
    found: dict[int, list[Any]] = {}
    for number, *values in snapshot.rows(statement.format(", ".join("?" * len(numbers))), numbers):
        found.setdefault(number, []).append(values)
    return found
