"""www.kcna.co.jp: static pages since 1 January 1997.

Until September 2008, one page has all articles of a day; since then, each article has a page of its own.
"""

from __future__ import annotations

import re
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
    text_of,
    xpath,
)
from kcna_spider.layouts.kcna_co_jp_evidence import (
    BOLD_TITLE,
    CALENDAR,
    DAY,
    FEW,
    FOOT,
    LISTED_1997,
    STORY_2008,
    evidence_of,
)

_LINKS = xpath("//a[@href]")
_YEAR = re.compile(r"\d{4}")
_STORY_1997 = re.compile(r"news?\d{1,2}/\d\d\.html?#\w+$")
_HEADING = xpath("(//h2 | //td/b | //td/div/b | //td/center/b)[1]")
_INDENT = re.compile(r"\n\s*\n|\n[ \t]*\u00a0{2}|\u00a0{3}|\n\u3000")
_LAST_LINKS = re.compile(r"(?:\s*\b(?:BACK|HOME|TOP)\b)+\s*\Z")
_END = 80  # characters at the end of a text that are searched for these links
_DATE_ONLY = re.compile(r"\W*(?:\uc8fc\uccb4\d+)?\W*\d{4}\W*\ub144?\s*\d{1,2}\s*\uc6d4\s*\d{1,2}\s*\uc77c\W*")


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
        seen = evidence_of(page)
        others = seen.days or seen.listed or seen.parted or seen.is_article
        return bool(seen.calendars) and not others and (seen.is_front or not seen.stories)

    def listing(self, page: Page) -> Listing:
        return Listing(links=_linked(page, CALENDAR))


class Calendar1997(ListingLayout):
    """The calendar of one year, with links to its days: relative ones, in 2003 absolute ones."""

    name = "calendar_1997"

    def matches(self, page: Page) -> bool:
        seen = evidence_of(page)
        others = seen.listed or seen.stories or seen.parted or seen.is_article
        return bool(seen.days) and not others and (seen.days > FEW or not seen.bold)

    def listing(self, page: Page) -> Listing:
        return Listing(links=_linked(page, DAY))


class Day1997(ListingLayout):
    """The listing of a day until September 2008: its articles are anchors in one page."""

    name = "day_1997"

    def matches(self, page: Page) -> bool:
        return evidence_of(page).listed and any(
            _STORY_1997.search(a.get("href")) for a in LISTED_1997(page.root)
        )

    def listing(self, page: Page) -> Listing:
        day = _heading(page)
        links = [(page.link(a.get("href")), text_of(a)) for a in LISTED_1997(page.root)]
        return Listing(
            entries=[ListingEntry(url, title=title, day=day) for url, title in links if url], name=day
        )


class Day2008(ListingLayout):
    """The listing of a day since October 2008: a table of links to articles, each with a page."""

    name = "day_2008"

    def matches(self, page: Page) -> bool:
        seen = evidence_of(page)
        others = seen.listed or seen.is_front or seen.is_article
        return bool(seen.stories) and not others and (seen.stories > FEW or not seen.bold)

    def listing(self, page: Page) -> Listing:
        day = _heading(page)
        links = _linked(page, STORY_2008)
        return Listing(
            entries=[ListingEntry(link.url, title=link.label or None, day=day) for link in links], name=day
        )


class Articles1997(ArticleLayout):
    """All articles of a day in one page: each after an anchor, separated by rules, in hard-wrapped lines."""

    name = "articles_1997"

    def matches(self, page: Page) -> bool:
        seen = evidence_of(page)
        return seen.parted and not (seen.listed or seen.stories or seen.bold)

    def articles(self, page: Page) -> list[RawArticle]:
        day = None
        found: list[RawArticle] = []
        for anchor, title, text in sections(page.root):
            if anchor is None:
                day = text.strip()
            elif not anchor and found:  # text after a rule inside an article, or the footer of the page
                found[-1].paragraphs += [
                    part for part in _INDENT.split(text) if part.strip() and not FOOT.fullmatch(part)
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
        return evidence_of(page).is_article

    def articles(self, page: Page) -> list[RawArticle]:
        title = BOLD_TITLE(page.root)[0]
        links = (a for a in page.root.iter("a") if DAY.search((a.get("href") or "").strip()))
        day = next((text for a in links if _YEAR.search(text := text_of(a))), None)
        return [RawArticle(title=text_of(title), paragraphs=self.paragraphs(page), day=day)]

    def containers(self, page: Page) -> list[html.HtmlElement]:
        """Return the title's cell and the cells after it, except the footer."""
        return evidence_of(page).cells

    def excluded(self, page: Page) -> list[html.HtmlElement]:
        foot = [
            a
            for container in self.containers(page)
            for a in container.iter("a")
            if FOOT.fullmatch(text_of(a))
        ]
        return [BOLD_TITLE(page.root)[0], *foot]


class Article2018(ArticleLayout):
    """An article below /calendar/ (Korean, since 2018).

    Its title is in bold or a heading, and its paragraphs follow. The page has no link to a yearly calendar.
    """

    name = "article_2018"
    heading = xpath("//h1 | //h2 | //h3 | //td/div/b | //center/b | //div/b | //td/b")

    def matches(self, page: Page) -> bool:
        seen = evidence_of(page)
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
            if element not in around and FOOT.fullmatch(text_of(element))
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
