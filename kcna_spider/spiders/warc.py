"""Reads WARC files again with today's layouts, without any network: first all pages, then the articles in time.

The first pass parses every page once; what listings said, and the strings of articles, go to a temporary database. The second
loads the articles with what any listing said of them, so that the order of the files doesn't matter.
"""

from __future__ import annotations

import asyncio
import dataclasses
import multiprocessing
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import islice
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from scrapy.crawler import Crawler

from kcna_spider.captures.exchange import Captured
from kcna_spider.captures.reader import BadWarcError, records, warc_files
from kcna_spider.captures.spill import Spill
from kcna_spider.days import parse_day
from kcna_spider.items import Article, Fetched, ListedStory, Presence, RawArticle, Reject
from kcna_spider.spiders.arguments import Arguments, argument
from kcna_spider.spiders.base import ArchiveSpider
from kcna_spider.spiders.captures import Found, load_articles, read_records, sites
from kcna_spider.spiders.sites import spider_modules

T = TypeVar("T")
R = TypeVar("R")
_CHUNK = 32  # records, or articles, that a process is given at once
_IN_FLIGHT = 512  # items that wait for the database
_CONTEXT = multiprocessing.get_context("forkserver")  # a fork of this process, with its threads, might never run
Part = tuple[Fetched, RawArticle, ListedStory | None]


def existing(text: str) -> Path:
    """A file or folder that is there."""
    path = Path(text)
    if not path.exists():
        raise ValueError("there is no such file or folder")
    if not warc_files(path):
        raise ValueError("there is no WARC file in this folder")
    return path


@dataclasses.dataclass(frozen=True, kw_only=True)
class WarcArguments(Arguments):
    """`path`. `recheck` and `full` mean nothing here."""

    path: Path = argument(existing, "a WARC file, or a folder with WARC files", default=None)
    required: ClassVar[tuple[str, ...]] = ("path",)


