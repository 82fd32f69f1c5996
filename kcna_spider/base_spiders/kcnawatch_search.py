"""Find the articles of past dates with KCNA Watch's search, instead of paging from today."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable
from typing import Any

from kcna_spider.base_spiders.kcnawatch_queries import SearchQueries
from kcna_spider.base_spiders.search_windows import FIRST_SIZE, LARGEST_SIZE, Results, Window, windows
from kcna_spider.items import ListedPages, ListingEntry
from kcna_spider.text.dates import is_settled, parse_day, utc_now

FIRST_DAY = dt.date(1996, 12, 1)  # the site's archive begins in 1997
_FEW = 10  # number of results below which two queries may have equal numbers by chance
_WIDER = (1, 30, 366)  # days added at each end to find a query with more results
_MOST_PENDING = 200  # number of pending articles above which the next window waits
_AT_ONCE = 200  # number of remembered articles that are looked up together


class SearchUnavailableError(Exception):
    """The search does not work as expected, so the listing must be paged instead."""


class SearchReader:
    """Search the dates of one source.

    spider: the KCNA Watch spider. label, number: those of the source. known: entries of the first page of its
    listing, with which the search is checked.
    """

    def __init__(self, spider: Any, label: str, number: str, known: Iterable[ListingEntry]) -> None:
        self.spider, self.label = spider, label
        self.key = f"{spider.site}/{label}"
        self.queries = SearchQueries(spider, label, number)
        self.known = {story.url: day for story in known if (day := parse_day(story.day))}
        self.checked = False
        self.most_found = 0  # largest number of results of a query; a limit of the site cannot be lower
        self.limit = -1  # number at which the site seems to cut results off; -1 if there is no sign of it

    async def entries(self, wanted: Window) -> AsyncIterator[tuple[list[ListingEntry], ListedPages | None]]:
        """Yield the entries of the dates in `wanted`, in several lists, each with its complete dates if any.

        Raise SearchUnavailableError, before the first search result, if the search is unusable. Raise
        CrawlStoppingError once the crawl is stopping.
        """
        remembered = await self._remembered(wanted)
        for start in range(0, len(remembered), _AT_ONCE):
            yield remembered[start : start + _AT_ONCE], None
        size = FIRST_SIZE
        days = self.unread
        while days and not self.spider.requests.limit_reached():
            await self.spider.requests.wait_until_few(_MOST_PENDING)
            window = next(windows(days, size))
            if not self.checked:
                await self._check()
            found, complete = await self.complete(window)
            yield list(found.values()), self._listed(window, found) if complete else None
            size = min(LARGEST_SIZE, 2 * size) if complete and not found else FIRST_SIZE
            days = days - set(window.days)

    async def _remembered(self, wanted: Window) -> list[ListingEntry]:
        """Return the entries of the dates that were searched before, and set `unread` to the other dates."""
        self.unread = set(wanted.days)
        if self.spider.arguments.full:
            return []
        keys = {self._key_of(day): day for day in self.unread if not self.spider.recheck.covers(day)}
        found = await asyncio.to_thread(self.spider.archive.listed_pages, list(keys))
        self.unread -= {keys[key] for key in found}
        self.spider.inc("search/days_known", len(found))
        return [self._story(url, keys[key]) for key, listed in found.items() for url in listed.urls]

    def _key_of(self, day: dt.date) -> str:
        return f"{self.key}/{day}"

    def _story(self, url: str, day: dt.date) -> ListingEntry:
        return ListingEntry(url, day=str(day), listing=self.key, source=self.label)

    def _listed(self, window: Window, found: dict[str, ListingEntry]) -> ListedPages:
        """Return the item with the articles that each date has.

        The next crawl requests those that are not stored by then, so that none is lost if a crawl is killed.
        """
        now = utc_now()
        by_day: dict[str, list[str]] = {self._key_of(day): [] for day in window.days if is_settled(day, now)}
        for url, story in found.items():
            key = self._key_of(parse_day(story.day) or window.last)
            if key in by_day:
                by_day[key].append(url)
        return ListedPages(self.spider.site, by_day, now)

    async def _check(self) -> None:
        """Search for a date of which the listing shows articles.

        Raise SearchUnavailableError unless the search finds at least one of them and none of other dates.
        """
        day = min(self.known.values(), default=None)
        if day is None:
            raise SearchUnavailableError("the listing shows no day to compare with")
        results = await self._ask(Window(day, day), enough=1)
        shown = {url for url, its_day in self.known.items() if its_day == day}
        if results.outside:
            raise SearchUnavailableError(f"the search for {day} shows articles of other days")
        if not shown & set(results.entries):
            raise SearchUnavailableError(
                f"the search for {day} shows none of the {len(shown)} articles that the listing of "
                f"{self.label} shows"
            )
        self.checked = True

    async def complete(self, window: Window) -> tuple[dict[str, ListingEntry], bool]:
        """Return the entries of a window, and whether they are complete.

        If the results may be incomplete, search smaller windows.
        """
        most = self.most_found
        results = await self._ask(window)
        doubt = (
            results.doubt() or await self._reaches_a_limit(results, most) or await self._ends_early(results)
        )
        if doubt is None:
            return results.entries, True
        self.spider.inc("search/requested_again")
        if window.size == 1:
            self.spider.fail("search_incomplete", f"{self.label}: {window}: {doubt}")
            return results.entries, False
        found, complete = results.entries, True
        for half in window.halves():
            part, whole = await self.complete(half)
            found, complete = found | part, complete and whole
        return found, complete

    async def _reaches_a_limit(self, results: Results, most: int) -> str | None:
        """Return why the number of results may be a limit of the site, or None.

        A round number may be a limit, and so may the largest number so far, unless another query has more
        results. most: the largest number of results of one query before this one.
        """
        number = len(results.entries)
        suspicious = results.is_round or number == self.limit or (number == most and number >= _FEW)
        if not suspicious or number < self.most_found:
            return None
        for days in _WIDER if number != self.limit else ():
            if len((await self._ask(results.window.wider(days), enough=number + 1)).entries) > number:
                return None
        self.limit = number
        return f"the number of results, {number}, seems to be a limit of the site"

    async def _ends_early(self, results: Results) -> str | None:
        """Search the dates before the oldest result; return why the results were cut off, or None."""
        if results.unseen is None:
            return None
        rest = await self._ask(results.unseen, enough=1)
        if rest.entries:
            self.limit = max(self.limit, len(results.entries))
        return (
            f"the results end before {results.unseen}, {rest.doubt() or 'which has articles'}"
            if rest.entries or rest.doubt()
            else None
        )

    async def _ask(self, window: Window, enough: int = 0) -> Results:
        """Return the search results of a window. enough: as in `SearchQueries.ask`.

        Raise SearchUnavailableError if the first query of all cannot be read.
        """
        results = await self.queries.ask(window, enough)
        if results.cut and not results.entries and not self.checked:
            raise SearchUnavailableError(results.cut)
        self.most_found = max(self.most_found, len(results.entries))
        return results
