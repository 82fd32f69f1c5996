"""Write search hits and changes as Atom feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kcna_spider.export.atom import Entry, FeedHead, marked, photo_files, write_atom
from kcna_spider.export.diff import whole_text, word_diff
from kcna_spider.export.photo_history import PHOTO_KINDS
from kcna_spider.search.lookup import Row, article, texts
from kcna_spider.search.reader import Hit, Reader
from kcna_spider.text.dates import utc_now


def hits_as_feed(reader: Reader, hits: Iterable[Hit], head: FeedHead) -> bytes:
    """Return an Atom feed of found articles with their texts, as UTF-8."""
    entries = [
        Entry(
            dt.datetime.fromisoformat(hit.published).replace(tzinfo=dt.UTC),
            "new",
            hit.id,
            hit.title,
            hit.url,
            dt.date.fromisoformat(hit.published),
            hit.language,
            reader.body(hit.number),
        )
        for hit in hits
    ]
    return write_atom(entries, utc_now(), head)


def changes_as_feed(reader: Reader, found: Iterable[Row], head: FeedHead) -> bytes:
    """Return an Atom feed of changes as UTF-8; an edit is shown with its removed and added words."""
    entries = [
        Entry(
            dt.datetime.fromisoformat(change["at"]),
            change["kind"],
            change["id"],
            change["title"],
            change["url"],
            dt.date.fromisoformat(change["published"]),
            change["language"],
            _difference(reader, change),
        )
        for change in found
    ]
    return write_atom(entries, utc_now(), head)


def _difference(reader: Reader, change: Row) -> str:
    """Return the word diff of an edit, the files of a changed photo, or else the title of the article."""
    if change["caption_after"] is not None:
        return marked(word_diff(change["caption_before"], change["caption_after"]))
    if change["kind"] in PHOTO_KINDS:
        return photo_files(change["sha256_before"], change["sha256_after"])
    found = article(reader, change["id"]) if change["after"] else None
    every = texts(reader, found) if found else {}
    old, new = every.get(change["before"]), every.get(change["after"])
    if old is None or new is None:
        return str(change["title"])
    return (
        marked(word_diff(old["title"], new["title"]))
        + "\n"
        + marked(word_diff(whole_text(old), whole_text(new)))
    )
