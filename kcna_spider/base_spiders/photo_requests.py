"""Request the photo pages of articles, and read the photos that they show.

Each stored article has the photo pages that are still unread, so that none is lost if a crawl is killed or
does not fetch photos.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from kcna_spider.archives.cdx import capture_of, capture_request_url, original_of
from kcna_spider.base_spiders.priorities import Priority
from kcna_spider.downloadermiddlewares.errors import failure_reason, request_of
from kcna_spider.downloadermiddlewares.meta_keys import TRIED_HOSTS, WARC_RECORD
from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Article, Photo, PhotoSet, RawPhoto, RawPhotoPage
from kcna_spider.layouts.base import Listing
from kcna_spider.site_adapter import header
from kcna_spider.sites import site_of_url
from kcna_spider.text.dates import utc_now
from kcna_spider.text.http_statuses import GONE, UNCHANGED

if TYPE_CHECKING:
    from kcna_spider.base_spiders.archive_spider import ArchiveSpider

_CHUNK = 200  # number of due pages that are read from the store at once
# The stored state of a photo, as keyword arguments for `Photo`.
StoredPhoto = Mapping[str, Any]


class PhotoRequests:
    """Make the requests of a spider for photo pages, and parse the responses.

    captures: request captures of photo pages instead of the site's own. each: request every capture of a
    photo page instead of one. enabled: whether the crawl has the argument `photos`. asked: photo page -> URLs
    of the articles that link to it.
    """

    def __init__(self, spider: ArchiveSpider, *, captures: bool = False, each: bool = False) -> None:
        self.spider, self.captures, self.each = spider, captures, each
        self.requested: set[str] = set()
        self.enabled = bool(getattr(spider.arguments, "photos", False))
        self.asked: dict[str, list[str]] = {}

    def of(self, article: Article, known: Sequence[StoredPhoto] = ()) -> Iterator[Request | PhotoSet]:
        """Yield requests for the photo pages of an article, and the photos that it shows itself.

        known: the stored photos that the article's own page showed before.
        """
        own = [article.url] if known and article.url not in article.photo_pages else []
        for page in (*article.photo_pages, *own):
            if page == article.url:
                photos = self._photos(article.photos, known)
                yield PhotoSet(
                    page, [page], article.site, article.fetched_at, photos, capture=article.capture
                )
            elif request := self.page_request(page, article.url, article.capture):
                yield request

    async def of_stored_article(self, page: Article) -> PhotoSet | None:
        """Return the photos of a photo page as those of the stored article with its title and date.

        If there is no such article, return None.
        """
        if page.published is None:
            return None
        url = await asyncio.to_thread(
            self.spider.archive.article_with_title, page.language, page.published, page.title
        )
        if url is None:
            return None
        photos = self._photos(page.photos, ())
        return PhotoSet(page.url, [url], page.site, page.fetched_at, photos, capture=page.capture)

    def page_request(
        self,
        page: str,
        article_url: str,
        capture: Mapping[str, Any] | None = None,
        *,
        etag: str | None = None,
        modified: str | None = None,
        known: Sequence[StoredPhoto] = (),
    ) -> Request | None:
        """Return the request for a photo page, or None if this crawl has requested it before.

        capture: the capture of the article, to request a capture of about the same time. etag, modified,
        known: for a recheck, the HTTP validators of the page and its stored photos.
        """
        url = capture_request_url(capture, page) if capture else page
        self.asked.setdefault(page, []).append(article_url)
        if (key := url if self.each else page) in self.requested:
            return None
        self.requested.add(key)
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        self.spider.inc("photo_pages/asked")
        return Request(
            url,
            self.parse,
            errback=self.failed,
            headers={name: value for name, value in headers.items() if value},
            priority=Priority.PHOTO_PAGE,
            cb_kwargs={"page": page, "article": article_url, "known": list(known)},
            meta={"handle_httpstatus_list": [UNCHANGED, *GONE]},
        )

    def parse(
        self, response: Response, page: str, article: str, known: Sequence[StoredPhoto] = ()
    ) -> Iterator[Any]:
        """Yield the photos of a photo page, or a reject if no layout can read it.

        page: its URL at the site. article: the URL of the article for which it was requested. known: its
        stored photos.
        """
        found = self._photo_set(response, page, article)
        if response.status in GONE:
            # Another host than the site's own may lack the page.
            found.status = "failed" if TRIED_HOSTS in response.meta else "gone"
        elif response.status == UNCHANGED:
            found.photos = [Photo(**one) for one in known]
        else:
            try:
                shown = self._shown(response, page)
            except LayoutError as error:
                found.status = "failed"
                yield self.spider.pages.unknown_layout(response, error)
            else:
                found.photos = self._photos(shown, known)
        yield found

    def failed(self, failure: Failure) -> Iterator[PhotoSet]:
        """Yield a failed photo set for a photo page without a response; a later crawl requests it again."""
        request = request_of(failure)
        page, article = request.cb_kwargs["page"], request.cb_kwargs["article"]
        reason, detail = failure_reason(failure)
        if self.spider.stopping:
            return
        self.spider.logger.warning("Photo page without a response: %s: %s: %s", page, reason, detail)
        yield PhotoSet(page, self._articles(page, article), self.spider.site, utc_now(), status="failed")

    async def due_requests(self) -> AsyncIterator[Request]:
        """Yield a request for each stored photo page that was not read yet."""
        if not self.enabled:
            return
        now = utc_now()
        due = self.spider.archive.due_photo_pages(self.spider.site, now, captures=self.captures)
        while chunk := await asyncio.to_thread(lambda: list(itertools.islice(due, _CHUNK))):
            for one in chunk:
                if self.spider.requests.wants(one.day) and (
                    request := self.page_request(one.page_url, one.article_url, one.capture)
                ):
                    yield request

    def _articles(self, page: str, first: str) -> list[str]:
        return list(dict.fromkeys([first, *self.asked.get(page, ())]))

    def _photo_set(self, response: Response, page: str, article: str) -> PhotoSet:
        record, capture = response.meta.get(WARC_RECORD), capture_of(response.url)
        at = capture["at"] if capture else record["at"] if record else utc_now()
        return PhotoSet(
            page,
            self._articles(page, article),
            self.spider.site,
            at,
            capture=capture,
            etag=None if capture else header(response, "ETag"),
            modified=None if capture else header(response, "Last-Modified"),
        )

    def _shown(self, response: Response, page: str) -> list[RawPhoto]:
        """Return the photos of a photo page or an article. Raise LayoutError if the page is neither."""
        archived = original_of(response.url)
        layout, parsed = self.spider.pages.select_layout(
            response.replace(url=archived[0]) if archived else response
        )
        found = self.spider.adapter.read(layout, parsed)
        if isinstance(found, Listing):
            raise LayoutError(f"{page}: a photo page was expected, this is {layout.name}")
        return found.photos if isinstance(found, RawPhotoPage) else [p for raw in found for p in raw.photos]

    def _photos(self, shown: Iterable[RawPhoto], known: Iterable[StoredPhoto]) -> list[Photo]:
        """Return the photos on hosts of the site, with the stored HTTP validators of each."""
        before = {one["url"]: one for one in known}
        found = []
        for position, raw in enumerate(shown, 1):
            url, site = raw["url"], site_of_url(raw["url"])
            if site is None or site.name != self.spider.adapter.name or not urlsplit(url).path.strip("/"):
                self.spider.inc("photos/other_host")
                continue
            one = before.get(url, {})
            found.append(Photo(url, position, raw["caption"], one.get("etag"), one.get("modified")))
        return found
