"""Split dates into windows for a site's search, and check whether the results of a window are complete.

No request is made, and no database is used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kcna_spider.items import ListingEntry
from kcna_spider.text.dates import parse_day

FIRST_SIZE, LARGEST_SIZE = 7, 366  # days in the first window, and in the largest, after many empty ones
_A_DAY = dt.timedelta(days=1)
_ROUND = (10, 25)  # a multiple of one of these numbers may be a limit of the site


@dataclass(frozen=True, slots=True)
class Window:
    """A range of dates of publication, including both ends."""

    first: dt.date
    last: dt.date

    @property
    def size(self) -> int:
        """The number of days; 0 if the first is after the last."""
        return max(0, (self.last - self.first).days + 1)

    @property
    def days(self) -> Iterator[dt.date]:
        """The dates in the window in ascending order."""
        return (self.first + n * _A_DAY for n in range(self.size))

    def halves(self) -> tuple[Window, Window]:
        """Return the later half and the earlier half."""
        middle = self.first + (self.size // 2 - 1) * _A_DAY
        return Window(middle + _A_DAY, self.last), Window(self.first, middle)

    def wider(self, days: int) -> Window:
        """Return the window with this number of days added at each end."""
        return Window(self.first - days * _A_DAY, self.last + days * _A_DAY)

    def __contains__(self, day: dt.date | None) -> bool:
        return day is None or self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first}" if self.size == 1 else f"{self.first} to {self.last}"


@dataclass(slots=True)
class Results:
    """The search results for a window.

    entries: URL -> entry, for results within the window. outside: URLs of other results. cut: why the last
    results are missing, or empty.
    """

    window: Window
    entries: dict[str, ListingEntry] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    cut: str = ""

    def add(self, entries: Iterable[ListingEntry]) -> int:
        """Add the entries of one page; return how many of them are new and within the window."""
        new = 0
        for entry in entries:
            if parse_day(entry.day) not in self.window:
                self.outside.add(entry.url)
            elif entry.url not in self.entries:
                self.entries[entry.url] = entry
                new += 1
        return new

    def doubt(self) -> str | None:
        """Return why these results may be incomplete, or None if there is no sign of that."""
        if self.cut:
            return self.cut
        if self.outside:
            return f"{len(self.outside)} results are outside the requested days"
        return None

    @property
    def is_round(self) -> bool:
        """Whether the number of results is round, so that it may be a limit of the site."""
        number = len(self.entries)
        return number > 0 and any(number % limit == 0 for limit in _ROUND)

    @property
    def unseen(self) -> Window | None:
        """The dates of the window before the oldest result, or None if there are none.

        The newest results come first, so that a limit of the site cuts off results of these dates.
        """
        days = [day for story in self.entries.values() if (day := parse_day(story.day))]
        if not days or min(days) <= self.window.first:
            return None
        return Window(self.window.first, min(days) - _A_DAY)


def windows(days: Iterable[dt.date], size: int) -> Iterator[Window]:
    """Yield windows of at most `size` days that cover exactly these dates, the newest first."""
    last = first = None
    for day in sorted(days, reverse=True):
        if first is not None and last is not None and (first - day != _A_DAY or (last - day).days >= size):
            yield Window(first, last)
            last = None
        last, first = last or day, day
    if first is not None and last is not None:
        yield Window(first, last)
