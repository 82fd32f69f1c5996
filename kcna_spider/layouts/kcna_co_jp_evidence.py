"""The elements by which the layouts of www.kcna.co.jp recognise their pages.

Pages of all kinds may link to calendars, days and articles, so the number of the links counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import html

from kcna_spider.layouts.base import Page, outermost, xpath

_HREFS = xpath("//a/@href")
CALENDAR = re.compile(r"(?:^|/)calendar-\d{4}\w*\.html?$")
DAY = re.compile(r"(?:^|/)(?:\d{6}|\d{8}|\d{4}-\d\d-\d\d\w*)\.html?$")
STORY_2008 = re.compile(r"n\w{3}\d\d/[\d-]{8,}[a-z]*\.html?$")
LISTED_1997 = xpath("//a[@href][ancestor::h3][ancestor::li]")
_ANCHORS = xpath("//a[@name and @name != 'top']")
_RULES = xpath("//hr")
BOLD_TITLE = xpath("//td/div/b | //td/center/b | //td/div/*/b")
FOOT = re.compile(r"(?:\W|BACK|HOME|TOP)*(?:Copyright \(C\).*)?\s*", re.IGNORECASE | re.DOTALL)
# A page of another kind links to at most this many calendars, days and articles.
FEW = 3
_LONG = 300  # characters; the names of twelve months and the days of one have fewer


@dataclass(frozen=True, slots=True)
class Evidence:
    """The elements of a page that distinguish the layouts.

    calendars, days, stories: number of its links to the calendar of a year, to a day, to the page of one
    article. listed: whether it has the list of a day's articles. anchors: named anchors. parted: named
    anchors and rules. bold: a title in bold. cells: the cell of this title and the cells after it.
    """

    calendars: int
    days: int
    stories: int
    listed: bool
    anchors: bool
    parted: bool
    bold: bool
    cells: list[html.HtmlElement]

    @property
    def is_article(self) -> bool:
        """Whether the page has one article, which also links to its calendar."""
        if not (self.bold and self.calendars) or self.listed or self.stories > FEW:
            return False
        return max(self.calendars, self.days) <= FEW or _is_long_text(self.cells)

    @property
    def is_front(self) -> bool:
        """Whether the page links to many calendars and to few articles."""
        return self.calendars > FEW >= self.stories


@lru_cache(maxsize=1)  # all layouts are matched against one page after the other
def evidence_of(page: Page) -> Evidence:
    """Return the evidence in a page."""
    hrefs = {href.strip() for href in _HREFS(page.root)}
    calendars, days, stories = (
        sum(form.search(href) is not None for href in hrefs) for form in (CALENDAR, DAY, STORY_2008)
    )
    anchors, titles = bool(_ANCHORS(page.root)), BOLD_TITLE(page.root)
    return Evidence(
        calendars,
        days,
        stories,
        listed=bool(LISTED_1997(page.root)),
        anchors=anchors,
        parted=anchors and bool(_RULES(page.root)),
        bold=bool(titles),
        cells=_cells_from(titles[0]) if titles else [],
    )


def _cells_from(title: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the cell of a title and the cells after it, except the footer."""
    tables = list(title.iterancestors("table"))
    cells = list(tables[0].iter("td")) if tables else []
    following = outermost(cells[cells.index(next(title.iterancestors("td"))) :] if cells else [])
    return [cell for cell in following if not FOOT.fullmatch(cell.text_content())]


def _is_long_text(cells: list[html.HtmlElement]) -> bool:
    """Return whether cells have the text of an article besides their links."""
    links = sum(_length(a) for cell in cells for a in outermost(cell.iter("a")) if a.get("href"))
    return sum(map(_length, cells)) - links > _LONG


def _length(element: html.HtmlElement) -> int:
    """Return the number of characters of an element's text with single blanks."""
    return len(" ".join(element.text_content().split()))
