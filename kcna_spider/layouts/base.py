"""Base classes of layouts, the choice of the layout for a page, and helpers to read pages.

A layout finds strings and links in the pages of one kind and generation of one site. It is chosen by the
markup of a page, never by its date or URL. A layout does not interpret dates, makes no requests, and reads
neither settings nor the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from lxml import etree, html

from kcna_spider.exceptions import LayoutError
from kcna_spider.items import ListingEntry, RawArticle, RawPhotoPage
from kcna_spider.layouts.more_button import MoreRequest
from kcna_spider.layouts.paragraphs import paragraphs_of
from kcna_spider.text.urls import absolute

_SILENT = ("script", "style", "noscript", "template")
_BREAKS = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5")


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page. `url`: the base of its relative links.

    `root`: the document, or the first element of an HTML fragment.
    """

    url: str
    root: html.HtmlElement
    _found: dict[etree.XPath, list[html.HtmlElement]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _classes: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def all(self, selector: Selector) -> list[html.HtmlElement]:
        """Return the elements that a selector finds in the page.

        The result is cached for all layouts. The search is skipped if the page lacks a class that the
        selector needs.
        """
        if selector not in self._found:
            if not self._classes:
                self._classes.update(("", *" ".join(_ALL_CLASSES(self.root)).split()))
            self._found[selector] = selector(self.root) if selector.classes <= self._classes else []
        return self._found[selector]

    def link(self, href: str | None) -> str | None:
        """Return the absolute http(s) URL of a link of this page, or None."""
        return absolute(self.url, href)

    def links(self, elements: Iterable[html.HtmlElement]) -> list[Link]:
        """Return the links of `a` elements with their texts on one line, without those that lead nowhere."""
        return [
            Link(url, " ".join(text_of(a).split())) for a in elements if (url := self.link(a.get("href")))
        ]


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a listing: its absolute URL and its text."""

    url: str
    label: str


@dataclass(slots=True)
class Listing:
    """The contents of a listing page.

    entries: in the page's order. name: the title of the listing. form: (URL, fields) of the form for further
    pages. page, pages, total: number of this page, of pages, and of the entries of all pages; 0 if the page
    does not state it. links: other listings that it links to (further pages, days of a calendar). expired:
    the site did not recognise the session, so the page does not show its articles. more: the request of the
    button for further articles, if the page names it. has_more: whether there is such a button to click.
    photo_lists: listings of photo pages that a menu names.
    """

    entries: list[ListingEntry] = field(default_factory=list)
    name: str | None = None
    form: tuple[str, dict[str, str]] | None = None
    page: int = 0
    pages: int = 0
    total: int = 0
    links: list[Link] = field(default_factory=list)
    expired: bool = False
    more: MoreRequest | None = None
    has_more: bool = False
    photo_lists: list[Link] = field(default_factory=list)


class Layout:
    """Base of all layouts.

    name: unique within its site; ends with the first year in which the layout was seen. present, absent:
    selectors of elements that every page of this layout has, and of elements that none has.
    """

    name: ClassVar[str]
    present: ClassVar[Sequence[Selector]] = ()
    absent: ClassVar[Sequence[Selector]] = ()

    def matches(self, page: Page) -> bool:
        """Return whether the page has this layout, according to its markup."""
        return all(map(page.all, self.present)) and not any(map(page.all, self.absent))


class ArticleLayout(Layout):
    """Base of the layouts of pages with one article or several."""

    def containers(self, page: Page) -> list[html.HtmlElement]:
        """Return the elements whose text, except for excluded elements, is the article's.

        A layout for pages with many articles does not implement it.
        """
        raise NotImplementedError

    def excluded(self, page: Page) -> list[html.HtmlElement]:  # noqa: ARG002
        """Return elements that are not part of the text, in addition to those of `paragraphs.is_excluded`."""
        return []

    def paragraphs(self, page: Page) -> list[str]:
        """Return the paragraphs of the article: all text of its containers that is not excluded."""
        return paragraphs_of(self.containers(page), set(self.excluded(page)))

    def articles(self, page: Page) -> list[RawArticle]:
        """Return the articles of the page in its order; missing strings are None or empty."""
        raise NotImplementedError


class PhotoLayout(Layout):
    """Base of the layouts of photo pages, which show the photos of one article or of none."""

    def photo_page(self, page: Page) -> RawPhotoPage:
        """Return the photos of the page itself, without those of other pages that it links to."""
        raise NotImplementedError


class ListingLayout(Layout):
    """Base of the layouts of pages that link to articles or to further listings."""

    def listing(self, page: Page) -> Listing:
        """Return the entries and links of the page."""
        raise NotImplementedError


def select_layout(layouts: Sequence[Layout], page: Page) -> Layout:
    """Return the one layout that matches the page. Raise LayoutError if none or several do."""
    matching = [layout for layout in layouts if layout.matches(page)]
    if len(matching) != 1:
        names = " and ".join(layout.name for layout in matching) or "no layout"
        every = ", ".join(layout.name for layout in layouts)
        raise LayoutError(f"{page.url}: exactly one layout must match; {names} of {every} matched")
    return matching[0]


class Selector(etree.XPath):
    """A compiled XPath. classes: HTML classes; it finds nothing in a page that lacks one of them."""

    classes: frozenset[str]


def xpath(expression: str, *classes: str) -> Selector:
    """Return a compiled selector, for the class attributes of layouts.

    classes: HTML classes without which it finds nothing. Testing for them takes a tenth of the time of a
    search.
    """
    selector = Selector(expression, smart_strings=False)
    selector.classes = frozenset(classes)
    return selector


def with_class(name: str) -> Selector:
    """Return a selector for all elements with an HTML class."""
    return xpath(f"//*[{has_class(name)}]", name)


def has_class(name: str) -> str:
    """Return the XPath condition that an element has an HTML class.

    Its first part is redundant but cheap, and most elements fail it.
    """
    return f"(contains(@class, '{name}') and contains(concat(' ', normalize-space(@class), ' '), ' {name} '))"


def text_of(element: html.HtmlElement) -> str:
    """Return the visible text of an element, with its white space; line breaks and blocks add line feeds.

    Text nodes are joined without stripping, so that "the respected <b>Kim Jong Un</b> met" keeps its blanks.
    """
    if not len(element):  # most paragraphs
        return "" if element.tag in _SILENT else element.text or ""
    return "".join(_pieces(element))


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if node.tail:
                yield node.tail
        elif event == "start":
            if node.tag in _BREAKS and node is not element:
                yield "\n"
            if node.text and node.tag not in _SILENT:
                yield node.text
        elif node is not element and node.tail:
            yield node.tail


def texts(elements: Iterable[html.HtmlElement]) -> list[str]:
    """Return `text_of` each element, except elements inside others, whose text includes theirs."""
    return [text_of(element) for element in outermost(elements)]


def outermost(elements: Iterable[html.HtmlElement]) -> Iterator[html.HtmlElement]:
    """Yield the elements that are not inside another of the elements, which are in document order.

    A single pass suffices, so that thousands of nested tags take no longer than others.
    """
    inside: set[html.HtmlElement] = set()
    for element in elements:
        if element not in inside:
            yield element
            inside = set(element.iter()) if len(element) else set()


def parted(elements: Iterable[html.HtmlElement], name: str) -> list[list[html.HtmlElement]]:
    """Split elements in document order before each element with an HTML class.

    Return one list per such element, without that element.

    This also works for blocks that are not closed, so that each is inside the one before.
    """
    parts: list[list[html.HtmlElement]] = []
    for element in elements:
        if name in (element.get("class") or "").split():
            parts.append([])
        elif parts:
            parts[-1].append(element)
    return parts


def first_text(elements: Sequence[html.HtmlElement]) -> str | None:
    """Return `text_of` the first element, or None if there is none."""
    return text_of(elements[0]) if elements else None


_ALL_CLASSES = xpath("//@class")
