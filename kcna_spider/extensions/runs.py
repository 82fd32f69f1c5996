"""One document a crawl in `runs`: what was asked, with which versions, how it ended. Closes the database, last of all."""

from __future__ import annotations

import datetime as dt
import logging
import os
import platform
from typing import TYPE_CHECKING, Any

import pymongo
import scrapy
from bson import ObjectId
from pymongo.errors import PyMongoError
from scrapy import signals

from kcna_spider import __version__
from kcna_spider.exceptions import StoreAwayError
from kcna_spider.store.shared import archive_of, close_archive_of

logger = logging.getLogger(__name__)

_SECONDS = 2.0  # that the end waits for a database that went away

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Runs:
    """Writes the run record at the start and completes it at the end."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.key = ObjectId()
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Runs:
        """For Scrapy."""
        return cls(crawler)

    def spider_opened(self, spider: Any) -> None:
        """Complete what killed crawls left, and write what is asked for."""
        archive = archive_of(self.crawler)
        if mended := archive.repair(dt.datetime.now(dt.UTC)):
            assert self.crawler.stats is not None
            self.crawler.stats.set_value("store/repaired", mended)
        archive.runs.insert_one(
            {
                "_id": self.key,
                "spider": spider.name,
                "arguments": spider.arguments.as_given(),
                "started_at": dt.datetime.now(dt.UTC),
                "finished_at": None,
                "finish_reason": None,
                "versions": {
                    "kcna_spider": __version__,
                    "scrapy": scrapy.__version__,
                    "pymongo": pymongo.version,
                    "python": platform.python_version(),
                },
                "process": {"host": platform.node(), "pid": os.getpid()},
                "stats": {},
            }
        )

    def spider_closed(self, reason: str) -> None:
        """Write how it ended."""
        assert self.crawler.stats is not None
        archive = archive_of(self.crawler)
        stats = {key.replace(".", "\u2024"): value for key, value in self.crawler.stats.get_stats().items()}
        ended = {"finished_at": dt.datetime.now(dt.UTC), "finish_reason": reason, "stats": stats}
        try:
            archive.patience(lambda: archive.runs.update_one({"_id": self.key}, {"$set": ended}), _SECONDS)
        except (StoreAwayError, PyMongoError) as error:
            logger.error("The end of this crawl is not in `runs`: %s", error)  # noqa: TRY400  # the next crawl takes it for killed
        close_archive_of(self.crawler)
