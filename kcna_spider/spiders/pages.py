"""Reading a page: which layout claims it, what it lists, which articles it holds, and what is kept of one that nobody claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import scrapy
from lxml import html
from scrapy.http import Response, TextResponse
from scrapy.statscollectors import StatsCollector

from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Article, Fetched, ListedStory, RawArticle, Reject
from kcna_spider.layouts.base import ArticleLayout, Layout, Listing, ListingLayout, Page, choose
from kcna_spider.loaders import ArticleLoader
from kcna_spider.spiders.arguments import Arguments
from kcna_spider.spiders.failures import listing_entry
from kcna_spider.urls import normal_url

_KEPT_HTML = 200_000  # characters of a page that no layout claims


class PageReader(scrapy.Spider):
    """A spider that reads the pages of one site.

    site: as it is stored. layouts: of the site. arguments: as given, checked. languages: what the site publishes in.
    mixed: language that a page or its address names -> what stands under it in truth.
    """

    site: ClassVar[str]
    layouts: ClassVar[Sequence[Layout]]
    languages: ClassVar[tuple[str, ...]] = ("en",)
    mixed: ClassVar[dict[str, tuple[str, ...]]] = {}
    arguments: Arguments
    # address -> its listing entry while its request waits; None from when the page was read until it is stored
    pending: dict[str, ListedStory | None]

    def read(self, response: Response) -> tuple[Layout, Page]:
        """The layout that claims a page, and the page; LayoutError where none does."""
        if not isinstance(response, TextResponse):
            raise LayoutError(f"{response.url}: no text, but {_header(response, 'Content-Type') or 'an unknown type'}")
        if not isinstance(response.selector.root, html.HtmlElement):
            raise LayoutError(f"{response.url}: no HTML, but {_header(response, 'Content-Type') or 'an unknown type'}")
        page = Page(response.url, response.selector.root)
        layout = choose(self.layouts, page)
        self.stats.inc_value(f"layout/{self.site}/{layout.name}")
        return layout, page

    def read_listing(self, response: Response) -> Listing | Reject:
        """What a listing page shows, or why it is none."""
        try:
            layout, page = self.read(response)
        except LayoutError as error:
            return self.unknown_layout(response, error)
        if not isinstance(layout, ListingLayout):
            return self.reject(response.url, "no_listing", f"a listing was expected, this is {layout.name}", {})
        try:
            return layout.listing(page)
        except Exception as error:  # noqa: BLE001  # a page that breaks its layout is like one that none claims
            return self.unknown_layout(response, LayoutError(f"{response.url}: {layout.name} can't read this page: {error!r}"))

    def articles_of(self, response: Response, listed: ListedStory | None) -> Iterator[Article | Reject]:
        """The articles of a page, or one reject."""
        url = listed.url if listed else normal_url(response.url)
        try:
            for layout, raw in self.raw_articles(response):
                yield from self.load(response, layout, raw, url, listed)
        except LayoutError as error:
            yield self.unknown_layout(response, error, listed or ListedStory(url))
        except LookupError as error:
            yield self.reject(url, "no_article", str(error), {"listed": listing_entry(listed)})

    def raw_articles(self, response: Response) -> list[tuple[Layout, RawArticle]]:
        """The raw articles of a page with the layout that found them; LayoutError, or LookupError where it is no article."""
        layout, page = self.read(response)
        if not isinstance(layout, ArticleLayout):
            raise LookupError(f"an article was expected, this is {layout.name}")
        try:
            return [(layout, raw) for raw in layout.articles(page)]
        except Exception as error:
            raise LayoutError(f"{response.url}: {layout.name} can't read this page: {error!r}") from error

    def load(self, response: Response, layout: Layout, raw: RawArticle, url: str, listed: ListedStory | None) -> Iterator[Article]:
        """The article, if its day is wanted."""
        if url in self.pending:
            self.pending[url] = None
        stated = raw.language or self.language_of(url)
        choices = self.mixed.get(stated, (stated,)) if stated else self.languages
        article = ArticleLoader(self.fetched(response, layout, url), raw, listed, choices).load()
        article.raw["listed"] = listing_entry(listed)
        if self.arguments.wants(article.published):
            yield article
        else:
            self.pending.pop(url, None)
            self.count("out_of_range")

    def fetched(self, response: Response, layout: Layout, url: str) -> Fetched:
        """Where and when a page was received."""
        return Fetched(url, self.site, layout.name, self.now(), _header(response, "ETag"), _header(response, "Last-Modified"))

    def language_of(self, url: str) -> str | None:  # noqa: ARG002
        """The language that an address of this site says, if it does."""
        return None

    def unknown_layout(self, response: Response, error: LayoutError, story: ListedStory | None = None) -> Reject:
        """The reject of a page that no layout claims, with the page. `story`: where an article was expected."""
        self.stats.inc_value(f"layout/unknown/{self.site}")
        text = response.text[:_KEPT_HTML] if isinstance(response, TextResponse) else ""
        raw = {"html": text, "status": response.status}
        if story is None:
            return self.reject(response.url, "unknown_layout", str(error), raw)
        return self.reject(story.url, "unknown_layout", str(error), {**raw, "listed": listing_entry(story)})

    def reject(self, url: str, reason: str, detail: str, raw: dict[str, Any], *, final: bool = False) -> Reject:
        """A reject of this site, now."""
        return Reject(url, self.site, reason, detail, raw, self.now(), final)

    @property
    def stats(self) -> StatsCollector:
        """The counters of this crawl."""
        assert self.crawler.stats is not None
        return self.crawler.stats

    def count(self, name: str, number: int = 1) -> None:
        """Count in the stats, under `stories/`."""
        self.stats.inc_value(f"stories/{name}", number)

    @staticmethod
    def now() -> dt.datetime:
        """The moment, as MongoDB keeps it (milliseconds)."""
        moment = dt.datetime.now(dt.UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
