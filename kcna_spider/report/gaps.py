"""Days on which a site shows nothing, or far less than around them. Pure: counts in, gaps out."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

_A_DAY = dt.timedelta(days=1)
_NEIGHBOURS = 7  # days before and after that say what is usual
_FEW = 0.4  # of what is usual: less than this is a gap
_RULE = 5  # articles a day from which there is something usual


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row of one kind, both ends counted. kind: missing (none at all) or low.

    usual: the median of the days around them.
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
    """The coverage of one site. articles: day -> number, for days that have any.

    kinds: every day from the first to the last -> missing, low, or "".
    """

    articles: Mapping[dt.date, int]
    kinds: Mapping[dt.date, str]
    gaps: Sequence[Gap]

    @property
    def missing(self) -> int:
        """Days without any article."""
        return sum(kind == "missing" for kind in self.kinds.values())


def coverage(articles: Mapping[dt.date, int]) -> Coverage:
    """Return the coverage from the first to the last day with articles: KCNA reports every day."""
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
    """Return the median of the days around one, of those that have articles; 0 where none has."""
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
