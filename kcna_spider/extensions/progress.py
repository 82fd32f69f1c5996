"""Show a progress line in a terminal while a crawl runs: pages, articles, rate, and pages to come."""

from __future__ import annotations

import sys
import time
from logging import StreamHandler
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.log import get_scrapy_root_handler

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_DRAWN_A_SECOND = 4
_MINUTE = 60.0


def line_of(name: str, stats: dict[str, Any], seconds: float) -> str:
    """Return the progress line of a spider from its stats.

    Only requested pages count as pages to come. While a listing is not read to its end, there may be more, so
    the line has "at least". seconds: the duration of the crawl so far.
    """
    new, same, revised = (stats.get(f"store/{what}", 0) for what in ("inserted", "unchanged", "revised"))
    same += stats.get("store/copied", 0)
    rejected = sum(number for key, number in stats.items() if key.startswith("drop/"))
    pages = stats.get("response_received_count", 0)
    rate = (new + same + revised + rejected) / seconds if seconds else 0.0
    parts = [
        name,
        f"{pages} pages",
        f"{new} new, {stats.get('articles/known', 0) + same} known, {revised} revised, {rejected} rejected",
        f"{stats.get('listings/done', 0)} of {stats.get('listings/begun', 0)} listings",
        f"{rate:.1f} articles/s",
    ]
    # Not the scheduler's queue, because most requests of a small crawl wait in the downloader.
    waiting = (
        stats.get("scheduler/enqueued", 0)
        - stats.get("downloader/response_count", 0)
        - stats.get("downloader/exception_count", 0)
    )
    if waiting > 0 and pages and seconds:
        open_listings = stats.get("listings/begun", 0) > stats.get("listings/done", 0) or not stats.get(
            "listings/begun", 0
        )
        duration = _duration(waiting * seconds / pages)
        parts.append(
            f"at least {waiting} pages to come, at least {duration}"
            if open_listings
            else f"{waiting} pages to come, about {duration}"
        )
    return " | ".join(parts)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 2 * _MINUTE else f"{seconds / _MINUTE:.0f} min"


class Progress:
    """Show a line below the log in a terminal. Raise NotConfigured if the log is off or not in a terminal."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not sys.stderr.isatty() or not settings.getbool("LOG_ENABLED") or settings.get("LOG_FILE"):
            raise NotConfigured
        self.crawler = crawler
        self.live: Live | None = None
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        return cls(crawler)

    def spider_opened(self, spider: Any) -> None:
        """Start drawing the line; the log is printed above it."""
        self.name, self.begun = spider.name, time.monotonic()
        self.live = Live(
            console=Console(file=sys.stderr),
            get_renderable=self._line,
            refresh_per_second=_DRAWN_A_SECOND,
            transient=True,
        )
        self.live.start()
        _log_to_standard_error()

    def spider_closed(self) -> None:
        """Remove the line; the summary replaces it."""
        if self.live:
            self.live.stop()
            _log_to_standard_error()

    def _line(self) -> Text:
        assert self.crawler.stats is not None
        # Scrapy's thread adds keys while this one reads, and copying is atomic.
        stats = dict(self.crawler.stats.get_stats())
        return Text(
            line_of(self.name, stats, time.monotonic() - self.begun), no_wrap=True, overflow="ellipsis"
        )


def _log_to_standard_error() -> None:
    """Redirect Scrapy's log, which uses the original standard error, to the current one.

    While the line is drawn, rich replaces standard error.
    """
    handler = get_scrapy_root_handler()
    if isinstance(handler, StreamHandler):
        handler.setStream(sys.stderr)
