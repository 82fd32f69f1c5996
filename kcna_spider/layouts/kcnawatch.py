"""kcnawatch.org: home page, listings of a source, HTML fragments of "More Articles", search, articles."""

from __future__ import annotations

import re
from itertools import islice, takewhile

from lxml import html

from kcna_spider.items import ListingEntry, RawArticle
from kcna_spider.layouts.base import (
    ArticleLayout,
    Layout,
    Link,
    Listing,
    ListingLayout,
    Page,
    first_text,
    has_class,
    outermost,
    parted,
    text_of,
    with_class,
    xpath,
)
from kcna_spider.layouts.more_button import more_request
from kcna_spider.layouts.page_photos import photos_of

# The parts of the date line, which bars separate.
_ARTICLE_DATE = re.compile(r"\bDate\s*:\s*([^|]+?)(?=\||\bSource\s*:|$)", re.IGNORECASE)
_ARTICLE_SOURCE = re.compile(r"\bSource\s*:\s*([^|]+?)(?=\||\bRead\s+original\b|$)", re.IGNORECASE)
_SOURCE_NUMBER = re.compile(r"/article/\d+/?$")
# CSS selectors for the browser: the button for further articles, and the entries that a click adds to.
MORE_BUTTON, MORE_ENTRIES = "#more_results", "#latest_article_wrapper .article-desc"
SEARCH_BUTTON, SEARCH_ENTRIES = "a.more-full-link", "#search_wrapper .article-desc"
_WRAPPER = xpath("//*[@id='latest_article_wrapper']")
_BUTTON = xpath("//*[@id='more_results']")
_SEARCH = xpath("//*[@id='search_wrapper']")
_SEARCH_BUTTON = xpath(f"//a[{has_class('more-full-link')}]", "more-full-link")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SCRIPTS = xpath("//script[not(@src)]")
_CONTENT = with_class("article-content")
_TITLE, _TOP_BAR = xpath("//title"), with_class("top-bar")
_BLOCK = "article-desc"
# The blocks, and the links and dates in them.
_ENTRIES = xpath(
    f"descendant-or-self::*[{has_class(_BLOCK)} or (((self::a and @href and ancestor::h4)"
    f" or (self::span and ancestor::p[{has_class('articled-date')}])) and ancestor::*[{has_class(_BLOCK)}])]"
)
_IMAGES = xpath(".//img")
_DATE = re.compile(r"\bdate\s*(?::|$)", re.IGNORECASE)
_LONGEST_LABEL = 100  # characters
_FEW = 4  # number of elements, and of elements around each, that are searched for the date line
_SOURCES = xpath("//a[contains(@href, '/article/')]")


def _entries(page: Page, found: list[html.HtmlElement]) -> list[ListingEntry]:
    entries = []
    for parts in parted(found, _BLOCK):
        link = next((part for part in parts if part.tag == "a"), None)
        if link is not None and (url := page.link(link.get("href"))):
            entries.append(
                ListingEntry(
                    url, title=text_of(link), day=first_text([part for part in parts if part.tag == "span"])
                )
            )
    return entries


def _names_date(element: html.HtmlElement) -> bool:
    """Return whether the text directly in an element has the name of a date."""
    return any(_DATE.search(text or "") for text in (element.text, *(child.tail for child in element)))


def _sources(page: Page) -> list[Link]:
    return [link for link in page.links(page.all(_SOURCES)) if _SOURCE_NUMBER.search(link.url)]


def _with_button(listing: Listing, page: Page, buttons: list[html.HtmlElement]) -> Listing:
    """Add the request of the button for more articles to a listing, unless the button is hidden."""
    button = buttons[0] if buttons else None
    listing.has_more = button is not None and not _HIDDEN.search(button.get("style") or "")
    if listing.has_more:
        listing.more = more_request((script.text or "" for script in page.all(_SCRIPTS)), button)
    return listing


class Home2016(ListingLayout):
    """The home page, with links to the listings of the sources by their labels."""

    name = "home_2016"
    absent = (_WRAPPER, _CONTENT, _SEARCH)

    def matches(self, page: Page) -> bool:
        numbered = (_SOURCE_NUMBER.search(a.get("href") or "") for a in page.all(_SOURCES))
        return super().matches(page) and any(numbered)

    def listing(self, page: Page) -> Listing:
        return Listing(links=_sources(page))


