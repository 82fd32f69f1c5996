"""Reads WARC files again with today's layouts, without any network.

In the file of a crawl, the listing that led to an article stands before it: the article is loaded with what listings said so far,
and given on at once. A page that no listing has named yet waits for the end, in a temporary database, so that any order of the
files gives the same; what later listings add (categories, days) follows as `Listed`.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy.crawler import Crawler
from scrapy.settings.default_settings import DOWNLOADER_MIDDLEWARES_BASE, SPIDER_MIDDLEWARES_BASE

from kcna_spider import settings
from kcna_spider.archives.captured_pages import Found, load_articles, read_records, sites
from kcna_spider.archives.exchange import Captured
from kcna_spider.archives.process_pool import Pool, chunks, warm_up
from kcna_spider.archives.record_source import RecordSource
from kcna_spider.archives.replay_index import Entry, Spill
from kcna_spider.archives.warc_files import WarcFile, unread_files, warc_files, why_unread
from kcna_spider.base_spiders.archive_spider import ArchiveSpider
from kcna_spider.base_spiders.arguments import Arguments, argument
from kcna_spider.base_spiders.site_pages import site_of, spider_modules
from kcna_spider.items import Article, Fetched, Listed, ListedStory, Presence, RawArticle, Reject
from kcna_spider.text.dates import parse_day

_IN_FLIGHT = 512  # items that wait for the database
Part = tuple[Fetched, RawArticle, ListedStory | None]


def existing(text: str) -> Path:
    """A file or folder that is there."""
    path = Path(text).expanduser()
    if not path.exists():
        raise ValueError("there is no such file or folder")
    if not warc_files(path):
        unread = unread_files(path)
        raise ValueError(why_unread(unread[0]) if unread else "there is no WARC file in this folder")
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
    shareable = False
    arguments: WarcArguments
    # Articles come faster here than from any site, and none of Scrapy's layers around a spider concerns what makes no request.
    custom_settings = {
        "STORE_BATCH_SIZE": 256,
        "SPIDER_MIDDLEWARES": dict.fromkeys(SPIDER_MIDDLEWARES_BASE),
        "DOWNLOADER_MIDDLEWARES": dict.fromkeys([*DOWNLOADER_MIDDLEWARES_BASE, *settings.DOWNLOADER_MIDDLEWARES]),
    }

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        self.site = ""  # type: ignore[misc]  # pages of any site
        super().__init__(name, **arguments)
        sites()  # loaded now, not in the midst of the work
        self.size = sum(file.size for file in warc_files(self.arguments.path))
        self.unread: list[str] = []  # a line for each file and record that could not be read

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """The further processes load what they need while the crawl is still being set up."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.takes_processes():
            warm_up([read_records.__module__, *spider_modules()])
        return spider

    def takes_processes(self) -> bool:
        """Whether it is worth it."""
        chosen = self.crawler.settings
        return chosen.getint("WARC_PROCESSES") > 0 and self.size >= chosen.getint("WARC_FEW_BYTES")

    async def start(self) -> AsyncIterator[Any]:
        """The items, as fast as the database takes them."""
        self.room = asyncio.Semaphore(_IN_FLIGHT)
        self.spill = Spill()
        self.rejects: list[Reject] = []
        pool = Pool(self.crawler.settings.getint("WARC_PROCESSES") if self.takes_processes() else 0)
        for file in unread_files(self.arguments.path):
            self._not_read(why_unread(file), file.absolute().as_uri(), "unsupported_file")
        source = RecordSource(warc_files(self.arguments.path), self.crawler.settings.getint("DOWNLOAD_MAXSIZE"), self._bad_file)
        try:
            async for articles in pool.each(load_articles, pool.each(read_records, self._chunks(source)), self._ready):
                async for item in self._wanted(articles):
                    yield item
            async for articles in pool.each(load_articles, chunks(self._late())):
                async for item in self._wanted(articles):
                    yield item
            for item in self._afterwards():
                yield await self._admitted(item)
            for _ in range(_IN_FLIGHT):  # all that was given is stored
                await self.room.acquire()
            if self.unread:
                self.end(f"unread_records: {len(self.unread)} files or records could not be read, the first: {self.unread[0]}")
        finally:
            pool.close()
            self.spill.close()

    async def _wanted(self, articles: Sequence[Article]) -> AsyncIterator[Any]:
        while self.rejects:
            yield await self._admitted(self.rejects.pop(0))
        for article in articles:
            if not self.arguments.wants(article.published):
                self.count("out_of_range")
            elif not self.full_up():
                self.taken += 1
                yield await self._admitted(article)

    async def _admitted(self, item: Any) -> Any:
        if isinstance(item, Article | Reject | Presence | Listed):
            await self.room.acquire()
        return item

    def settled(self, item: Any, exception: Exception | None = None) -> None:
        """An item is stored or rejected."""
        super().settled(item, exception)
        if isinstance(item, Article | Reject | Presence | Listed):
            self.room.release()

    def _not_read(self, line: str, url: str, reason: str, site: str = "") -> None:
        """Count and name a file or record that could not be read; the crawl does not end as finished."""
        self.unread.append(line)
        self.stats.inc_value(f"warc/{reason}")
        self.rejects.append(Reject(url, site, reason, line, {"record": url}, self.now()))

    def _bad_file(self, file: WarcFile, error: OSError) -> None:
        self._not_read(f"{file}: {error}", file.path.absolute().as_uri(), "bad_file")

    def _chunks(self, source: RecordSource) -> Iterator[list[Captured]]:
        for chunk in chunks(source.records()):
            self.stats.inc_value("warc/records", len(chunk))
            yield chunk
        self.stats.set_value("warc/revisits", source.resolved)

    def _ready(self, found: Sequence[Found]) -> list[Part]:
        """The articles of a chunk of pages whose listings are known; the rest is kept for later."""
        parts: list[Part] = []
        for one in found:
            url = one.fetched.url
            if one.kind == "listing":
                self.stats.inc_value(f"layout/{one.fetched.site}/{one.fetched.layout}")
                self._keep_listing(one, url)
            elif one.kind == "redirect":
                self.spill.moved(url, one.target)
            elif one.kind in ("gone", "unchanged"):
                self.spill.look(one.fetched.at, url, gone=one.kind == "gone")
            elif one.kind == "articles" and self._is_listed(one):
                parts += self._parts_of(one)
            elif one.kind in ("articles", "unclaimed"):
                self.spill.page(one.fetched.at, one)
            elif one.kind == "bad_record":
                self._bad_record(one)
            else:
                self._passed_over(one)
        return parts

    def _bad_record(self, one: Found) -> None:
        place = one.fetched.record or {"file": "", "offset": 0}
        where = f"{place['file']}, byte {place['offset']}"
        self._not_read(f"{where}: {one.detail}", one.fetched.url or f"{place['file']}#{place['offset']}", "bad_record", one.fetched.site)

    def _passed_over(self, one: Found) -> None:
        """Count what is no page of an article or listing; a page of ours is named in the log."""
        self.stats.inc_value(f"warc/passed_over/{one.kind}")
        if one.kind not in ("other_hosts", "robots", "other"):
            self.logger.info("Passed over: %s: %s %s", one.fetched.url, one.kind, one.detail)

    def _is_listed(self, one: Found) -> bool:
        names = [one.fetched.url, *self.spill.sources(one.fetched.url)]
        return any(self.spill.entries(name) for name in names) or bool(self.spill.anchors(one.fetched.url))

    def _keep_listing(self, one: Found, url: str) -> None:
        for link in one.links if not one.stories else ():  # a page without stories is a menu, which names listings
            self.spill.label(link.url, link.label)
        if one.stories and one.name:
            self.spill.label(url, " ".join(one.name.split()))
        for link in one.links if one.stories else ():  # one with stories links its further pages
            self.spill.follows(url, link.url)
        for story in one.stories:
            self.spill.listed(url, story.url, story.title, story.day, story.categories)

    def _late(self) -> Iterator[Part]:
        """The articles of the pages that waited, in time."""
        for found in self.spill.pages():
            if found.kind == "unclaimed":
                self.rejects += self._unclaimed(found)
            else:
                yield from self._parts_of(found)

    def _afterwards(self) -> Iterator[Any]:
        """What was found out after the articles: rejects, what later listings said, what had gone."""
        yield from self.rejects
        for story, before in self.spill.listed_again():
            site = site_of(story, sites())
            if site and (listed := self._listed(self.spill.entries(story)[before:], story, site.site)):
                yield Listed([story], listed.categories, self.now(), listed.day)
        for at, url, gone in self.spill.looks():
            for name in (url, *self.spill.sources(url)):
                yield Presence(name, gone, at)

    def _unclaimed(self, found: Found) -> list[Reject]:
        """A page that no layout claims matters where a listing named it."""
        url = found.fetched.url
        if not self._is_listed(found):
            self._passed_over(found)
            return []
        self.stats.inc_value(f"layout/unknown/{found.fetched.site}")
        return [Reject(url, found.fetched.site, "unknown_layout", found.detail, {"record": found.fetched.record}, found.fetched.at)]

    def _parts_of(self, found: Found) -> Iterator[Part]:
        fetched = found.fetched
        self.stats.inc_value(f"layout/{fetched.site}/{fetched.layout}")
        for raw in found.raws:
            if raw.fallback:
                self.stats.inc_value(f"fallback/{fetched.site}/{fetched.layout}/{raw.fallback}")
        names = [fetched.url, *self.spill.sources(fetched.url)]
        listed_anchors = self.spill.anchors(fetched.url) if any(raw.anchor for raw in found.raws) else set()
        for raw in found.raws:
            if raw.anchor and listed_anchors and raw.anchor not in listed_anchors:
                continue
            anchor = f"#{raw.anchor}" if raw.anchor else ""
            entries = {name + anchor: self.spill.entries(name + anchor) for name in names}
            url = next((url for url, some in entries.items() if some), names[0] + anchor)
            self.spill.give(url, len(entries[url]))
            self.count("listed")
            yield dataclasses.replace(fetched, url=url), raw, self._listed(entries[url], url, fetched.site)

    def _listed(self, entries: Sequence[Entry], url: str, site: str) -> ListedStory | None:
        """What the listings said of a story, together."""
        if not entries:
            return None
        title = next((title for title, *_ in entries if title), None)
        day = next((day for _, day, *_ in entries if parse_day(day)), None)
        categories = [name for _, _, names, label in entries for name in (*names, label) if name] if sites()[site].categorised else []
        return ListedStory(url, title, day, list(dict.fromkeys(categories)))
