"""Convert an article of MongoDB to rows of the archive file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from kcna_spider.export.change_history import is_trivial
from kcna_spider.export.photo_history import files_of_event
from kcna_spider.search.edit_sizes import event_sizes
from kcna_spider.search.tokens import indexed, indexed_words
from kcna_spider.store.model.types import Document
from kcna_spider.store.write.merge import rank
from kcna_spider.text.dates import iso_time

Row = tuple[Any, ...]
ARTICLE_COLUMNS = (
    "number, id, version, language, title, published, published_from, place, dateline_date, dateline_agency, "
    "dateline, site, source, url, revision, revisions, first_seen, last_seen, changed_at, withdrawn_at, "
    "kind, text_seen_at, text_trivial, text_reread_of"
)


def article_row(number: int, document: Document, revisions: Iterable[Document] = ()) -> Row:
    """Return the row of `articles`; URL, site and source are those of the best copy, whose text is current.

    revisions: those of this article, if it has several texts.
    """
    line = document["dateline"] or {}
    best = min(document["copies"], key=rank)
    current = next((text for text in revisions if text["number"] == document["revision"]), None)
    return (
        number,
        str(document["_id"]),
        document["version"],
        document["language"],
        document["title"],
        day_text(document["published"]),
        document["published_from"],
        line.get("place"),
        day_text(line.get("date")),
        line.get("agency"),
        line.get("raw"),
        best["site"],
        best["source"],
        best["url"],
        document["revision"],
        len(document["texts"]),
        exact_time_text(document["first_seen"]),
        exact_time_text(document["last_seen"]),
        exact_time_text(document["changed_at"]),
        exact_time_text(document["withdrawn_at"]),
        document.get("kind", "article"),
        time_text(current["seen_at"]) if current else None,
        int(current["trivial"]) if current else None,
        _reread_of(document, document["revision"]),
    )


def _reread_of(document: Document, number: int) -> int | None:
    """Return the number of the text that earlier code read in the same stored page, or None."""
    texts = document["texts"]
    return texts[number - 1].get("reread_of") if number <= len(texts) else None


def copy_rows(number: int, document: Document) -> list[Row]:
    """Return the rows of `copies`."""
    return [
        (
            number,
            copy["url"],
            copy["site"],
            copy["source"],
            copy["status"],
            copy["revision"],
            day_text(copy["published"]),
            time_text(copy["first_seen"]),
            time_text(copy["last_seen"]),
            time_text(copy["gone_at"]),
            (copy["capture"] or {}).get("url"),
            (copy["record"] or {}).get("file"),
            (copy["record"] or {}).get("offset"),
        )
        for copy in document["copies"]
    ]


def event_rows(number: int, document: Document, revisions: Iterable[Document] = ()) -> list[Row]:
    """Return the rows of `events`. revisions: those of this article, to compute the sizes of its edits."""
    sizes = event_sizes(document, revisions)
    return [
        (
            number,
            time_text(event["at"]),
            event["kind"],
            event["url"],
            event.get("before"),
            event.get("after"),
            size,
            int(is_trivial(document, event)),
            *files_of_event(document, event),
            event.get("caption_before"),
            event.get("caption_after"),
        )
        for event, size in zip(document.get("events", ()), sizes, strict=True)
    ]


def revision_row(article: int, revision: Document, document: Document) -> Row:
    """Return the row of `revisions` for a text of an article other than the current one.

    article: row number of the article. document: the article.
    """
    return (
        None,  # SQLite chooses the row number
        article,
        revision["number"],
        revision["language"],
        revision["title"],
        revision["body"],
        time_text(revision["seen_at"]),
        int(revision["trivial"]),
        next((source["url"] for source in revision["sources"]), None),
        (revision["dateline"] or {}).get("raw"),
        _reread_of(document, revision["number"]),
    )


def index_row(number: int, title: str, body: str) -> Row:
    """Return the row of an index with positions. FTS5 needs the same row to remove it."""
    return number, indexed(body), indexed(title)


def words_row(number: int, language: str, title: str, body: str) -> Row:
    """Return the row of an index of word forms. FTS5 needs the same row to remove it."""
    return number, indexed_words(title, body, language)


def day_text(timestamp: dt.datetime | None) -> str | None:
    """Return the date of a timestamp as YYYY-MM-DD, or None."""
    return timestamp.date().isoformat() if timestamp else None


def time_text(timestamp: dt.datetime | None) -> str | None:
    """Return a timestamp as ISO 8601 in UTC, to the second, or None."""
    return iso_time(timestamp) if timestamp else None


def exact_time_text(timestamp: dt.datetime | None) -> str | None:
    """Return a timestamp as ISO 8601 in UTC, to the millisecond like MongoDB, or None."""
    return iso_time(timestamp, "milliseconds") if timestamp else None