class Source2016(ListingLayout):
    """The listing of one source, with its newest articles and the button for more."""

    name = "source_2016"
    present = (_WRAPPER,)
    absent = (_CONTENT, _SEARCH)

    def listing(self, page: Page) -> Listing:
        entries = _entries(page, _ENTRIES(page.all(_WRAPPER)[0]))
        name = first_text(page.root.xpath("//h1"))
        # The home page may show its newest articles in the same form.
        return _with_button(Listing(entries, name, links=_sources(page)), page, page.all(_BUTTON))


class Search2016(ListingLayout):
    """The first results of the site's search, with a button for more that is hidden after the last result."""

    name = "search_2016"
    present = (_SEARCH,)
    absent = (_CONTENT,)

    def listing(self, page: Page) -> Listing:
        return _with_button(
            Listing(_entries(page, _ENTRIES(page.all(_SEARCH)[0]))), page, page.all(_SEARCH_BUTTON)
        )


class More2016(ListingLayout):
    """The response to "More Articles": an HTML fragment with further entries, empty after the last one."""

    name = "more_2016"
    absent = (_TITLE, _TOP_BAR, _WRAPPER, _CONTENT, _SEARCH)

    def matches(self, page: Page) -> bool:
        return super().matches(page) and (bool(page.all(_ENTRIES)) or not text_of(page.root).strip())

    def listing(self, page: Page) -> Listing:
        return Listing(_entries(page, page.all(_ENTRIES)))


class Article2016(ArticleLayout):
    """An article with the badge of its source, its date line, and the link to the original."""

    name = "article_2016"
    present = (_CONTENT,)
    title = xpath(f"//h1[{has_class('article-title')}]", "article-title")
    any_title = xpath("//h1")
    meta = with_class("article-meta")
    dates = xpath(
        "//*[not(self::script or self::style)][text()[contains(translate(., 'DATE', 'date'), 'date')]]"
    )
    badge = xpath(f"//*[{has_class('source-badge')}]//a", "source-badge")
    original = xpath(".//a[contains(translate(., 'ORIGNAL', 'orignal'), 'original')]/@href")

    def articles(self, page: Page) -> list[RawArticle]:
        meta = next(iter(page.all(self.meta)), None)
        meta = self._date_line(page) if meta is None else meta
        line = "" if meta is None else text_of(meta)
        day = _ARTICLE_DATE.search(line)
        originals = [] if meta is None else self.original(meta)
        return [
            RawArticle(
                title=first_text(page.all(self.title) or self._titles(page)),
                paragraphs=self.paragraphs(page),
                day=day[1].strip() if day else None,
                source=self._source(page, line),
                original=page.link(originals[0]) if originals else None,
                language=_language_of_label(self._source(page, line)),
                photos=photos_of(page, [image for part in self.containers(page) for image in _IMAGES(part)]),
            )
        ]

    def containers(self, page: Page) -> list[html.HtmlElement]:
        return list(outermost(page.all(_CONTENT)))

    def _titles(self, page: Page) -> list[html.HtmlElement]:
        """Return the last heading with text before the text of the article, or else all headings."""
        content = page.all(_CONTENT)[0]
        before = takewhile(lambda element: element is not content, page.root.iter("h1", str(content.tag)))
        named = [element for element in before if element.tag == "h1" and text_of(element).strip()]
        return named[-1:] or page.all(self.any_title)

    def _date_line(self, page: Page) -> html.HtmlElement | None:
        """Return the smallest element outside the text with a date and a source, or None."""
        inside = {element for container in self.containers(page) for element in container.iter()}
        named = (one for one in page.all(self.dates) if one not in inside and _names_date(one))
        for element in islice(named, _FEW):
            for outer in islice((element, *element.iterancestors()), _FEW):
                line = text_of(outer)
                source = _ARTICLE_SOURCE.search(line)
                if _ARTICLE_DATE.search(line) and source and len(source[1]) <= _LONGEST_LABEL:
                    return outer
        return None

    def _source(self, page: Page, line: str) -> str | None:
        named = _ARTICLE_SOURCE.search(line)
        return named[1] if named else first_text(page.all(self.badge))


def _language_of_label(label: str | None) -> str | None:
    """Return the language that a label names at its end, as in "KCNA.kp (En)", or None."""
    codes = {
        "en": "en",
        "kr": "ko",
        "kp": "ko",
        "ko": "ko",
        "cn": "zh",
        "ch": "zh",
        "zh": "zh",
        "ru": "ru",
        "es": "es",
        "jp": "ja",
        "ja": "ja",
    }
    named = re.search(r"\((\w\w)\w*\)\s*$", (label or "").strip())
    return codes.get(named[1].lower()) if named else None


LAYOUTS: tuple[Layout, ...] = (Home2016(), Source2016(), Search2016(), More2016(), Article2016())
