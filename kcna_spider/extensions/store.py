"""The connection of a crawl to the store, which spiders, pipelines and other extensions share."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from scrapy import signals

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# While the main thread parses pages, the writing thread waits for the interpreter after each response of the
# database. With Python's default of 5 ms, a batch of eight round trips would wait longer for the interpreter
# than for the database.
SWITCH_SECONDS = 0.0005


class StoreExtension:
    """Open the archive when the crawl is set up, and close it when the engine has stopped.

    Raise StoreError if it cannot be opened.
    """

    def __init__(self, crawler: Crawler) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        _skip_debug_messages()
        self.archive = Archive(
            StoreSettings.from_settings(crawler.settings), stopping=lambda: not crawler.crawling
        )
        crawler.signals.connect(self.close, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StoreExtension:
        return cls(crawler)

    def close(self) -> None:
        """Close the archive; safe to call twice."""
        self.archive.close()


def _skip_debug_messages() -> None:
    """Make PyMongo skip its debug messages, unless its logger has a level.

    Scrapy's root logger accepts every level, so PyMongo would build up to seven messages for each command,
    which no handler shows at the usual `LOG_LEVEL`.
    """
    logger = logging.getLogger("pymongo")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)


def archive_of(crawler: Crawler) -> Archive:
    """Return the archive of a crawl. Raise RuntimeError if StoreExtension is not enabled."""
    extension = crawler.get_extension(StoreExtension)
    if extension is None:
        raise RuntimeError(
            "the extension kcna_spider.extensions.store.StoreExtension is not enabled in EXTENSIONS"
        )
    return extension.archive
