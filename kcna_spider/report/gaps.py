"""Days on which a site shows nothing, or far less than around them. Pure: counts in, gaps out."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_A_DAY = dt.timedelta(days=1)
_NEIGHBOURS = 7  # days before and after that say what is usual
_FEW = 0.4  # of what is usual: less than this is a gap
_RULE = 5  # articles a day from which there is something usual


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row of one kind, both ends counted. kind: missing (none at all) or low. usual: the median of the days around them."""

    first: dt.date
    last: dt.date
    kind: str
    found: int
    usual: float

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


def every_day(counts: Mapping[dt.date, int]) -> Iterator[dt.date]:
    """The days from the first to the last that has articles; KCNA reports on every one."""
    day, last = min(counts, default=dt.date.max), max(counts, default=dt.date.min)
    while day <= last:
        yield day
        day += _A_DAY


def usual(counts: Mapping[dt.date, int], day: dt.date) -> float:
    """The median of the days around one, of those that have articles; 0 where none has."""
    around = [counts.get(day + n * _A_DAY, 0) for n in range(-_NEIGHBOURS, _NEIGHBOURS + 1) if n]
    return float(statistics.median([n for n in around if n] or [0]))


def state(counts: Mapping[dt.date, int], day: dt.date, last: dt.date) -> str:
    """missing, low, or "" for a day like others. The last day may not be over yet, and is never low."""
    found = counts.get(day, 0)
    if not found:
        return "missing"
    around = usual(counts, day)
    return "low" if day < last and around >= _RULE and found < _FEW * around else ""


def gaps(counts: Mapping[dt.date, int]) -> list[Gap]:
    """The gaps between a site's first and last day, days in a row as one."""
    found: list[Gap] = []
    last = max(counts, default=dt.date.min)
    for day in every_day(counts):
        kind = state(counts, day, last)
        if not kind:
            continue
        articles = counts.get(day, 0)
        if found and found[-1].kind == kind and found[-1].last == day - _A_DAY:
            before = found.pop()
            found.append(Gap(before.first, day, kind, before.found + articles, before.usual))
        else:
            found.append(Gap(day, day, kind, articles, usual(counts, day)))
    return found
