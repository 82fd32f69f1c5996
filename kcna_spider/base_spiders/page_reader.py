"""Reading a page: which layout claims it, what it lists, which articles it holds, and what is kept of one that nobody claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.http import Response, TextResponse
from scrapy.statscollectors import StatsCollector

from kcna_spider.base_spiders.arguments import Arguments
from kcna_spider.base_spiders.errors import listing_entry
from kcna_spider.base_spiders.site_pages import SitePages, header
from kcna_spider.downloadermiddlewares.retry import WARC_RECORD
from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Article, Fetched, ListedStory, RawArticle, Reject
from kcna_spider.layouts.base import Layout, Listing, Page
from kcna_spider.sites import canonical_url

_KEPT_HTML = 200_000  # characters of a page that no layout claims


class PageReader(SitePages, scrapy.Spider):
    """A spider that reads pages. arguments: as given, checked. pages: the site whose pages they are."""

    arguments: Arguments
    # address -> its listing entry while its request waits; None from when the page was read until it is stored
    pending: dict[str, ListedStory | None]

    @property
    def pages(self) -> type[SitePages]:
        """The site's own."""
        return type(self)

    def read(self, response: Response) -> tuple[Layout, Page]:
        """The layout that claims a page, and the page; LayoutError where none does."""
        layout, page = self.pages.claim(response)
        self.stats.inc_value(f"layout/{self.site}/{layout.name}")
        return layout, page

    def read_listing(self, response: Response) -> Listing | Reject:
        """What a listing page shows, or why it is none."""
        try:
            layout, page = self.read(response)
            found = self.pages.content(layout, page)
        except LayoutError as error:
            return self.unknown_layout(response, error)
        if not isinstance(found, Listing):
            return self.reject(response.url, "no_listing", f"a listing was expected, this is {layout.name}", {})
        return found

    def articles_of(self, response: Response, listed: ListedStory | None) -> Iterator[Article | Reject]:
        """The articles of a page, or one reject."""
        url = listed.url if listed else canonical_url(response.url)
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
        found = self.pages.content(layout, page)
        if isinstance(found, Listing):
            raise LookupError(f"an article was expected, this is {layout.name}")
        return [(layout, raw) for raw in found]

    def load(self, response: Response, layout: Layout, raw: RawArticle, url: str, listed: ListedStory | None) -> Iterator[Article]:
        """The article, if its day is wanted."""
        if url in self.pending:
            self.pending[url] = None
        if raw.fallback:
            self.stats.inc_value(f"fallback/{self.site}/{layout.name}/{raw.fallback}")
        article = self.pages.article(self.fetched(response, layout, url), raw, listed)
        if self.arguments.wants(article.published):
            yield article
        else:
            self.not_wanted(url, "out_of_range")

    def not_wanted(self, url: str, why: str) -> None:
        """Count a story whose page was read and that was not asked for."""
        raise NotImplementedError

    def fetched(self, response: Response, layout: Layout, url: str) -> Fetched:
        """Where and when a page was received; where a WARC file keeps it, the moment is the record's."""
        record = response.meta.get(WARC_RECORD)
        at = record["at"] if record else self.now()
        place = {"file": record["file"], "offset": record["offset"]} if record else None
        return Fetched(url, self.site, layout.name, at, header(response, "ETag"), header(response, "Last-Modified"), record=place)

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
