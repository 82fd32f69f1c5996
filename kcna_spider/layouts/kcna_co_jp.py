"""www.kcna.co.jp: static pages since 1 January 1997.

Until September 2008, one page has all articles of a day; since then, each article has a page of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile

from lxml import html

from kcna_spider.items import ListingEntry, RawArticle
from kcna_spider.layouts.anchored_sections import sections
from kcna_spider.layouts.base import (
    ArticleLayout,
    Layout,
    Link,
    Listing,
    ListingLayout,
    Page,
    first_text,
    outermost,
    text_of,
    xpath,
)

_LINKS = xpath("//a[@href]")
_HREFS = xpath("//a/@href")
_CALENDAR = re.compile(r"(?:^|/)calendar-\d{4}\w*\.html?$")
_DAY = re.compile(r"(?:^|/)(?:\d{6}|\d{8}|\d{4}-\d\d-\d\d\w*)\.html?$")
_YEAR = re.compile(r"\d{4}")
_STORY_1997 = re.compile(r"news?\d{1,2}/\d\d\.html?#\w+$")
_STORY_2008 = re.compile(r"n\w{3}\d\d/[\d-]{8,}[a-z]*\.html?$")
_LISTED_1997 = xpath("//a[@href][ancestor::h3][ancestor::li]")
_ANCHORS = xpath("//a[@name and @name != 'top']")
_RULES = xpath("//hr")
_HEADING = xpath("(//h2 | //td/b | //td/div/b | //td/center/b)[1]")
_BOLD_TITLE = xpath("//td/div/b | //td/center/b | //td/div/*/b")
_INDENT = re.compile(r"\n\s*\n|\n[ \t]*\u00a0{2}|\u00a0{3}|\n\u3000")
_FOOT = re.compile(r"(?:\W|BACK|HOME|TOP)*(?:Copyright \(C\).*)?\s*", re.IGNORECASE | re.DOTALL)
_LAST_LINKS = re.compile(r"(?:\s*\b(?:BACK|HOME|TOP)\b)+\s*\Z")
_END = 80  # characters at the end of a text that are searched for these links
_DATE_ONLY = re.compile(r"\W*(?:\uc8fc\uccb4\d+)?\W*\d{4}\W*\ub144?\s*\d{1,2}\s*\uc6d4\s*\d{1,2}\s*\uc77c\W*")


# A page of another kind links to at most this many calendars, days and articles.
_FEW = 3
_LONG = 300  # characters; the names of twelve months and the days of one have fewer


@dataclass(frozen=True, slots=True)
class _Evidence:
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
        if not (self.bold and self.calendars) or self.listed or self.stories > _FEW:
            return False
        return max(self.calendars, self.days) <= _FEW or _is_long_text(self.cells)

    @property
    def is_front(self) -> bool:
        """Whether the page links to many calendars and to few articles."""
        return self.calendars > _FEW >= self.stories


@lru_cache(maxsize=1)  # all layouts are matched against one page after the other
def _evidence(page: Page) -> _Evidence:
    hrefs = {href.strip() for href in _HREFS(page.root)}
    calendars, days, stories = (
        sum(form.search(href) is not None for href in hrefs) for form in (_CALENDAR, _DAY, _STORY_2008)
    )
    anchors, titles = bool(_ANCHORS(page.root)), _BOLD_TITLE(page.root)
    return _Evidence(
        calendars,
        days,
        stories,
        listed=bool(_LISTED_1997(page.root)),
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
    return [cell for cell in following if not _FOOT.fullmatch(cell.text_content())]


def _is_long_text(cells: list[html.HtmlElement]) -> bool:
    """Return whether cells have the text of an article besides their links."""
    links = sum(_length(a) for cell in cells for a in outermost(cell.iter("a")) if a.get("href"))
    return sum(map(_length, cells)) - links > _LONG


def _length(element: html.HtmlElement) -> int:
    """Return the number of characters of an element's text with single blanks."""
    return len(" ".join(element.text_content().split()))


