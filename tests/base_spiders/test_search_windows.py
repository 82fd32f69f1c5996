"""Search results are used only as far as they are complete: limits, wrong days, failing pages."""

from __future__ import annotations

import asyncio
import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from kcna_spider.base_spiders.kcnawatch_search import SearchReader
from kcna_spider.base_spiders.search_windows import Results, Window, windows
from kcna_spider.items import ListingEntry

FIRST = dt.date(2011, 1, 1)
A_DAY = dt.timedelta(days=1)


class Site:
    """A search with a limit, in place of the site.

    fails: windows without a response.
    """

    def __init__(
        self, per_day: dict[int, int], limit: int = 0, fails: tuple[tuple[int, int], ...] = ()
    ) -> None:
        self.stories = [
            (FIRST + day * A_DAY, f"https://kcnawatch.org/newstream/{day}-{n}/x/")
            for day, many in per_day.items()
            for n in range(many)
        ]
        self.stories.sort(reverse=True)
        self.limit, self.fails, self.asked = limit, fails, 0

    def answer(self, window: Window, enough: int) -> Results:
        """Return the results of a window."""
        self.asked += 1
        results = Results(window)
        if ((window.first - FIRST).days, (window.last - FIRST).days) in self.fails:
            results.cut = "HTTP 503"
            return results
        found = [story for story in self.stories if window.first <= story[0] <= window.last][
            : self.limit or None
        ]
        results.add(ListingEntry(url, day=str(day)) for day, url in (found[:enough] if enough else found))
        return results


def read(site: Site, first: int, last: int) -> tuple[set[str], bool, list[str]]:
    """Return the stories of a range of days, whether they count as complete, and the failures."""
    ended: list[str] = []
    spider: Any = SimpleNamespace(
        site="kcnawatch.org", inc=lambda *_: None, fail=lambda code, detail: ended.append(f"{code}: {detail}")
    )
    reader = SearchReader(spider, "KCNA.kp (En)", "156", [])

    reader.checked = True

    async def ask(window: Window, enough: int = 0) -> Results:
        return site.answer(window, enough)

    reader.queries.ask = ask  # type: ignore[method-assign]
    stories, complete = asyncio.run(reader.complete(Window(FIRST + first * A_DAY, FIRST + last * A_DAY)))
    return set(stories), complete, ended


CASES = {
    "no limit": ({0: 3, 1: 4, 5: 9}, 0, (), True),
    "round by chance": ({0: 10, 3: 20, 5: 7, 40: 100}, 0, (), True),
    "a limit over a week": ({0: 45, 1: 45, 2: 45}, 50, (), True),
    "a limit over a year, stories in its first half only": (dict.fromkeys(range(180), 20), 500, (), True),
    "a day above the limit": ({3: 60, 4: 1}, 50, (), False),
    "a day above the limit, alone": ({3: 60}, 50, (), False),
    "a limit that is no round number": ({0: 30, 1: 30, 2: 30}, 33, (), True),
    "a probe that is not answered": ({0: 37, 3: 33}, 33, ((0, 2),), False),
    "nothing": ({}, 0, (), True),
}


@pytest.mark.parametrize(("per_day", "limit", "fails", "whole"), CASES.values(), ids=CASES)
def test_complete_or_said(
    per_day: dict[int, int], limit: int, fails: tuple[tuple[int, int], ...], whole: bool
) -> None:
    """Check that either all stories are found or the days are reported as incomplete."""
    site = Site(per_day, limit, fails)
    last = 6 if max(per_day, default=0) < 7 else 364
    found, complete, ended = read(site, 0, last)
    wanted = {url for day, url in site.stories if day <= FIRST + last * A_DAY}
    assert complete == (not ended)
    assert complete == whole or (found == wanted and complete)
    assert not complete or found == wanted


def test_windows() -> None:
    days = [FIRST + n * A_DAY for n in (0, 1, 2, 3, 9, 10, 30)]
    found = [(window.first.day, window.last.day) for window in windows(days, 3)]
    assert found == [(31, 31), (10, 11), (2, 4), (1, 1)]
    assert list(windows([], 7)) == []
    assert [half.size for half in Window(FIRST, FIRST + 6 * A_DAY).halves()] == [4, 3]
    assert Window(FIRST, FIRST - A_DAY).size == 0
