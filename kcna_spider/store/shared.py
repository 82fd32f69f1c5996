"""One open archive a crawl, shared by its spider, pipelines and extensions."""

from __future__ import annotations

import sys
from typing import Any
from weakref import WeakKeyDictionary

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings

# The thread that writes waits for the interpreter after each answer of the database, while the crawl's thread parses pages: with
# Python's own 5 ms, a batch of eight round trips waits longer than the database works.
_SWITCH_SECONDS = 0.0005
_OPEN: WeakKeyDictionary[Any, Archive] = WeakKeyDictionary()


def archive_of(crawler: Any) -> Archive:
    """The archive of this crawl, opened at the first call; StoreError where the database can't be reached."""
    if crawler not in _OPEN:
        sys.setswitchinterval(_SWITCH_SECONDS)
        _OPEN[crawler] = Archive(StoreSettings.of(crawler.settings))
    return _OPEN[crawler]


def close_archive_of(crawler: Any) -> None:
    """Close it; safe to call twice."""
    if archive := _OPEN.pop(crawler, None):
        archive.close()
