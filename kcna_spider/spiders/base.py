"""What all spiders share: listing -> article, what is known already, and what becomes of an answer that is no article."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response, TextResponse
from scrapy.statscollectors import StatsCollector
from twisted.python.failure import Failure

from kcna_spider.days import parse_day
from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Article, Fetched, Listed, ListedStory, RawArticle, Reject
from kcna_spider.layouts.base import ArticleLayout, Layout, Listing, ListingLayout, Page, choose
from kcna_spider.loaders import ArticleLoader
from kcna_spider.spiders.arguments import Arguments
from kcna_spider.spiders.failures import listing_entry, reason_of, request_of
from kcna_spider.store.archive import Archive
from kcna_spider.store.shared import archive_of
from kcna_spider.urls import host_of, normal_url

# Articles go before further listing pages, so that a long listing never fills the memory with waiting requests.
ARTICLE_PRIORITY, LISTING_PRIORITY = 10, 0
_KEPT_HTML = 200_000  # characters of a page that no layout claims


class ArchiveSpider(scrapy.Spider):
    """Base of the spiders of one site.

    site: as it is stored. start_url: where a crawl begins. layouts: of the site. arguments_class: its arguments.
    languages: what it publishes in. mixed: language that a page or its address names -> what stands under it in truth.
    """

    site: ClassVar[str]
    start_url: ClassVar[str]
    layouts: ClassVar[Sequence[Layout]]
    languages: ClassVar[tuple[str, ...]] = ("en",)
    mixed: ClassVar[dict[str, tuple[str, ...]]] = {}
    arguments_class: ClassVar[type[Arguments]] = Arguments
    archive: Archive

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.arguments = self.arguments_class.parse(arguments)
        self.allowed_domains = [self.site]
        # address -> its listing entry while its request waits; None from when the page was read until it is stored
        self.pending: dict[str, ListedStory | None] = {}
        self.taken = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.archive = archive_of(crawler)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.settled, signal=signal)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The first request; where it fails for good, the crawl ends as unreachable."""
        yield Request(self.start_url, self.parse, errback=self.unreachable, dont_filter=True, meta={"max_retry_times": 3, "download_timeout": 12})

    @property
    def stats(self) -> StatsCollector:
        """The counters of this crawl."""
        assert self.crawler.stats is not None
        return self.crawler.stats

    # -- requests

    async def story_requests(self, listing: Listing, categories: Iterable[str] = ()) -> list[Request | Listed]:
        """What the stories of a listing page lead to: a request for each that is new, a `Listed` for each met again."""
        for story in listing.stories:
            story.url = normal_url(story.url)
            story.categories = [*story.categories, *categories]
        wanted = [story for story in listing.stories if self.arguments.wants(parse_day(story.day))]
        stored = await self.stored([story.url for story in wanted])
        self.count("listed", len(wanted))
        found: list[Request | Listed] = []
        for story in wanted:
            if story.url in stored:
                self.count("known")
                missing = [c for c in story.categories if c not in stored[story.url]]
                if missing:
                    found.append(Listed(story.url, missing, self.now()))
            elif (request := self.story_request(story)) is not None:
                found.append(request)
        return found

    def story_request(self, story: ListedStory) -> Request | Listed | None:
        """The request of a story's page; a `Listed` where the page was read and isn't stored yet; None where it waits already."""
        if story.url in self.pending:
            waiting = self.pending[story.url]
            if waiting is None:
                return Listed(story.url, story.categories, self.now())
            waiting.categories += [c for c in story.categories if c not in waiting.categories]
            return None
        if self.full_up():
            return None
        self.taken += 1
        self.pending[story.url] = story
        return Request(story.url, self.parse_article, errback=self.failed, priority=ARTICLE_PRIORITY, cb_kwargs={"listed": story})

    def full_up(self) -> bool:
        """Whether the `limit` is reached."""
        return self.arguments.limit is not None and self.taken >= self.arguments.limit

    async def stored(self, urls: Sequence[str]) -> dict[str, frozenset[str]]:
        """Address -> its categories, of those that are stored already (or were rejected for good)."""
        known = await asyncio.to_thread(self.archive.known, urls)
        settled = await asyncio.to_thread(self.archive.settled, [url for url in urls if url not in known]) if len(known) < len(urls) else set()
        return {url: one.categories for url, one in known.items()} | dict.fromkeys(settled, frozenset[str]())

    # -- answers

    def read(self, response: Response) -> tuple[Layout, Page]:
        """The layout that claims a page, and the page; LayoutError where none does."""
        if not isinstance(response, TextResponse):
            raise LayoutError(f"{response.url}: no text, but {_header(response, 'Content-Type') or 'an unknown type'}")
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
        return layout.listing(page)

    async def parse_article(self, response: Response, listed: ListedStory | None = None) -> AsyncIterator[Any]:
        """The articles of a page."""
        for item in self.articles_of(response, listed):
            yield item

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
        return [(layout, raw) for raw in layout.articles(page)]

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

    # -- failures

    def unknown_layout(self, response: Response, error: LayoutError, story: ListedStory | None = None) -> Reject:
        """The reject of a page that no layout claims, with the page. `story`: where an article was expected."""
        self.stats.inc_value(f"layout/unknown/{self.site}")
        html = response.text[:_KEPT_HTML] if isinstance(response, TextResponse) else ""
        raw = {"html": html, "status": response.status}
        if story is None:
            return self.reject(response.url, "unknown_layout", str(error), raw)
        return self.reject(story.url, "unknown_layout", str(error), {**raw, "listed": listing_entry(story)})

    def reject(self, url: str, reason: str, detail: str, raw: dict[str, Any], *, final: bool = False) -> Reject:
        """A reject of this site, now."""
        return Reject(url, self.site, reason, detail, raw, self.now(), final)

    def failed(self, failure: Failure) -> Iterator[Reject]:
        """The reject of a request that got no page. Without a listing page nobody knows what is missing: the crawl ends as failed."""
        request = request_of(failure)
        if listed := request.cb_kwargs.get("listed"):
            yield from self.rejects_of(failure, [listed])
            return
        reason, detail = reason_of(failure)
        self.end(f"listing_failed: {request.url}: {detail}")
        yield self.reject(request.url, reason, detail, {})

    def rejects_of(self, failure: Failure, stories: Iterable[ListedStory]) -> Iterator[Reject]:
        """A reject for each story that the failed request was to bring."""
        reason, detail = reason_of(failure)
        for story in stories:
            self.pending.pop(story.url, None)
            yield self.reject(story.url, reason, detail, {"listed": listing_entry(story)})

    def unreachable(self, failure: Failure) -> Iterator[Reject]:
        """The start page can't be had: one clear line, and the end of the crawl."""
        reason, detail = reason_of(failure)
        url = request_of(failure).url
        self.end(f"unreachable: {url}: {detail}. Try `make demo`, which needs no network, or another source of the same stories.")
        yield self.reject(url, reason, detail, {})

    def end(self, why: str) -> None:
        """Let the crawl end as failed once it is idle; the first reason counts. `code: explanation`."""
        self.logger.error("%s", why)
        if not self.stats.get_value("health/failed"):
            self.stats.set_value("health/failed", why)

    # -- small things

    def count(self, name: str, number: int = 1) -> None:
        """Count in the stats, under `stories/`."""
        self.stats.inc_value(f"stories/{name}", number)

    @staticmethod
    def now() -> dt.datetime:
        """The moment, as MongoDB keeps it (milliseconds)."""
        moment = dt.datetime.now(dt.UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def ours(self, url: str) -> bool:
        """Whether an address is on this site."""
        host = host_of(url)
        return host == self.site or host.endswith("." + self.site)

    def settled(self, item: Any) -> None:
        if isinstance(item, Article | Reject):
            self.pending.pop(item.url, None)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
