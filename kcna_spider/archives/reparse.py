"""Read WARC files again with today's layouts, without network access.

In the files of a crawl, the listing that links to an article precedes it, so the article is loaded with the
listing entries read so far and yielded at once. A page that no listing has named yet is kept in a temporary
database until the end, so that any order of the files gives the same result. Categories and dates of later
listings follow as `ListingUpdate`.
"""

from __future__ import annotations

import dataclasses
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from kcna_spider.archives.captured_pages import ParsedRecord, load_articles, parse_records
from kcna_spider.archives.exchange import WarcResponse
from kcna_spider.archives.process_pool import CHUNK, Pool
from kcna_spider.archives.record_source import RecordSource
from kcna_spider.archives.replay_index import ReplayIndex
from kcna_spider.archives.replayed_listings import ReplayedListings, merged
from kcna_spider.archives.replayed_photos import Part, ReplayedPhotos
from kcna_spider.archives.warc_files import WarcFile
from kcna_spider.items import (
    Article,
    Item,
    Reject,
)
from kcna_spider.photos.files_store import write_whole
from kcna_spider.store.connection.calls import batched
from kcna_spider.text.dates import utc_now

logger = logging.getLogger(__name__)

_OTHERS = ("other_hosts", "robots", "other")  # kinds of records that are no pages of the project's sites