def _linked(page: Page, form: re.Pattern[str]) -> list[Link]:
    found = page.links(a for a in _LINKS(page.root) if form.search(a.get("href").strip()))
    return list({link.url: link for link in found}.values())


def _heading(page: Page) -> str | None:
    """Return the date at the top of a day page, or None."""
    found = _HEADING(page.root)
    return " ".join(text_of(found[0]).split()) if found else None


class Index1997(ListingLayout):
    """The home page, with links to the calendar of each year."""

    name = "index_1997"

    def matches(self, page: Page) -> bool:
        seen = _evidence(page)
        others = seen.days or seen.listed or seen.parted or seen.is_article
        return bool(seen.calendars) and not others and (seen.is_front or not seen.stories)

    def listing(self, page: Page) -> Listing:
        return Listing(links=_linked(page, _CALENDAR))


class Calendar1997(ListingLayout):
    """The calendar of one year, with links to its days: relative ones, in 2003 absolute ones."""

    name = "calendar_1997"

    def matches(self, page: Page) -> bool:
        seen = _evidence(page)
        others = seen.listed or seen.stories or seen.parted or seen.is_article
        return bool(seen.days) and not others and (seen.days > _FEW or not seen.bold)

    def listing(self, page: Page) -> Listing:
        return Listing(links=_linked(page, _DAY))


class Day1997(ListingLayout):
    """The listing of a day until September 2008: its articles are anchors in one page."""

    name = "day_1997"

    def matches(self, page: Page) -> bool:
        return _evidence(page).listed and any(
            _STORY_1997.search(a.get("href")) for a in _LISTED_1997(page.root)
        )

    def listing(self, page: Page) -> Listing:
        day = _heading(page)
        links = [(page.link(a.get("href")), text_of(a)) for a in _LISTED_1997(page.root)]
        return Listing(
            entries=[ListingEntry(url, title=title, day=day) for url, title in links if url], name=day
        )


class Day2008(ListingLayout):
    """The listing of a day since October 2008: a table of links to articles, each with a page."""

    name = "day_2008"

    def matches(self, page: Page) -> bool:
        seen = _evidence(page)
        others = seen.listed or seen.is_front or seen.is_article
        return bool(seen.stories) and not others and (seen.stories > _FEW or not seen.bold)

    def listing(self, page: Page) -> Listing:
        day = _heading(page)
        links = _linked(page, _STORY_2008)
        return Listing(
            entries=[ListingEntry(link.url, title=link.label or None, day=day) for link in links], name=day
        )


class Articles1997(ArticleLayout):
    """All articles of a day in one page: each after an anchor, separated by rules, in hard-wrapped lines."""

    name = "articles_1997"

    def matches(self, page: Page) -> bool:
        seen = _evidence(page)
        return seen.parted and not (seen.listed or seen.stories or seen.bold)

    def articles(self, page: Page) -> list[RawArticle]:
        day = None
        found: list[RawArticle] = []
        for anchor, title, text in sections(page.root):
            if anchor is None:
                day = text.strip()
            elif not anchor and found:  # text after a rule inside an article, or the footer of the page
                found[-1].paragraphs += [
                    part for part in _INDENT.split(text) if part.strip() and not _FOOT.fullmatch(part)
                ]
            elif text.strip() or title:
                found.append(self._article(anchor, title, text, day))
        return found

    def _article(self, anchor: str, title: str, text: str, day: str | None) -> RawArticle:
        if not title.strip():  # without a heading, the title is the first line
            title, _, text = text.lstrip().partition("\n")
        text = text[:-_END] + _LAST_LINKS.sub("", text[-_END:])
        paragraphs = [part for part in _INDENT.split(f"\n{text}") if part.strip()]
        return RawArticle(title=title, paragraphs=paragraphs, day=day, anchor=anchor)


