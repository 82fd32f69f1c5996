"""The base class of all spiders: first request, articles of a page, and failures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import cached_property
from typing import Any, ClassVar, NoReturn, Self, cast

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from kcna_spider import __version__
from kcna_spider.base_spiders.arguments import Arguments
from kcna_spider.base_spiders.article_requests import ArticleRequests, entries_of
from kcna_spider.base_spiders.distribution import distribute
from kcna_spider.base_spiders.page_reader import PageReader
from kcna_spider.base_spiders.photo_requests import PhotoRequests
from kcna_spider.base_spiders.setting_checks import check_settings, has_default_user_agent
from kcna_spider.downloadermiddlewares.errors import failure_reason, give_up, request_of, requested_url
from kcna_spider.downloadermiddlewares.meta_keys import FIRST_REQUEST
from kcna_spider.exceptions import StoreUnavailableError
from kcna_spider.extensions.health import CrawlOutcome, health_of, is_stopping
from kcna_spider.extensions.store import archive_of
from kcna_spider.items import Article, ListingEntry, PhotoSet, Reject
from kcna_spider.paths import local_folder
from kcna_spider.site_adapter import SiteAdapter, site_adapters
from kcna_spider.sites import canonical_url
from kcna_spider.store.archive import Archive
from kcna_spider.text.dates import utc_now

# Short limits, so that an unreachable site is detected within a minute, including its robots.txt.
START_META = {"max_retry_times": 2, "download_timeout": 8, FIRST_REQUEST: True}


class ArchiveSpider(scrapy.Spider):
    """Base class of the spiders.

    site: the name of a `kcna_spider.sites.Site`. start_url: the URL of the first request. arguments_class:
    the class of its arguments. distributable: whether several workers may share a crawl. reads_captures:
    whether it reads a web archive instead of the site. pages: reads responses. requests: makes requests for
    articles. photos: makes requests for their photos.
    """

    site: str
    start_url: ClassVar[str]
    distributable: ClassVar[bool] = True
    reads_captures: ClassVar[bool] = False
    arguments_class: ClassVar[type[Arguments]] = Arguments
    arguments: Arguments
    allowed_domains: list[str]

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.arguments = self.arguments_class.parse(arguments)
        self.pages = PageReader(self)
        self.requests = ArticleRequests(self)
        self.photos = PhotoRequests(self)
        self.site_reached = asyncio.Event()
        if getattr(self, "site", None):
            self.allowed_domains = self.adapter.site.domains

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.item_done, signal=signal)
        crawler.signals.connect(spider.callback_failed, signal=signals.spider_error)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Put `-s CONTACT=...` into the User-Agent, and limit how long a crawl takes to stop.

        If DISTRIBUTED_REDIS_URL is set, make this a worker. Raise ArgumentError for wrong settings.
        """
        super().update_settings(settings)
        check_settings(settings)
        if settings.getfloat("DOWNLOAD_DELAY"):
            # A crawl that stops still fetches the requests that wait in the downloader. With this limit they
            # wait in the scheduler instead.
            at_once = min(
                settings.getint("CONCURRENT_REQUESTS"), settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
            )
            settings.set("CONCURRENT_REQUESTS", at_once, priority="spider")
        if settings.get("DISTRIBUTED_REDIS_URL"):
            distribute(settings, cls.name, distributable=cls.distributable)
        if folder := local_folder(settings.get("FILES_STORE")):
            settings.set("FILES_STORE", str(folder), priority="spider")
        if (contact := settings.get("CONTACT")) and has_default_user_agent(settings):
            settings.set(
                "USER_AGENT", f"{settings['BOT_NAME']}/{__version__} (+{contact})", priority="spider"
            )

    # -- collaborators

    @cached_property
    def adapter(self) -> SiteAdapter:
        """The layouts and rules of the site."""
        return site_adapters()[self.site]

    @cached_property
    def archive(self) -> Archive:
        """The open archive of the crawl."""
        return archive_of(self.crawler)

    @cached_property
    def outcome(self) -> CrawlOutcome:
        """The results of the crawl so far, from which the Health extension decides whether it failed."""
        return health_of(self.crawler).outcome

    @property
    def stopping(self) -> bool:
        """Whether the crawl is stopping, by a signal or because it failed."""
        return is_stopping(self.crawler)

    def inc(self, name: str, number: int = 1) -> None:
        """Increase a stat."""
        if self.crawler.stats:
            self.crawler.stats.inc_value(name, number)

    def count(self, name: str, number: int = 1) -> None:
        """Increase a stat below `articles/`."""
        self.inc(f"articles/{name}", number)

    # -- requests and callbacks

    async def start(self) -> AsyncIterator[Any]:
        """Yield the first request and, once the site has responded, those of `later_requests`."""
        yield self.first_request()
        await self.site_reached.wait()
        async for request in self.later_requests():
            yield request

    def first_request(self) -> Request:
        """Return the first request of the crawl. If it fails after all retries, the crawl fails."""
        return Request(self.start_url, self.reached, errback=self.unreachable, meta=START_META)

    async def later_requests(self) -> AsyncIterator[Request]:
        """Yield requests that do not follow from a page of this crawl, such as rechecks."""
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def reached(self, response: Response, **kwargs: Any) -> AsyncIterator[Any]:
        """Parse the first response with `parse`, and let `start` continue."""
        self.site_reached.set()
        async for item in self.parse(response, **kwargs):
            yield item

    async def parse_article(
        self, response: Response, listed: ListingEntry | None = None
    ) -> AsyncIterator[Article | PhotoSet | Reject | Request]:
        """Yield the articles of a page and the requests for their photos, or a reject.

        listed: the listing entry of the request; entries of other listings found meanwhile are merged.
        """
        for item in self.pages.articles(response, listed and self.requests.newest(listed)):
            is_photo_page = isinstance(item, Article) and item.kind == "photo"
            if is_photo_page and (photos := await self.photos.of_stored_article(cast("Article", item))):
                self.requests.done(photos.page_url)
                yield photos
                return
            yield item

    # -- failures

    def reject(self, url: str, reason: str, detail: str, raw: dict[str, Any]) -> Reject:
        """Return a reject of this spider's site with the current time."""
        return Reject(url, self.site, reason, detail, raw, utc_now())

    def failed(self, failure: Failure) -> Iterator[Reject]:
        """Yield the reject of a failed request.

        If it was for a listing page, the crawl fails, because the articles of that page are unknown.
        """
        request = request_of(failure)
        if listed := request.cb_kwargs.get("listed"):
            yield from self.rejects_of(failure, [listed])
        elif not self.stopping:
            reason, detail = failure_reason(failure)
            url = requested_url(failure)
            self.fail("listing_failed", f"{url}: {detail}")
            yield self.reject(url, reason, detail, {})

    def rejects_of(self, failure: Failure, entries: Iterable[ListingEntry]) -> Iterator[Reject]:
        """Yield a reject for each article of the failed request.

        Once the crawl is stopping, yield none: the next crawl fetches the articles.
        """
        reason, detail = failure_reason(failure)
        if self.stopping:
            give_up(request_of(failure))
            return
        for entry in entries:
            self.requests.pending.pop(entry.url, None)
            yield self.reject(entry.url, reason, detail, {"listed": entry.as_raw()})

    def unreachable(self, failure: Failure) -> Iterator[Reject]:
        """End the crawl because its first request failed.

        The reason is one line in the log and in the run record.
        """
        if self.stopping:
            return
        reason, detail = failure_reason(failure)
        code = {"challenge": "bot_check", "robots_txt": "robots_txt"}.get(reason, "unreachable")
        url = canonical_url(requested_url(failure))
        yield from ()  # must be a generator: otherwise Scrapy logs a traceback for CloseSpider
        self.abort(
            code,
            f"{url}: {detail}. Try `make demo`, which needs no network, or another source of the same "
            "articles",
        )

    def fail(self, code: str, detail: str) -> None:
        """Let the crawl end as failed once it is idle. The first failure is the finish reason."""
        health_of(self.crawler).fail(code, detail)

    def abort(self, code: str, detail: str) -> NoReturn:
        """End the crawl as failed, at once. Raise CloseSpider."""
        self.fail(code, detail)
        raise CloseSpider(code)

    def fail_by(self, reject: Reject) -> None:
        """Let the crawl end as failed because of a rejected listing page."""
        self.fail(reject.reason, f"{reject.url}: {reject.detail}")

    def callback_failed(self, failure: Failure, response: Response) -> None:
        """Finish the articles of the response: nothing waits for them any longer.

        Let the crawl fail with `store_unavailable` if that caused the exception in the callback.
        """
        for entry in entries_of(response.request) if response.request else ():
            self.requests.done(entry.url, "not_stored")
        if isinstance(failure.value, StoreUnavailableError):
            self.fail("store_unavailable", str(failure.value))

    def item_done(
        self, item: Any, exception: Exception | None = None, failure: Failure | None = None
    ) -> None:
        """Mark an article as stored, as rejected if the exception has a reject, or else as not stored."""
        if isinstance(item, Article | Reject):
            reason = getattr(getattr(exception, "reject", None), "reason", "not_stored")
            self.requests.done(item.url, reason if exception or failure else None)