class Reparse:
    """Yields the items of WARC files.

    max_bytes: longer bodies are not parsed. inc: called with the name of a stat to increase it. photo_folder:
    folder for the photo files, or None to skip photos. unread: one line for each file or record that could
    not be read. listed: number of articles found so far.
    """

    def __init__(
        self,
        files: Sequence[WarcFile],
        pool: Pool,
        max_bytes: int,
        inc: Callable[[str], None],
        photo_folder: Path | None = None,
    ) -> None:
        self.pool, self.max_bytes, self.inc, self.photo_folder = pool, max_bytes, inc, photo_folder
        self.source = RecordSource(files, max_bytes, self._bad_file)
        self.index = ReplayIndex()
        self.listings = ReplayedListings(self.index)
        self.photos = ReplayedPhotos(self.index)
        self.unread: list[str] = []
        self.listed = 0
        self.pages: Counter[str] = Counter()  # "known", "unknown": pages by whether a layout matched
        self._rejects: list[Reject] = []

    def items(self) -> Iterator[list[Item]]:
        """Yield all items in lists: articles and rejects, then listing updates, checks and photo sets."""
        try:
            work = partial(parse_records, max_bytes=self.max_bytes, photos=self.photo_folder is not None)
            parsed = self.pool.map(work, self._chunks())
            for articles in self.pool.map(load_articles, map(self._ready, parsed)):
                yield [*self._take_rejects(), *self._with_photos(articles)]
            for articles in self.pool.map(load_articles, batched(self._late(), CHUNK)):
                yield [*self._take_rejects(), *self._with_photos(articles)]
            yield self._take_rejects()
            if self.photo_folder:
                for found in self.pool.map(load_articles, batched(self.photos.without_article(), CHUNK)):
                    alone = [page for page in found if not self.photos.belongs_to_article(page)]
                    yield [*self._with_photos(alone)]
            for chunk in batched(self.listings.later_updates(), CHUNK):
                yield list(chunk)
            if self.photo_folder:
                for sets in batched(self.photos.photo_sets(), CHUNK):
                    yield list(sets)
        finally:
            self.index.close()

    def not_read(self, line: str, url: str, reason: str, site: str = "") -> None:
        """Count a file or record that could not be read, and add it to `unread` and to the rejects.

        line: message that names the file or record. reason: code of the reject, also counted as a stat.
        """
        self.unread.append(line)
        self.inc(f"warc/{reason}")
        self._rejects.append(Reject(url, site, reason, line, {"record": url}, utc_now()))

    def _with_photos(self, articles: Sequence[Article]) -> Sequence[Article]:
        """Return the articles unchanged, after recording the photo pages that they link to."""
        if self.photo_folder:
            for article in articles:
                self.photos.note_article(article)
        return articles

    def _keep_photos(self, one: ParsedRecord) -> None:
        """Record a photo page, or record a photo and write its file; only count it without a photo folder."""
        if one.photo_page:
            self._count_page(one)
            if self.photo_folder:
                self.photos.note_page(one.fetched, one.photo_page)
            return
        if one.file and self.photo_folder:
            write_whole(self.photo_folder / one.file.path, one.body)
        self.inc("photos/found" if one.file else "photos/failed")
        self.photos.note_file(one.fetched, one.file, None if one.file else (one.target, one.detail))

    def _take_rejects(self) -> list[Item]:
        rejects, self._rejects = self._rejects, []
        return list(rejects)

    def _bad_file(self, file: WarcFile, error: OSError) -> None:
        self.not_read(f"{file}: {error}", file.path.absolute().as_uri(), "bad_file")

    def _chunks(self) -> Iterator[list[WarcResponse]]:
        for chunk in batched(self.source.records(), CHUNK):
            for _ in chunk:
                self.inc("warc/records")
            yield chunk if self.photo_folder else [_without_image(record) for record in chunk]
        for _ in range(self.source.resolved):
            self.inc("warc/revisits")

    def _ready(self, parsed: Sequence[ParsedRecord]) -> list[Part]:
        """Return the articles of the parsed pages that listings have named, and keep all other results."""
        parts: list[Part] = []
        for one in parsed:
            url = one.fetched.url
            if one.kind == "listing":
                self._count_page(one)
                self.listings.keep(one, url)
            elif one.kind in ("photo_page", "photo"):
                self._keep_photos(one)
            elif one.kind == "redirect":
                self.index.moved(url, one.target)
            elif one.kind in ("gone", "unchanged") and not one.fetched.is_archived:
                self.index.check(one.fetched.at, url, gone=one.kind == "gone")
            elif one.kind == "articles" and self.listings.is_named(one):
                parts += self._parts_of(one)
            elif one.kind in ("articles", "no_layout"):
                self.index.page(one.fetched.at, one)
            elif one.kind == "bad_record":
                self._bad_record(one)
            else:
                self._skip(one)
        return parts

    def _count_page(self, one: ParsedRecord) -> None:
        self.pages["known"] += 1
        self.inc(f"layout/{one.fetched.site}/{one.fetched.layout}")

    def _bad_record(self, one: ParsedRecord) -> None:
        place = one.fetched.record or {"file": "", "offset": 0}
        where = f"{place['file']}, byte {place['offset']}"
        self.not_read(
            f"{where}: {one.detail}",
            one.fetched.url or f"{place['file']}#{place['offset']}",
            "bad_record",
            one.fetched.site,
        )

    def _skip(self, one: ParsedRecord) -> None:
        """Count a record that is no article or listing; log it if it is a page of the project's sites."""
        self.inc(f"warc/skipped/{one.kind}")
        if one.kind not in _OTHERS:
            logger.info("Skipped: %s: %s %s", one.fetched.url, one.kind, one.detail)

    def _late(self) -> Iterator[Part]:
        """Yield the articles of the pages that were kept until the end, in chronological order."""
        for one in self.index.pages():
            if one.kind == "no_layout":
                self._without_layout(one)
            else:
                yield from self._parts_of(one)

    def _without_layout(self, one: ParsedRecord) -> None:
        """Reject a page that no layout matches if a listing named it; otherwise skip it."""
        if not self.listings.is_named(one):
            self._skip(one)
            return
        fetched = one.fetched
        self.pages["unknown"] += 1
        self.inc(f"layout/unknown/{fetched.site}")
        self._rejects.append(
            Reject(
                fetched.url,
                fetched.site,
                "unknown_layout",
                one.detail,
                {"record": fetched.record},
                fetched.at,
            )
        )

    def _parts_of(self, one: ParsedRecord) -> Iterator[Part]:
        fetched = one.fetched
        self._count_page(one)
        for raw in one.raws:
            if raw.fallback:
                self.inc(f"fallback/{fetched.site}/{fetched.layout}/{raw.fallback}")
        names = [fetched.url, *self.index.sources(fetched.url)]
        listed_anchors = self.index.anchors(fetched.url) if any(raw.anchor for raw in one.raws) else set()
        for raw in one.raws:
            if raw.anchor and listed_anchors and raw.anchor not in listed_anchors:
                continue
            anchor = f"#{raw.anchor}" if raw.anchor else ""
            entries = {name + anchor: self.index.entries(name + anchor) for name in names}
            url = next((url for url, some in entries.items() if some), names[0] + anchor)
            self.index.give(url, len(entries[url]))
            self.inc("articles/listed")
            self.listed += 1
            yield dataclasses.replace(fetched, url=url), raw, merged(entries[url], url, fetched.site)


def _without_image(record: WarcResponse) -> WarcResponse:
    """Return the record, an image without its body: sending it to another process would be useless."""
    return dataclasses.replace(record, body=b"") if record.kind == "image" else record
