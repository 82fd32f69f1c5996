"""What became of the stories of a crawl, by source and by day: counted where it is known first, printed at the end."""

from __future__ import annotations

from collections import Counter
from typing import Any
from weakref import WeakKeyDictionary

from kcna_spider.items import Article, Reject
from kcna_spider.text.dates import parse_day

_TALLIES: WeakKeyDictionary[Any, Tally] = WeakKeyDictionary()


class Tally:
    """by_source, by_day: source or day -> outcome (or `rejected`) -> how many."""

    def __init__(self) -> None:
        self.by_source: dict[str, Counter[str]] = {}
        self.by_day: dict[str, Counter[str]] = {}

    def article(self, article: Article, outcome: str) -> None:
        """A sighting was stored."""
        self._count(article.source or article.fetched.site, str(article.published), outcome)

    def reject(self, reject: Reject) -> None:
        """Something was rejected; a listing or start page is no story and is not counted here."""
        if "listed" not in reject.raw:
            return
        day = (reject.raw.get("listed") or {}).get("day") or "unknown"
        self._count(reject.raw.get("source") or reject.site, str(parse_day(day) or day), "rejected")

    def _count(self, source: str, day: str, what: str) -> None:
        self.by_source.setdefault(source, Counter())[what] += 1
        self.by_day.setdefault(day, Counter())[what] += 1


def tally_of(crawler: Any) -> Tally:
    """The one of this crawl."""
    return _TALLIES.setdefault(crawler, Tally())
