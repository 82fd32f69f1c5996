"""What all spiders share: listing -> article, what is known already, and what becomes of a request that got no page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings
from scrapy.utils.url import url_is_from_any_domain
from twisted.python.failure import Failure

from kcna_spider import __version__
from kcna_spider.base_spiders.arguments import Arguments
from kcna_spider.base_spiders.errors import listing_entry, reason_of, request_of
from kcna_spider.base_spiders.listing_outcomes import ListingOutcomes
from kcna_spider.base_spiders.page_reader import PageReader
from kcna_spider.distributed import share
from kcna_spider.downloadermiddlewares.hosts import FIRST_REQUEST
from kcna_spider.exceptions import ArgumentError, StoreAwayError
from kcna_spider.items import Article, Listed, ListedStory, Reject
from kcna_spider.sites import canonical_url
from kcna_spider.store.archive import Archive
from kcna_spider.store.shared import archive_of
from kcna_spider.text.dates import parse_day

# Articles that are asked for go before further listing pages, so that a long listing never fills the memory with waiting requests.
ARTICLE_PRIORITY, LISTING_PRIORITY = 10, 0
# A site that can't be reached is known within a minute, its robots.txt included.
_LONGEST_ADDRESS = 2_000  # characters; browsers and servers know no longer ones
START_META = {"max_retry_times": 2, "download_timeout": 8, FIRST_REQUEST: True}


class ArchiveSpider(PageReader):
    """Base of the spiders of one site. start_url: where a crawl begins. arguments_class: its arguments. shareable: by several workers."""

    start_url: ClassVar[str]
    shareable: ClassVar[bool] = True
    arguments_class: ClassVar[type[Arguments]] = Arguments
    archive: Archive
    allowed_domains: list[str]

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.arguments = self.arguments_class.parse(arguments)
        self.allowed_domains = self.rules().domains if self.site else []
        self.pending = {}
        self.outcomes = ListingOutcomes()
        self.undated: set[str] = set()  # of the stories looked up last: those whose day no site has stated yet
        self.taken = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.archive = archive_of(crawler)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.settled, signal=signal)
        crawler.signals.connect(spider.broken, signal=signals.spider_error)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """A contact given with `-s CONTACT=...` reaches the User-Agent too; with CLUSTER the crawl is shared (ArgumentError where it can't be)."""
        super().update_settings(settings)
        if settings.get("JOBDIR"):
            raise ArgumentError("JOBDIR is not supported: a crawl that is run again goes on where the last one ended, by what is stored")
        share(settings, cls.name, shareable=cls.shareable)
        if contact := settings.get("CONTACT"):
            settings.set("USER_AGENT", f"{settings['BOT_NAME']}/{__version__} (+{contact})", priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        """The first request; all else waits until the site has answered it."""
        self.site_reached = asyncio.Event()
        yield self.first_request()

    def first_request(self) -> Request:
        """Where the crawl begins; where it fails for good, the crawl ends as unreachable."""
        return Request(self.start_url, self.reached, errback=self.unreachable, dont_filter=True, meta=START_META)

    async def reached(self, response: Response, **kwargs: Any) -> AsyncIterator[Any]:
        """The site answers."""
        self.site_reached.set()
        async for item in self.parse(response, **kwargs):
            yield item

    async def story_requests(self, stories: Sequence[ListedStory]) -> list[Request | Listed | Reject]:
        """What the stories of a listing page lead to: a request for each that is new, a `Listed` for those met again."""
        wanted = [story for story in stories if self.arguments.wants(parse_day(story.day))]
        stored = await self.stored([story.url for story in wanted])
        self.count("listed", len(wanted))
        found: list[Request | Listed | Reject] = []
        again: dict[tuple[tuple[str, ...], str | None], list[str]] = {}
        for story in wanted:
            if story.url in stored:
                self.count("known")
                self.outcomes.known(story.listing)
                missing = [c for c in story.categories if c not in stored[story.url]]
                day = story.day if story.url in self.undated else None
                if missing or day:
                    again.setdefault((tuple(missing), day), []).append(story.url)
            elif isinstance(one := self.story_request(story), Listed):
                again.setdefault((tuple(one.categories), None), []).append(story.url)
            elif one is not None:
                found.append(one)
        return found + [Listed(urls, list(categories), self.now(), day) for (categories, day), urls in again.items()]

    def story_request(self, story: ListedStory) -> Request | Listed | Reject | None:
        """The request of a story's page; a `Listed` where the page was read and isn't stored yet; None where it waits already."""
        if len(story.url) > _LONGEST_ADDRESS or not url_is_from_any_domain(story.url, self.allowed_domains):
            raw = {"listed": listing_entry(story)}
            self.outcomes.expect(story.url[:_LONGEST_ADDRESS], story.listing)
            return self.reject(story.url[:_LONGEST_ADDRESS], "bad_address", "a listing leads to another host, or to no address", raw)
        if story.url in self.pending:
            waiting = self.pending[story.url]
            self.outcomes.expect(story.url, story.listing)
            if waiting is None:
                return Listed([story.url], story.categories, self.now())
            waiting.categories += [c for c in story.categories if c not in waiting.categories]
            return None
        if self.full_up():
            return None
        self.taken += 1
        self.pending[story.url] = story
        self.outcomes.expect(story.url, story.listing)
        return Request(story.url, self.parse_article, errback=self.failed, priority=ARTICLE_PRIORITY, cb_kwargs={"listed": story})

    async def few_pending(self, most: int) -> None:
        """Wait until no more than so many stories wait for their pages: where the crawl doesn't pace what asks for more."""
        while len(self.pending) > most and self.crawler.crawling:  # noqa: ASYNC110  # pages are stored every few milliseconds
            await asyncio.sleep(0.1)

    def full_up(self) -> bool:
        """Whether the `limit` is reached."""
        return self.arguments.limit is not None and self.taken >= self.arguments.limit

    async def stored(self, urls: Sequence[str]) -> dict[str, frozenset[str]]:
        """Address -> its categories, of those that are stored already (or were rejected for good)."""
        known, settled = await asyncio.to_thread(self.archive.looked_up, urls)
        self.undated = {url for url, one in known.items() if not one.dated}
        return {url: one.categories for url, one in known.items()} | dict.fromkeys(settled, frozenset[str]())

    async def parse_article(self, response: Response, listed: ListedStory | None = None) -> AsyncIterator[Any]:
        """The articles of a page, with what all listings said of it by now."""
        for item in self.articles_of(response, (listed and self.pending.get(listed.url)) or listed):
            yield item

    # -- failures

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
        """The start page can't be had: one clear line, which the run record keeps too, and the end of the crawl."""
        reason, detail = reason_of(failure)
        url = canonical_url(request_of(failure).url)
        code = {"challenge": "bot_check", "robots_txt": "robots_txt"}.get(reason, "unreachable")
        self.end(f"{code}: {url}: {detail}. Try `make demo`, which needs no network, or another source of the same stories")
        yield from ()  # Scrapy logs a traceback for CloseSpider from an errback that is no generator
        raise CloseSpider(code)

    def end(self, why: str) -> None:
        """Let the crawl end as failed once it is idle; the first reason counts. `code: explanation`."""
        self.logger.error("%s", why)
        if not self.stats.get_value("health/failed"):
            self.stats.set_value("health/failed", why)

    def refuse(self, why: str) -> None:
        """Say in one line that an argument is wrong; the crawl ends with exit code 2."""
        self.end(f"bad_argument: {why}")

    def not_wanted(self, url: str, why: str) -> None:
        """Count a story whose page was read and that was not asked for."""
        self.pending.pop(url, None)
        self.outcomes.settle(url)
        self.count(why)

    def broken(self, failure: Failure) -> None:
        """What the database didn't answer is no error of the spider."""
        if isinstance(failure.value, StoreAwayError):
            self.end(f"store_away: {failure.value}")

    def settled(self, item: Any, exception: Exception | None = None) -> None:
        """An item is stored, or was dropped with an exception that holds the reject that it became."""
        if isinstance(item, Article | Reject):
            self.pending.pop(item.url, None)
            reject = getattr(exception, "reject", None)
            self.outcomes.settle(item.url, getattr(reject, "reason", "not_stored") if exception else None)
