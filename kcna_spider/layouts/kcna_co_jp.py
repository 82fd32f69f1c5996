"""www.kcna.co.jp: static pages since 1 January 1997.

Until September 2008, one page has all articles of a day; since then, each article has a page of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile

from lxml import etree, html

from kcna_spider.items import ListingEntry, RawArticle
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
from kcna_spider.layouts.paragraphs import BLOCKS, EXCLUDED_TAGS

_LINKS = xpath("//a[@href]")
_HREFS = xpath("//a/@href")
_CALENDAR = re.compile(r"(?:^|/)calendar-\d{4}\w*\.html?$")
_DAY = re.compile(r"(?:^|/)(?:\d{4}/\d{6}|\d{6}/\d{8}|\d{6}/\d{4}-\d\d-\d\d\w*)\.html?$")
_STORY_1997 = re.compile(r"news?\d{1,2}/\d\d\.html?#\w+$")
_STORY_2008 = re.compile(r"n\w{3}\d\d/[\d-]{8,}[a-z]*\.html?$")
_LISTED_1997 = xpath("//a[@href][ancestor::h3][ancestor::li]")
_ANCHORS = xpath("//a[@name]")
_RULES = xpath("//hr")
_HEADING = xpath("(//h2 | //td/b)[1]")
_BOLD_TITLE = xpath("//td/div/b | //td/center/b | //td/div/*/b")
_INDENT = re.compile(r"\n\s*\n|\n[ \t]*\u00a0{2}|\u00a0{3}|\n\u3000")
_FOOT = re.compile(r"(?:\W|BACK|HOME|TOP)*(?:Copyright \(C\).*)?\s*", re.IGNORECASE | re.DOTALL)
_HEADINGS = ("h1", "h2", "h3", "h4")
_DATE_ONLY = re.compile(r"\W*(?:\uc8fc\uccb4\d+)?\W*\d{4}\W*\ub144?\s*\d{1,2}\s*\uc6d4\s*\d{1,2}\s*\uc77c\W*")


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The presence of elements in a page.

    calendar, day, story: links to the calendar of a year, to a day, to the page of one article. listed: the
    list of a day's articles. anchors: named anchors. bold: a title in bold.
    """

    calendar: bool
    day: bool
    story: bool
    listed: bool
    anchors: bool
    bold: bool


@lru_cache(maxsize=1)  # all layouts are matched against one page after the other
def _evidence(page: Page) -> _Evidence:
    hrefs = [href.strip() for href in _HREFS(page.root)]
    calendar, day, story = (
        any(form.search(href) for href in hrefs) for form in (_CALENDAR, _DAY, _STORY_2008)
    )
    return _Evidence(
        calendar,
        day,
        story,
        bool(_LISTED_1997(page.root)),
        bool(_ANCHORS(page.root)),
        bool(_BOLD_TITLE(page.root)),
    )


def _linked(page: Page, form: re.Pattern[str]) -> list[Link]:
    links = ((a, a.get("href").strip()) for a in _LINKS(page.root))
    found = {
        url: " ".join(text_of(a).split())
        for a, href in links
        if form.search(href) and (url := page.link(href))
    }
    return [Link(url, label) for url, label in found.items()]


def _heading(page: Page) -> str | None:
    """Return the date at the top of a day page, or None."""
    found = _HEADING(page.root)
    return " ".join(text_of(found[0]).split()) if found else None


class Index1997(ListingLayout):
    """The home page, with links to the calendar of each year."""

    name = "index_1997"

    def matches(self, page: Page) -> bool:
        seen = _evidence(page)
        return seen.calendar and not seen.day and not seen.bold

    def listing(self, page: Page) -> Listing:
        return Listing(links=_linked(page, _CALENDAR))


class Calendar1997(ListingLayout):
    """The calendar of one year, with links to its days: relative ones, in 2003 absolute ones."""

    name = "calendar_1997"

    def matches(self, page: Page) -> bool:
        seen = _evidence(page)
        return seen.day and not seen.bold and not (seen.listed or seen.story or seen.anchors)

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
        return seen.story and not seen.listed and not seen.bold

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
        return seen.anchors and not seen.listed and not seen.bold and bool(_RULES(page.root))

    def articles(self, page: Page) -> list[RawArticle]:
        day = None
        found: list[RawArticle] = []
        for anchor, title, text in _sections(page.root):
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
        paragraphs = [part for part in _INDENT.split(f"\n{text}") if part.strip()]
        return RawArticle(title=title, paragraphs=paragraphs, day=day, anchor=anchor)


def _sections(root: html.HtmlElement) -> Iterator[tuple[str | None, str, str]]:
    """Yield (anchor, heading, text) of each section between anchors or rules.

    The anchor is None for the text before the first anchor, and empty for a section after a rule.
    """
    anchor: str | None = None
    title, pieces = "", [""]
    heading: html.HtmlElement | None = None
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        text = node.tail or ""
        if event == "start":
            text = "" if node.tag in EXCLUDED_TAGS else node.text or ""
            if node.tag in EXCLUDED_TAGS:
                walker.skip_subtree()
            elif node.tag == "hr" or (node.tag == "a" and node.get("name")):
                if anchor is not None or node.tag == "a":
                    yield anchor, title, "".join(pieces)
                    title, pieces = "", [""]
                anchor = node.get("name") if node.tag == "a" else anchor and ""
            elif node.tag in _HEADINGS and anchor and not title.strip():
                heading = node
        elif event == "end" and node is heading:
            heading = None
        if heading is not None:
            title += text
        else:
            pieces.append(_border(node, event) + text)
    if anchor:
        yield anchor, title, "".join(pieces)


def _border(node: html.HtmlElement, event: str) -> str:
    """Return the white space that separates an element from the text around it.

    It is a line feed for a line break, an empty line at the start and end of a block, a blank for a cell, an
    image or an excluded element, and empty for others.
    """
    if node.tag == "br":
        return "\n" if event == "start" else ""
    if node.tag in ("td", "th", "img") or node.tag in EXCLUDED_TAGS:
        return " "
    return "\n\n" if event in ("start", "end") and node.tag in BLOCKS else ""


class Article2008(ArticleLayout):
    """One article: a line "calendar>>June 13. 2012 Juch 101", the title in bold, and the body in a cell."""

    name = "article_2008"

    def matches(self, page: Page) -> bool:
        seen = _evidence(page)
        return seen.bold and seen.calendar

    def articles(self, page: Page) -> list[RawArticle]:
        title = _BOLD_TITLE(page.root)[0]
        days = [
            text_of(a)
            for a in next(title.iterancestors("table")).iter("a")
            if _DAY.search(a.get("href") or "")
        ]
        return [
            RawArticle(title=text_of(title), paragraphs=self.paragraphs(page), day=days[0] if days else None)
        ]

    def containers(self, page: Page) -> list[html.HtmlElement]:
        """Return the title's cell and the cells after it."""
        title = _BOLD_TITLE(page.root)[0]
        cells = list(next(title.iterancestors("table")).iter("td"))
        return list(outermost(cells[cells.index(next(title.iterancestors("td"))) :]))

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
        if seen.calendar or seen.day or seen.story or seen.anchors:
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
