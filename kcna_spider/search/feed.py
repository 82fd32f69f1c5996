"""Found articles as an Atom feed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kcna_spider.export.atom import Entry, write_atom
from kcna_spider.search.reader import Hit, Reader
from kcna_spider.text.dates import utc_now


def hits_as_feed(reader: Reader, hits: Iterable[Hit]) -> bytes:
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
    return write_atom(entries, utc_now())
