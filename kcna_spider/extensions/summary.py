"""Print a summary at the end of a crawl: the outcomes of the articles, by source and by date."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from itemadapter import ItemAdapter
from rich.console import Console
from rich.table import Table
from scrapy import signals

from kcna_spider.extensions.store import archive_of
from kcna_spider.items import Article, Reject
from kcna_spider.text.dates import parse_day

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_DAYS_SHOWN = 10
_SIGHTED = ("inserted", "revised", "copied", "unchanged", "reread")
_COLUMNS = {
    "found": (*_SIGHTED, "rejected"),
    "new": ("inserted",),
    "duplicates": ("copied", "unchanged", "reread"),
    "revised": ("revised",),
    "rejected": ("rejected",),
}


class ArticleCounts:
    """Outcomes of articles by source and by date: source or date -> outcome (or `rejected`) -> number."""

    def __init__(self) -> None:
        self.by_source: dict[str, Counter[str]] = {}
        self.by_day: dict[str, Counter[str]] = {}

    def add(self, item: Any) -> None:
        """Count a stored article, or the reject of an article; rejects of other pages are ignored."""
        if isinstance(item, Article):
            adapter = ItemAdapter(item)
            self._count(
                adapter["source"] or adapter["site"],
                str(adapter["published"]),
                adapter["outcome"] or "inserted",
            )
        elif isinstance(item, Reject) and "listed" in item.raw:
            day = (item.raw["listed"] or {}).get("day") or "unknown"
            self._count(item.raw.get("source") or item.site, str(parse_day(day) or day), "rejected")

    def _count(self, source: str, day: str, outcome: str) -> None:
        self.by_source.setdefault(source, Counter())[outcome] += 1
        self.by_day.setdefault(day, Counter())[outcome] += 1

    def show(self, line: str) -> None:
        """Print the tables and a line to standard error, because exported items may go to standard output."""
        console = Console(file=sys.stderr, width=100)
        if self.by_source:
            console.print(_table("source", self.by_source))
            days = dict(sorted(self.by_day.items(), reverse=True)[:_DAYS_SHOWN])
            console.print(_table(f"day (the latest {len(days)} of {len(self.by_day)})", days))
        console.print(line, soft_wrap=True)


class Summary:
    """Count the outcome of each article while the crawl runs, and print the summary at its end."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.counts = ArticleCounts()
        crawler.signals.connect(self.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(self.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Summary:
        return cls(crawler)

    def item_scraped(self, item: Any) -> None:
        """Count an article."""
        self.counts.add(item)

    def item_dropped(self, exception: Any) -> None:
        """Count a reject."""
        self.counts.add(getattr(exception, "reject", None))

    def spider_closed(self, spider: Any, reason: str) -> None:
        """Print the summary, unless the log is off or goes to a file."""
        if not self.crawler.settings.getbool("LOG_ENABLED") or self.crawler.settings.get("LOG_FILE"):
            return
        stats = self.crawler.stats.get_stats() if self.crawler.stats else {}
        listed, known = stats.get("articles/listed", 0), stats.get("articles/known", 0)
        place = archive_of(self.crawler).connection.place
        self.counts.show(
            f"{spider.name}: {reason}. {listed} articles listed, {known} of them stored before. The data "
            f"is in {place}."
        )


def _table(first: str, rows: dict[str, Counter[str]]) -> Table:
    table = Table(show_edge=False)
    table.add_column(first, no_wrap=True)
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for name, counts in rows.items():
        table.add_row(name, *(str(sum(counts[part] for part in parts)) for parts in _COLUMNS.values()))
    return table
