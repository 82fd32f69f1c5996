"""What a layout is, and how the one that fits a page is chosen.

It is chosen by evidence in the page, never by its date or URL.

A layout finds strings and links in one page of one generation of one site. It doesn't know what a date means,
makes no requests, and reads neither settings nor the clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import ClassVar

from lxml import etree, html

from kcna_spider.exceptions import LayoutError
from kcna_spider.items import ListingEntry, RawArticle, RawPhoto, RawPhotoPage
from kcna_spider.layouts.more_button import MoreRequest
from kcna_spider.layouts.paragraphs import paragraphs_of
from kcna_spider.text.urls import absolute

_SILENT = ("script", "style", "noscript", "template")
_CAPTION_WITHIN = 3  # elements around an image
_BREAKS = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5")


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page. `url`: what its relative links count from.

    `root`: the document, or the first element of a fragment.
    """

    url: str
    root: html.HtmlElement
    _found: dict[etree.XPath, list[html.HtmlElement]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _classes: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def all(self, selector: Selector) -> list[html.HtmlElement]:
        """Return what a selector finds in the page.

        The search is done once, however many layouts ask for it, and not at all where the page lacks a class
        that the selector needs.
        """
        if selector not in self._found:
            if not self._classes:
                self._classes.update(("", *" ".join(_ALL_CLASSES(self.root)).split()))
            self._found[selector] = selector(self.root) if selector.classes <= self._classes else []
        return self._found[selector]

    def link(self, href: str | None) -> str | None:
        """Return the absolute http(s) URL of a link of this page, or None."""
        return absolute(self.url, href)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a listing: its absolute URL and its text."""

    url: str
    label: str


@dataclass(slots=True)
class Listing:
    """What a listing page shows.

    entries: in the page's order. name: the listing's own. form: (URL, fields) of the form that turns the
    page. page, pages: where it says so; 0 where not. links: listings that belong to it (further pages, days
    of a calendar). expired: the page came without its session and says nothing about its articles. more: the
    request behind the button for further articles, where the page names it. has_more: there is such a button
    to click. photo_lists: lists of photo pages that a menu names.
    """

    entries: list[ListingEntry] = field(default_factory=list)
    name: str | None = None
    form: tuple[str, dict[str, str]] | None = None
    page: int = 0
    pages: int = 0
    links: list[Link] = field(default_factory=list)
    expired: bool = False
    more: MoreRequest | None = None
    has_more: bool = False
    photo_lists: list[Link] = field(default_factory=list)


class Layout:
    """Base of all layouts.

    name: unique in its site, with the first year it was seen. present, absent: the selectors of what every
    page of this layout has, and of what none has.
    """

    name: ClassVar[str]
    present: ClassVar[Sequence[Selector]] = ()
    absent: ClassVar[Sequence[Selector]] = ()

    def matches(self, page: Page) -> bool:
        """Return whether the page is of this layout, by what is in it."""
        return all(map(page.all, self.present)) and not any(map(page.all, self.absent))


class ArticleLayout(Layout):
    """A page that holds one article or several."""

    def containers(self, page: Page) -> list[html.HtmlElement]:
        """Return the elements whose whole text is the article's, except what is excluded by name.

        A layout whose page holds many articles does not implement it.
        """
        raise NotImplementedError

    # Layouts that exclude more override it.
    def excluded(self, page: Page) -> list[html.HtmlElement]:  # noqa: ARG002
        """Return the elements that are no part of the text, besides those of `paragraphs.is_excluded`."""
        return []

    def paragraphs(self, page: Page) -> list[str]:
        """Return the article's paragraphs: all text of its containers."""
        return paragraphs_of(self.containers(page), set(self.excluded(page)))

    def articles(self, page: Page) -> list[RawArticle]:
        """Return the articles of the page, in its order; strings that are missing are None or empty."""
        raise NotImplementedError


class PhotoLayout(Layout):
    """A page that shows the photos of one article, or of none."""

    def photo_page(self, page: Page) -> RawPhotoPage:
        """Return the photos of the page itself, not those of other pages that it links."""
        raise NotImplementedError


class ListingLayout(Layout):
    """A page that leads to articles or to further listings."""

    def listing(self, page: Page) -> Listing:
        """Return what the page lists."""
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
    """A compiled XPath. classes: a page without one of them has nothing that it finds."""

    classes: frozenset[str]


def xpath(expression: str, *classes: str) -> Selector:
    """Return a compiled selector, for the class attributes of layouts.

    classes: those without which it finds nothing. To know them takes a tenth of the time of a search.
    """
    selector = Selector(expression, smart_strings=False)
    selector.classes = frozenset(classes)
    return selector


def with_class(name: str) -> Selector:
    """Return a selector of all elements with a class."""
    return xpath(f"//*[{has_class(name)}]", name)


def has_class(name: str) -> str:
    """Return the XPath condition that an element has a class.

    The first condition is cheap, and most elements fail it.
    """
    return f"(contains(@class, '{name}') and contains(concat(' ', normalize-space(@class), ' '), ' {name} '))"


def text_of(element: html.HtmlElement) -> str:
    """Return the text that a reader sees in an element, with its own blanks; a line break is a line feed.

    Text nodes are joined as they are, never stripped: "the respected <b>Kim Jong Un</b> met" keeps its
    blanks.
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
    """Return `text_of` each element, without those inside another one, whose text includes theirs."""
    return [text_of(element) for element in outermost(elements)]


def outermost(elements: Iterable[html.HtmlElement]) -> Iterator[html.HtmlElement]:
    """Yield those of elements in document order that are in no other.

    One pass: tags nested by the thousand cost no more than others.
    """
    inside: set[html.HtmlElement] = set()
    for element in elements:
        if element not in inside:
            yield element
            inside = set(element.iter()) if len(element) else set()


def parted(elements: Iterable[html.HtmlElement], name: str) -> list[list[html.HtmlElement]]:
    """Split what a selector found, in document order, before each element of a class.

    Return one list per such element, without that element.

    One pass is enough, also where blocks are not closed, so that each is inside the one before.
    """
    parts: list[list[html.HtmlElement]] = []
    for element in elements:
        if name in (element.get("class") or "").split():
            parts.append([])
        elif parts:
            parts[-1].append(element)
    return parts


def photos_of(page: Page, images: Iterable[html.HtmlElement]) -> list[RawPhoto]:
    """Return the photos of some `img` elements, each URL once.

    An image that a script loads later has its URL in another attribute.
    """
    shown = list(images)
    around = Counter(parent for image in shown for parent in islice(image.iterancestors(), _CAPTION_WITHIN))
    found: dict[str, RawPhoto] = {}
    for image in shown:
        sources = (image.get(name) for name in ("data-src", "data-lazy-src", "data-original", "src"))
        url = next((url for source in sources if (url := page.link(source))), None)
        if url:
            found.setdefault(url, {"url": url, "caption": _caption(image, around)})
    return list(found.values())


def _caption(image: html.HtmlElement, around: Counter[html.HtmlElement]) -> str | None:
    """Return the caption beside an image, else its alternative text where that is more than one word.

    around: how many of the images each element holds. A caption beside several is no image's own.
    """
    for parent in islice(image.iterancestors(), _CAPTION_WITHIN):
        if around[parent] > 1:
            break
        if found := _CAPTIONS(parent):
            return " ".join(text_of(found[0]).split()) or None
    text = " ".join((image.get("alt") or "").split())
    return text if " " in text else None


def first_text(elements: Sequence[html.HtmlElement]) -> str | None:
    """Return `text_of` the first, or None."""
    return text_of(elements[0]) if elements else None


_ALL_CLASSES = xpath("//@class")
_CAPTIONS = xpath(f".//figcaption | .//*[{has_class('caption')}]")
