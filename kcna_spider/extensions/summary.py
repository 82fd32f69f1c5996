"""What a person sees of a crawl: a summary table when it ends."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from scrapy import signals

from kcna_spider.days import parse_day
from kcna_spider.items import Article, Reject
from kcna_spider.store.shared import archive_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_DAYS_SHOWN = 10
_NEW = ("inserted", "revised", "copied", "unchanged")


class Summary:
    """Counts by source and day while the crawl runs, prints them at its end."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.by_source: dict[str, Counter[str]] = {}
        self.by_day: dict[str, Counter[str]] = {}
        self.place = archive_of(crawler).connection.place
        crawler.signals.connect(self.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(self.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Summary:
        """For Scrapy."""
        return cls(crawler)

    def item_scraped(self, item: Any) -> None:
        """Count a stored sighting."""
        if isinstance(item, Article) and item.outcome:
            self._count(item.source or item.fetched.site, str(item.published), item.outcome)

    def item_dropped(self, exception: Exception) -> None:
        """Count a reject."""
        reject = getattr(exception, "reject", None)
        if isinstance(reject, Reject):
            day = (reject.raw.get("listed") or {}).get("day") or "unknown"
            self._count(reject.raw.get("source") or reject.site, str(parse_day(day) or day), "rejected")

    def _count(self, source: str, day: str, what: str) -> None:
        self.by_source.setdefault(source, Counter())[what] += 1
        self.by_day.setdefault(day, Counter())[what] += 1

    def spider_closed(self, spider: Any, reason: str) -> None:
        """Print the tables to standard error, so that they don't mix with exported items."""
        assert self.crawler.stats is not None
        if not self.crawler.settings.getbool("LOG_ENABLED") or self.crawler.settings.get("LOG_FILE"):
            return
        console = Console(file=sys.stderr, width=100)
        stats = self.crawler.stats
        console.print(_table("source", self.by_source))
        days = dict(sorted(self.by_day.items(), reverse=True)[:_DAYS_SHOWN])
        console.print(_table(f"day (the latest {len(days)} of {len(self.by_day)})", days))
        listed, known = stats.get_value("stories/listed", 0), stats.get_value("stories/known", 0)
        console.print(
            f"{spider.name}: {reason}. {listed} stories listed, {known} of them stored before. The data lies in {self.place}.",
            soft_wrap=True,
        )


def _table(first: str, rows: dict[str, Counter[str]]) -> Table:
    table = Table(show_edge=False)
    table.add_column(first, no_wrap=True)
    columns = {
        "found": (*_NEW, "rejected"),
        "new": ("inserted",),
        "duplicates": ("copied", "unchanged"),
        "revised": ("revised",),
        "rejected": ("rejected",),
    }
    for name in columns:
        table.add_column(name, justify="right")
    for name, counts in rows.items():
        table.add_row(name, *(str(sum(counts[part] for part in parts)) for parts in columns.values()))
    return table
