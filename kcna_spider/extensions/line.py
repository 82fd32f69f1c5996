"""The line that a terminal shows while a crawl runs: pages, articles, rate, what is left. Without a terminal there is none."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.log import get_scrapy_root_handler

if TYPE_CHECKING:
    from logging import Handler

    from scrapy.crawler import Crawler

_A_SECOND = 4  # how often the line is drawn
_MINUTE = 60.0


def line_of(name: str, stats: dict[str, Any], seconds: float) -> str:
    """The line, from the crawl's stats. What is left is of the stories listed so far; further listings may bring more."""
    new, same = stats.get("store/inserted", 0), stats.get("store/copied", 0) + stats.get("store/unchanged", 0)
    revised = stats.get("store/revised", 0)
    rejected = sum(number for key, number in stats.items() if key.startswith("drop/"))
    known = stats.get("stories/known", 0)
    pages = stats.get("response_received_count", 0) or stats.get("warc/records", 0)
    done = new + same + revised + rejected
    rate = done / seconds if seconds else 0.0
    parts = [
        name,
        f"{pages} pages",
        f"{new} new, {known + same} known, {revised} revised, {rejected} rejected",
        f"{stats.get('listings/done', 0)} of {stats.get('listings/begun', 0)} listings",
        f"{rate:.1f} articles/s",
    ]
    left = stats.get("stories/listed", 0) - known - done
    if left > 0 and rate:
        parts.append(f"{left} listed to come, {_duration(left / rate)}")
    return " | ".join(parts)


def _duration(seconds: float) -> str:
    return f"about {seconds:.0f} s" if seconds < 2 * _MINUTE else f"about {seconds / _MINUTE:.0f} min"


class ProgressLine:
    """Below the log in a terminal; not there where the output is a file, a pipe or Scrapyd's log."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not sys.stderr.isatty() or not settings.getbool("LOG_ENABLED") or settings.get("LOG_FILE"):
            raise NotConfigured
        self.crawler = crawler
        self.live: Live | None = None
        self.handler: Any = None
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProgressLine:
        """For Scrapy; NotConfigured where there is no terminal."""
        return cls(crawler)

    def spider_opened(self, spider: Any) -> None:
        """Draw from now on; the log goes above the line."""
        self.name, self.begun = spider.name, time.monotonic()
        self.live = Live(console=Console(file=sys.stderr), get_renderable=self._line, refresh_per_second=_A_SECOND, transient=True)
        self.live.start()
        self.handler = get_scrapy_root_handler()
        self._log_to(self.handler)

    def spider_closed(self) -> None:
        """Take the line away; the summary follows."""
        if self.live:
            self.live.stop()
            self._log_to(self.handler)

    def _line(self) -> Text:
        assert self.crawler.stats is not None
        # Scrapy's thread adds keys while this one reads: a copy is made in one step
        stats = dict(self.crawler.stats.get_stats())
        return Text(line_of(self.name, stats, time.monotonic() - self.begun), no_wrap=True, overflow="ellipsis")

    def _log_to(self, handler: Handler | None) -> None:
        """Scrapy's log writes to the stream that was standard error when it was set up; rich puts its own in front while the line is drawn."""
        if handler is not None and hasattr(handler, "setStream"):
            handler.setStream(sys.stderr)
