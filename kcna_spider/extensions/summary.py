"""What a person sees of a crawl: a summary table when it ends."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from scrapy import signals

from kcna_spider.store.shared import archive_of
from kcna_spider.tally import tally_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_DAYS_SHOWN = 10
_NEW = ("inserted", "revised", "copied", "unchanged")


class Summary:
    """Prints at a crawl's end what was counted by source and day while it ran."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.tally = tally_of(crawler)
        self.place = archive_of(crawler).connection.place
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Summary:
        """For Scrapy."""
        return cls(crawler)

    def spider_closed(self, spider: Any, reason: str) -> None:
        """Print the tables to standard error, so that they don't mix with exported items."""
        assert self.crawler.stats is not None
        if not self.crawler.settings.getbool("LOG_ENABLED") or self.crawler.settings.get("LOG_FILE"):
            return
        console = Console(file=sys.stderr, width=100)
        stats = self.crawler.stats
        if self.tally.by_source:
            console.print(_table("source", self.tally.by_source))
            days = dict(sorted(self.tally.by_day.items(), reverse=True)[:_DAYS_SHOWN])
            console.print(_table(f"day (the latest {len(days)} of {len(self.tally.by_day)})", days))
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
