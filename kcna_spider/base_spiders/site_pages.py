"""What is known of a site's pages, wherever they come from: the spider of the site is one, and captures are read through it.

All methods are class methods and need neither a crawl nor a database, so that they run in any process.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import ClassVar

from lxml import html
from parsel.selector import create_root_node
from scrapy.http import HtmlResponse, Response, TextResponse

from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Article, Fetched, ListedStory, RawArticle
from kcna_spider.layouts.base import ArticleLayout, Layout, Link, Listing, ListingLayout, Page, choose
from kcna_spider.loaders import ArticleLoader
from kcna_spider.sites import SITES, Site, canonical_url, site_of_url
from kcna_spider.text.normalize import composed


class SitePages:
    """Base of the spiders of one site.

    site: the name of a `kcna_spider.sites.Site`, which declares its hosts. layouts: of the site. languages: what the site publishes
    in. mixed: language that a page or its URL names -> what is published under it in fact. categorised: whether its listings are
    categories.
    """

    site: ClassVar[str]
    layouts: ClassVar[Sequence[Layout]]
    languages: ClassVar[tuple[str, ...]] = ("en",)
    mixed: ClassVar[dict[str, tuple[str, ...]]] = {}
    categorised: ClassVar[bool] = False

    @classmethod
    def rules(cls) -> Site:
        """Return what is known of the site apart from its pages."""
        return SITES[cls.site]

    @classmethod
    def claim(cls, response: Response) -> tuple[Layout, Page]:
        """The layout that claims a page, and the page; LayoutError where none does."""
        kind = header(response, "Content-Type") or "an unknown type"
        if not isinstance(response, TextResponse):
            raise LayoutError(f"{response.url}: no text, but {kind}")
        try:
            root = _root(response)
        except ValueError as error:  # a <base> that is no address
            raise LayoutError(f"{response.url}: {error}") from error
        if not isinstance(root, html.HtmlElement):
            raise LayoutError(f"{response.url}: no HTML, but {kind}")
        page = Page(response.url, root)
        return choose(cls.layouts, page), page

    @classmethod
    def content(cls, layout: Layout, page: Page) -> Listing | list[RawArticle]:
        """What a page lists, or its articles; LayoutError where the page breaks its layout."""
        try:
            if isinstance(layout, ListingLayout):
                return _with_canonical_urls(layout.listing(page))
            assert isinstance(layout, ArticleLayout)
            return layout.articles(page)
        except Exception as error:
            raise LayoutError(f"{page.url}: {layout.name} can't read this page: {error!r}") from error

    @classmethod
    def stories(cls, url: str, listing: Listing, category: str | None = None) -> list[ListedStory]:  # noqa: ARG003
        """The stories of a listing page at an address, as they are stored. category: the name of the listing, where the site has such."""
        for story in listing.stories:
            story.categories += [category] if category else []
        return listing.stories

    @classmethod
    def article(cls, fetched: Fetched, raw: RawArticle, listed: ListedStory | None) -> Article:
        """The normalised article."""
        stated = raw.language or cls.language_of(fetched.url)
        choices = cls.mixed.get(stated, (stated,)) if stated else cls.languages
        article = ArticleLoader(
            fetched, raw, listed, choices, url_day=cls.day_of_address(fetched.url), captures_bound_day=cls.rules().captures_bound_day
        ).load()
        article.raw["listed"] = listed.entry() if listed else None
        return article

    @classmethod
    def concerns(cls, article: Article) -> bool:  # noqa: ARG003
        """Whether an article that was met among captures is KCNA's."""
        return True

    @classmethod
    def day_of_address(cls, url: str) -> dt.date | None:
        """Return the day of publication that a URL of this site states, or None."""
        return cls.rules().day_in_url(url)

    @classmethod
    def language_of(cls, url: str) -> str | None:  # noqa: ARG003
        """The language that an address of this site says, if it does."""
        return None


def _with_canonical_urls(listing: Listing) -> Listing:
    for story in listing.stories:
        story.url = canonical_url(story.url)
    listing.links = [Link(canonical_url(link.url), link.label) for link in listing.links]
    return listing


def _root(response: TextResponse) -> object:
    """Return the parsed page, its text in Unicode's composed form (NFC). Raise ValueError for a <base> that is no URL.

    Most pages have no <base>: they need no `Selector`, which looks for it.
    """
    text = composed(response.text)
    if not isinstance(response, HtmlResponse) or "<base" in text.lower():
        return response.selector.root if text is response.text else response.replace(body=text, encoding="utf-8").selector.root
    return create_root_node(text, html.HTMLParser)


def header(response: Response, name: str) -> str | None:
    """A header's value as text, or None."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def all_sites() -> dict[str, type[SitePages]]:
    """Site -> its pages, of all spiders of the project."""
    found: dict[str, type[SitePages]] = {}
    for name in spider_modules():
        for value in vars(import_module(name)).values():
            if isinstance(value, type) and issubclass(value, SitePages) and isinstance(vars(value).get("site"), str):
                found[value.site] = value
    return found


def spider_modules() -> Iterator[str]:
    """The names of the modules that spiders stand in."""
    package = import_module("kcna_spider.spiders")
    return (module.name for module in iter_modules(package.__path__, f"{package.__name__}."))


def site_of(url: str, sites: dict[str, type[SitePages]]) -> type[SitePages] | None:
    """The site that an address belongs to, or None for a stranger's."""
    site = site_of_url(url)
    return sites.get(site.name) if site else None
