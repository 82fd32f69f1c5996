"""Fetch the files of photos and store them, with Scrapy's files pipeline."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.pipelines.files import FilesPipeline
from scrapy.pipelines.media import FileInfoOrError, MediaPipeline
from scrapy.utils.defer import ensure_awaitable
from twisted.python.failure import Failure

from kcna_spider.archives.cdx import capture_of, capture_request_url
from kcna_spider.downloadermiddlewares.errors import failure_reason
from kcna_spider.downloadermiddlewares.meta_keys import PHOTO, PHOTO_FILE, TRIED_HOSTS, WARC_RECORD
from kcna_spider.extensions.health import health_of, is_stopping
from kcna_spider.items import Photo, PhotoFile, PhotoSet
from kcna_spider.photos.files_store import WholeFilesStore, require_file_store
from kcna_spider.site_adapter import header
from kcna_spider.text.dates import utc_now
from kcna_spider.text.http_statuses import GONE, UNCHANGED

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_OUTCOMES = {200: "found", UNCHANGED: "unchanged", **dict.fromkeys(GONE, "gone")}


class NotFetchedError(IgnoreRequest):
    """A photo was not received. reason: its code. detail: one line for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


class PhotosPipeline(FilesPipeline):
    """Fetch each photo of a `PhotoSet` once, at the request rate of its site, and store its bytes unchanged.

    It is enabled by the spider argument `photos`, and sets the outcome of each photo in the item.
    """

    STORE_SCHEMES: ClassVar[dict[str, Any]] = {
        **FilesPipeline.STORE_SCHEMES,
        "": WholeFilesStore,
        "file": WholeFilesStore,
    }
    LOG_FAILED_RESULTS = False  # `item_completed` names each failure in one line

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One photo at a time, so that photos that still wait are not fetched once the crawl is stopping.
        self.turn = asyncio.Semaphore(1)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline. Raise NotConfigured unless the crawl has the argument `photos`.

        Raise ArgumentError if the photos cannot be kept at FILES_STORE.
        """
        if not getattr(getattr(crawler.spider, "arguments", None), "photos", False):
            raise NotConfigured
        require_file_store(crawler.settings.get("FILES_STORE") or "")
        return super().from_crawler(crawler)

    def get_media_requests(self, item: Any, info: MediaPipeline.SpiderInfo) -> list[Request]:
        """Return a request for each photo; it is conditional if the server sent HTTP validators before."""
        del info
        most = self.crawler.settings.getint("PHOTO_MAX_BYTES")
        return [_request(photo, item, most) for photo in item.photos] if isinstance(item, PhotoSet) else []

    async def media_to_download(  # type: ignore[override]
        self, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> Any:
        """Wait for the turn of a photo; return None to fetch it, or a result if the crawl is stopping."""
        del info, item
        await self.turn.acquire()
        if not is_stopping(self.crawler):
            return None
        self.turn.release()
        return {"url": request.url, "photo": {"outcome": "not_asked"}}

    async def media_downloaded(
        self, response: Response, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> Any:
        """Return the result for a photo after its file, if it was received, is stored."""
        del item
        found = _received(response)
        if (file := found["file"]) and not await self._keep(file, response.body, info):
            found = {"outcome": "not_asked"}  # the site did not fail: the next crawl requests the photo again
        self.turn.release()
        return {"url": request.url, "photo": found}

    async def _keep(self, file: PhotoFile, body: bytes, info: MediaPipeline.SpiderInfo) -> bool:
        """Store a file; return whether that succeeded. If not, the crawl ends as failed."""
        try:
            await ensure_awaitable(self.store.persist_file(file.path, BytesIO(body), info))
        except Exception as error:  # noqa: BLE001  # the stores raise exceptions of several libraries
            place = self.crawler.settings["FILES_STORE"]
            health_of(self.crawler).fail("photos_not_kept", f"{place}: {error}", close=True)
            return False
        return True

    def media_failed(self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo) -> NoReturn:
        """Raise a NotFetchedError with the reason why there is no response, as Scrapy expects it."""
        self.turn.release()
        failure.request = getattr(failure, "request", request)  # type: ignore[attr-defined]
        error = NotFetchedError(*failure_reason(failure))
        super().media_failed(Failure(error), request, info)  # type: ignore[no-untyped-call]

    def item_completed(
        self, results: list[FileInfoOrError], item: Any, info: MediaPipeline.SpiderInfo
    ) -> Any:
        """Set the outcome of each photo in the item, and count it; log the photos that failed."""
        del info
        if not isinstance(item, PhotoSet):
            return item
        for number, (photo, (_, result)) in enumerate(zip(item.photos, results, strict=True)):
            item.photos[number] = found = dataclasses.replace(photo, **_outcome(result))
            if self.crawler.stats:
                self.crawler.stats.inc_value(f"photos/{found.outcome}")
            if found.problem:
                logger.warning("Photo not stored: %s: %s: %s", found.url, *found.problem)
        return item


def _request(photo: Photo, photo_set: PhotoSet, most_bytes: int) -> Request:
    """Return the request for a photo, or for its capture if the page is a capture.

    most_bytes: the largest size of its file.
    """
    headers = {"If-None-Match": photo.etag, "If-Modified-Since": photo.modified}
    capture = photo_set.capture
    url = capture_request_url(capture, photo.url) if capture else photo.url
    return Request(
        url,
        NO_CALLBACK,
        headers={name: value for name, value in headers.items() if value and not capture},
        meta={PHOTO: True, "download_maxsize": most_bytes},
    )


def _received(response: Response) -> dict[str, Any]:
    """Return the fields of `Photo` that a response sets."""
    meta = response.request.meta if response.request else {}
    record, capture = meta.get(WARC_RECORD), capture_of(response.url)
    outcome = _OUTCOMES.get(response.status, "failed")
    if outcome == "gone" and TRIED_HOSTS in meta:
        outcome = "failed"  # another host than the site's own may lack the file
    code = f"http_{response.status}"
    return {
        "outcome": outcome,
        "problem": (code, f"the site responded with HTTP {response.status}") if outcome == "failed" else None,
        "file": meta[PHOTO_FILE] if outcome == "found" else None,
        "at": capture["at"] if capture else record["at"] if record else utc_now(),
        # The site does not recognise the HTTP validators of a web archive.
        "etag": None if capture else header(response, "ETag"),
        "modified": None if capture else header(response, "Last-Modified"),
        "capture": capture,
        "record": {"file": record["file"], "offset": record["offset"]} if record else None,
    }


def _outcome(result: Any) -> dict[str, Any]:
    if not isinstance(result, Failure):
        return dict(result["photo"])
    error: Any = result.value and (result.value.__cause__ or result.value)
    if isinstance(error, NotFetchedError):
        return {"outcome": "failed", "problem": (error.reason, error.detail)}
    return {"outcome": "failed", "problem": ("failed", f"{type(error).__name__}: {error}")}