class Article2008(ArticleLayout):
    """One article: a line "calendar>>June 13. 2012 Juch 101", the title in bold, and the body in a cell."""

    name = "article_2008"

    def matches(self, page: Page) -> bool:
        return _evidence(page).is_article

    def articles(self, page: Page) -> list[RawArticle]:
        title = _BOLD_TITLE(page.root)[0]
        paragraphs = self.paragraphs(page)
        while paragraphs and _FOOT.fullmatch(paragraphs[-1]):
            paragraphs.pop()
        links = (a for a in page.root.iter("a") if _DAY.search((a.get("href") or "").strip()))
        day = next((text for a in links if _YEAR.search(text := text_of(a))), None)
        return [RawArticle(title=text_of(title), paragraphs=paragraphs, day=day)]

    def containers(self, page: Page) -> list[html.HtmlElement]:
        """Return the title's cell and the cells after it, except the footer."""
        return _evidence(page).cells

    def excluded(self, page: Page) -> list[html.HtmlElement]:
        foot = [
            a
            for container in self.containers(page)
            for a in container.iter("a")
            if _FOOT.fullmatch(text_of(a))
        ]
        return [_BOLD_TITLE(page.root)[0], *foot]


class Article2018(ArticleLayout):
    """An article below /calendar/ (Korean, since 2018).

    Its title is in bold or a heading, and its paragraphs follow. The page has no link to a yearly calendar.
    """

    name = "article_2018"
    heading = xpath("//h1 | //h2 | //h3 | //td/div/b | //center/b | //div/b | //td/b")

    def matches(self, page: Page) -> bool:
        seen = _evidence(page)
        if seen.calendars or seen.days or seen.stories or seen.anchors:
            return False
        return bool(self.heading(page.root)) and "\uc870\uc120\uc911\uc559\ud1b5\uc2e0" in "".join(
            page.root.itertext()
        )

    def articles(self, page: Page) -> list[RawArticle]:
        heading = self.heading(page.root)[0]
        found = self.paragraphs(page)
        day = found.pop(0) if found and _DATE_ONLY.fullmatch(found[0].strip()) else None
        return [RawArticle(title=first_text([heading]), paragraphs=found, day=day, language="ko")]

    def containers(self, page: Page) -> list[html.HtmlElement]:
        """Return the nearest element around the heading that also has other text."""
        inner = [self.heading(page.root)[0], *self.heading(page.root)[0].iterancestors()]
        return next(([outer] for child, outer in pairwise(inner) if _has_text_beside(outer, child)), [])

    def excluded(self, page: Page) -> list[html.HtmlElement]:
        """Return the heading, the elements before it, blocks with nothing but links, and the footer."""
        heading = self.heading(page.root)[0]
        around = set(heading.iterancestors())
        before = takewhile(lambda element: element is not heading, page.root.iter())
        found = [element for element in before if isinstance(element.tag, str) and element not in around]
        foot = [
            element
            for element in page.root.iter("a", "p", "center")
            if element not in around and _FOOT.fullmatch(text_of(element))
        ]
        return [
            heading,
            *found,
            *foot,
            *(block for block in page.root.iter("li", "p", "td", "div") if _is_menu(block)),
        ]


def _has_text_beside(element: html.HtmlElement, child: html.HtmlElement) -> bool:
    """Return whether an element has text outside one of its children."""
    pieces = [
        element.text,
        *(one.tail for one in element),
        *(text_of(one) for one in element if one is not child),
    ]
    return any(piece and piece.strip() for piece in pieces)


def _is_menu(block: html.HtmlElement) -> bool:
    """Return whether a block contains nothing but links."""
    pieces = [block.text, *(child.tail for child in block)]
    return (
        len(block) > 0
        and all(child.tag in ("a", "br") for child in block)
        and not any(piece and piece.strip(" |\r\n\t") for piece in pieces)
    )


LAYOUTS: tuple[Layout, ...] = (
    Index1997(),
    Calendar1997(),
    Day1997(),
    Day2008(),
    Articles1997(),
    Article2008(),
    Article2018(),
)