class WarcSpider(ArchiveSpider):
    """WARC files, our own or others'."""

    name = "warc"
    arguments_class = WarcArguments
    arguments: WarcArguments

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        self.site = ""  # type: ignore[misc]  # pages of any site
        super().__init__(name, **arguments)
        self.size = sum(file.stat().st_size for file in warc_files(self.arguments.path))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """The further processes load what they need while the crawl is still being set up."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.takes_processes():
            _CONTEXT.set_forkserver_preload([read_records.__module__, *spider_modules()])
            forkserver.ensure_running()
        return spider

    def takes_processes(self) -> bool:
        """Whether it is worth it."""
        settings = self.crawler.settings
        return settings.getint("WARC_PROCESSES") > 1 and self.size >= settings.getint("WARC_FEW_BYTES")

    async def start(self) -> AsyncIterator[Any]:
        """The items, as fast as the database takes them."""
        self.room = asyncio.Semaphore(_IN_FLIGHT)
        spill = Spill()
        pool = self._pool()
        try:
            async for item in self._first_pass(spill, pool):
                yield await self._admitted(item)
            await asyncio.to_thread(spill.ready)
            async for item in self._second_pass(spill, pool):
                yield await self._admitted(item)
            for _ in range(_IN_FLIGHT):  # all that was given is stored
                await self.room.acquire()
        finally:
            pool.shutdown(cancel_futures=True)
            spill.close()

    def _pool(self) -> Executor:
        if self.takes_processes():
            return ProcessPoolExecutor(self.crawler.settings.getint("WARC_PROCESSES"), _CONTEXT)
        return ThreadPoolExecutor(1, "warc")

    async def _admitted(self, item: Any) -> Any:
        await self.room.acquire()
        return item

    def settled(self, item: Any) -> None:
        """An item is stored or rejected."""
        super().settled(item)
        if isinstance(item, Article | Reject | Presence):
            self.room.release()

    async def _first_pass(self, spill: Spill, pool: Executor) -> AsyncIterator[Reject]:
        bad: list[BadWarcError] = []
        async for found in self._worked(pool, read_records, self._records(bad)):
            await asyncio.to_thread(self._keep, spill, found)
            while bad:
                yield self._bad_file(bad.pop())

    def _bad_file(self, error: BadWarcError) -> Reject:
        self.stats.inc_value("warc/damaged_files")
        self.logger.warning("%s", error)
        return self.reject(error.file.absolute().as_uri(), "bad_warc", str(error), {})

    def _records(self, bad: list[BadWarcError]) -> Iterator[Captured]:
        most = self.crawler.settings.getint("DOWNLOAD_MAXSIZE")
        for file in warc_files(self.arguments.path):
            try:
                for record in records(file, most):
                    self.stats.inc_value("warc/records")
                    yield record
            except BadWarcError as error:
                bad.append(error)

    def _keep(self, spill: Spill, found: Sequence[Found]) -> None:
        for one in found:
            url = one.fetched.url
            if one.kind == "listing":
                self.stats.inc_value(f"layout/{one.fetched.site}/{one.fetched.layout}")
                self._keep_listing(spill, one, url)
            elif one.kind == "redirect":
                spill.moved(url, one.target)
            elif one.kind in ("gone", "unchanged"):
                spill.look(one.fetched.at, url, gone=one.kind == "gone")
            elif one.kind in ("articles", "unclaimed"):
                spill.page(one.fetched.at, one)
            else:
                self.stats.inc_value(f"warc/passed_over/{one.kind}")

    def _keep_listing(self, spill: Spill, one: Found, url: str) -> None:
        for story in one.stories:
            spill.listed(url, story.url, story.title, story.day, story.categories)
        for link in one.links:  # a page with stories links its further pages; one without is a menu, which names listings
            if one.stories:
                spill.follows(url, link.url)
            else:
                spill.label(link.url, link.label)
        if one.stories and one.name:
            spill.label(url, " ".join(one.name.split()))

    async def _second_pass(self, spill: Spill, pool: Executor) -> AsyncIterator[Any]:
        rejects: list[Reject] = []
        async for articles in self._worked(pool, load_articles, self._parts(spill, rejects)):
            for article in articles:
                if self.full_up():
                    return
                if self.arguments.wants(article.published):
                    self.taken += 1
                    yield article
                else:
                    self.count("out_of_range")
            while rejects:
                yield rejects.pop(0)
        for reject in rejects:
            yield reject
        for at, url, gone in spill.looks():
            for name in (url, *spill.sources(url)):
                yield Presence(name, gone, at)

    def _parts(self, spill: Spill, rejects: list[Reject]) -> Iterator[Part]:
        """What the articles are made of, in time."""
        for found in spill.pages():
            fetched: Fetched = found.fetched
            if found.kind == "unclaimed":
                rejects += self._unclaimed(spill, found)
            else:
                self.stats.inc_value(f"layout/{fetched.site}/{fetched.layout}")
                yield from self._parts_of(spill, found, [fetched.url, *spill.sources(fetched.url)])

    def _unclaimed(self, spill: Spill, found: Found) -> list[Reject]:
        """A page that no layout claims matters where a listing named it."""
        url = found.fetched.url
        if not spill.entries(url) and not spill.anchors(url):
            self.stats.inc_value("warc/passed_over/unclaimed")
            return []
        self.stats.inc_value(f"layout/unknown/{found.fetched.site}")
        return [Reject(url, found.fetched.site, "unknown_layout", found.detail, {"record": found.fetched.record}, found.fetched.at)]

    def _parts_of(self, spill: Spill, found: Found, names: list[str]) -> Iterator[Part]:
        listed_anchors = spill.anchors(found.fetched.url) if any(raw.anchor for raw in found.raws) else set()
        for raw in found.raws:
            if raw.anchor and listed_anchors and raw.anchor not in listed_anchors:
                continue
            anchor = f"#{raw.anchor}" if raw.anchor else ""
            entries = {name + anchor: self._listed(spill, name + anchor, found.fetched.site) for name in names}
            url, listed = next(((url, entry) for url, entry in entries.items() if entry), (names[0] + anchor, None))
            self.count("listed")
            yield dataclasses.replace(found.fetched, url=url), raw, listed

    def _listed(self, spill: Spill, url: str, site: str) -> ListedStory | None:
        """What the listings said of a story, together."""
        entries = spill.entries(url)
        if not entries:
            return None
        title = next((title for title, *_ in entries if title), None)
        day = next((day for _, day, *_ in entries if parse_day(day)), None)
        categories = [name for _, _, names, label in entries for name in (*names, label) if name] if sites()[site].categorised else []
        return ListedStory(url, title, day, list(dict.fromkeys(categories)))

    async def _worked(self, pool: Executor, work: Callable[[Sequence[T]], R], things: Iterator[T]) -> AsyncIterator[R]:
        """The results of `work` for chunks of things, in order, a few chunks ahead. Things are made in a thread of their own."""
        loop = asyncio.get_running_loop()
        waiting: list[asyncio.Future[R]] = []
        ahead = 2 * max(2, self.crawler.settings.getint("WARC_PROCESSES"))
        while True:
            chunk = await asyncio.to_thread(lambda: list(islice(things, _CHUNK)))
            if chunk:
                waiting.append(loop.run_in_executor(pool, work, chunk))
            while waiting and (not chunk or len(waiting) >= ahead):
                yield await waiting.pop(0)
            if not chunk:
                return
