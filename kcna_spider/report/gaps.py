"""Find days on which a site has no articles, or far fewer than on the days around them."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

_A_DAY = dt.timedelta(days=1)
_NEIGHBOURS = 7  # days before and after, whose median is the usual number
_FEW = 0.4  # share of the usual number; a day with less is a gap
_RULE = 5  # articles a day; if the usual number is less, no day counts as low


@dataclass(frozen=True, slots=True)
class Gap:
    """Consecutive days of one kind, from first to last inclusive. kind: missing (no articles) or low.

    found: number of articles. usual: median number of articles a day around the first day.
    """

    first: dt.date
    last: dt.date
    kind: str
    found: int
    usual: float

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of one site. articles: day -> number, only for days with articles.

    kinds: every day from the first to the last -> missing, low, or "".
    """

    articles: Mapping[dt.date, int]
    kinds: Mapping[dt.date, str]
    gaps: Sequence[Gap]

    @property
    def missing(self) -> int:
        """The number of days without articles."""
        return sum(kind == "missing" for kind in self.kinds.values())


def coverage(articles: Mapping[dt.date, int]) -> Coverage:
    """Return the coverage from the first to the last day with articles.

    A day without articles is a gap, because KCNA publishes every day.
    """
    first, last = min(articles, default=dt.date.max), max(articles, default=dt.date.min)
    days = [first + n * _A_DAY for n in range((last - first).days + 1)] if articles else []
    kinds = {day: _kind(articles, day) for day in days}
    kinds |= dict.fromkeys(days[-1:], "")  # the last day may not be over yet
    return Coverage(articles, kinds, _in_a_row(articles, kinds))


def _kind(articles: Mapping[dt.date, int], day: dt.date) -> str:
    found = articles.get(day, 0)
    if not found:
        return "missing"
    usual = _usual(articles, day)
    return "low" if usual >= _RULE and found < _FEW * usual else ""


def _usual(articles: Mapping[dt.date, int], day: dt.date) -> float:
    """Return the median number of articles on days with articles around a day, or 0 if there are none."""
    around = [articles.get(day + n * _A_DAY, 0) for n in range(-_NEIGHBOURS, _NEIGHBOURS + 1) if n]
    return float(statistics.median([n for n in around if n] or [0]))


def _in_a_row(articles: Mapping[dt.date, int], kinds: Mapping[dt.date, str]) -> list[Gap]:
    """Merge consecutive days of one kind into one gap."""
    found = []
    for kind, days in groupby(kinds, key=kinds.__getitem__):
        if kind:
            row = list(days)
            found.append(
                Gap(row[0], row[-1], kind, sum(articles.get(day, 0) for day in row), _usual(articles, row[0]))
            )
    return found
