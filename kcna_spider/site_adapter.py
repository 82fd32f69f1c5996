"""Read the pages of one site with its layouts and rules; needs neither a crawl nor a database."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from urllib.parse import urlsplit

from lxml import html
from parsel.selector import create_root_node
from scrapy.http import HtmlResponse, Response, TextResponse
from w3lib.encoding import html_body_declared_encoding

from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Article, Fetched, ListingEntry, RawArticle, RawPhoto, RawPhotoPage
from kcna_spider.layouts.base import (
    ArticleLayout,
    Layout,
    Link,
    Listing,
    ListingLayout,
    Page,
    PhotoLayout,
    select_layout,
)
from kcna_spider.loaders import load_article
from kcna_spider.sites import SITE_MODULES, Site, canonical_url, site_of_url
from kcna_spider.text.normalize import composed

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SiteAdapter:
    """A site and its layouts."""

    site: Site
    layouts: Sequence[Layout]

    @property
    def name(self) -> str:
        """The name of the site, as stored in `copies.site`."""
        return self.site.name

    def select_layout(self, response: Response) -> tuple[Layout, Page]:
        """Return the layout that matches a response, and the parsed page.

        Raise LayoutError if the response is not HTML, or unless exactly one layout matches.
        """
        kind = header(response, "Content-Type") or "an unknown type"
        if not isinstance(response, TextResponse):
            raise LayoutError(f"{response.url}: no text, but {kind}")
        try:
            root = _root(response)
        except ValueError as error:  # a <base> that is no URL
            raise LayoutError(f"{response.url}: {error}") from error
        if not isinstance(root, html.HtmlElement):
            raise LayoutError(f"{response.url}: no HTML, but {kind}")
        page = Page(response.url, root)
        return select_layout(self.layouts, page), page

    def read(self, layout: Layout, page: Page) -> Listing | list[RawArticle] | RawPhotoPage:
        """Return the listing, the articles or the photos of a page, depending on the kind of its layout.

        Raise LayoutError if the layout cannot read the page.
        """
        try:
            if isinstance(layout, ListingLayout):
                return _with_canonical_urls(layout.listing(page))
            if isinstance(layout, PhotoLayout):
                return _with_canonical_photos(layout.photo_page(page))
            assert isinstance(layout, ArticleLayout)
            articles = layout.articles(page)
            for raw in articles:
                if raw.photo_pages or raw.photos:
                    _set_canonical_photo_urls(raw)
        except Exception as error:
            logger.debug("%s: %s cannot read this page", page.url, layout.name, exc_info=True)
            raise LayoutError(f"{page.url}: {layout.name} cannot read this page: {error!r}") from error
        return articles

    def entries(
        self,
        url: str,
        listing: Listing,
        category: str | None = None,
        *,
        key: str | None = None,
        source: str | None = None,
    ) -> list[ListingEntry]:
        """Return the entries of a listing page at a URL.

        category: the name of the listing, if the site has categories. key, source: `listing` and `source` of
        every entry.
        """
        listed = self.site.day_of_listing(url) if self.site.day_of_listing else None
        added = [category] if category else []
        return [
            replace(
                entry,
                day=str(day) if (day := self._day_of_part(entry.url) or listed) else entry.day,
                categories=[*entry.categories, *added],
                listing=key,
                source=source,
            )
            for entry in listing.entries
        ]

    def _day_of_part(self, url: str) -> dt.date | None:
        """Return the day of a page with all articles of a day, if a URL names a part of one.

        Some listings of a day link to the page of another day.
        """
        return self.day_in_url(url) if "#" in url else None

    def article(self, fetched: Fetched, raw: RawArticle, listed: ListingEntry | None) -> Article:
        """Return the normalised article of a raw article. listed: its listing entry."""
        site = self.site
        stated = raw.language or site.language_codes.get(urlsplit(fetched.url).path[1:].partition("/")[0])
        languages = site.mixed_languages.get(stated, (stated,)) if stated else site.languages
        return load_article(
            fetched,
            raw,
            listed,
            languages,
            url_day=self.day_in_url(fetched.url),
            captures_bound_day=site.captures_bound_day,
        )

    def day_in_url(self, url: str) -> dt.date | None:
        """Return the date of publication that a URL states, or None."""
        return self.site.day_in_url(url) if self.site.day_in_url else None

    def is_kcna(self, article: Article) -> bool:
        """Return whether KCNA published an article; a site may show articles of other sources too."""
        return (article.source or "").startswith(self.site.source_prefix)


@cache
def site_adapters() -> dict[str, SiteAdapter]:
    """Return the adapter of each site, by the site's name."""
    modules = {name: import_module(f"kcna_spider.layouts.{name}") for name in SITE_MODULES}
    return {site.name: SiteAdapter(site, modules[name].LAYOUTS) for name, site in SITE_MODULES.items()}


def adapter_of_url(url: str) -> SiteAdapter | None:
    """Return the adapter of the site that a URL belongs to, or None. Raise ValueError for a malformed URL."""
    site = site_of_url(url)
    return site_adapters()[site.name] if site else None


def header(response: Response, name: str) -> str | None:
    """Return a header's value as text, or None."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _with_canonical_urls(listing: Listing) -> Listing:
    for entry in listing.entries:
        entry.url = canonical_url(entry.url)
    listing.links = [Link(canonical_url(link.url), link.label) for link in listing.links]
    listing.photo_lists = [Link(canonical_url(link.url), link.label) for link in listing.photo_lists]
    return listing


def _with_canonical_photos(page: RawPhotoPage) -> RawPhotoPage:
    found: dict[str, RawPhoto] = {}
    for photo in page.photos:
        url = canonical_url(photo["url"])
        found.setdefault(url, {"url": url, "caption": photo["caption"]})
    page.photos = list(found.values())
    return page


def _set_canonical_photo_urls(raw: RawArticle) -> None:
    raw.photo_pages = list(dict.fromkeys(map(canonical_url, raw.photo_pages)))
    raw.photos = _with_canonical_photos(RawPhotoPage(raw.photos)).photos


def _root(response: TextResponse) -> object:
    """Return the parsed page, its text in Unicode's composed form (NFC).

    Raise ValueError for a <base> that is no URL.

    A page without <base>, which most are, is parsed without a `Selector`, which would search for one.
    """
    # A body that is not ASCII is valid UTF-8 only if it was written as UTF-8, whatever the header and the
    # page say. If most of its characters are not valid in UTF-8, the page may still name the right encoding.
    text, named = response.text, "utf-8"
    if response.encoding.lower().replace("-", "") == "utf8":
        wrong = text.count("\ufffd")
        is_wrong = wrong and 2 * wrong > sum(not character.isascii() for character in text)
        named = (html_body_declared_encoding(response.body) or "") if is_wrong else ""
    if named and not response.body.isascii():
        with suppress(UnicodeDecodeError, LookupError):
            text = response.body.decode(named)
    text = composed(text)
    if not isinstance(response, HtmlResponse) or "<base" in text.lower():
        return (
            response.selector.root
            if text is response.text
            else response.replace(body=text, encoding="utf-8").selector.root
        )
    return create_root_node(text, html.HTMLParser)
