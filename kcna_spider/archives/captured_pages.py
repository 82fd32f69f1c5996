"""Parse captured pages with the layouts of their sites.

This works in any process and needs no crawl, database or network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager

from kcna_spider.archives.cdx import capture_of, original_of
from kcna_spider.archives.exchange import WarcResponse
from kcna_spider.archives.warc_reader import WITH_BODY
from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Article, Fetched, ListingEntry, PhotoFile, RawArticle, RawPhotoPage
from kcna_spider.layouts.base import Link, Listing
from kcna_spider.site_adapter import SiteAdapter, adapter_of_url, header, site_adapters
from kcna_spider.sites import canonical_url
from kcna_spider.text.block_detection import detect_block, is_binary, is_whole_gzip

_GZIP = b"\x1f\x8b"  # the first bytes of a gzip stream


@dataclass(slots=True)
class ParsedRecord:
    """The result of parsing one record.

    kind: listing, articles, photo_page, photo, redirect, gone, unchanged, no_layout, bad_record, or a reason
    to skip the record.

    fetched: of the page (its URL has no anchor). entries, links, name: of a listing. raws: of articles.
    file, body: of a photo. target: URL of a redirect, or the reason why a photo is invalid. detail: message
    of an error.
    """

    kind: str
    fetched: Fetched
    entries: list[ListingEntry] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    name: str | None = None
    raws: list[RawArticle] = field(default_factory=list)
    photo_page: RawPhotoPage | None = None
    file: PhotoFile | None = None
    body: bytes = b""
    target: str = ""
    detail: str = ""


def parse_records(
    records: Sequence[WarcResponse], max_bytes: int, *, photos: bool = False
) -> list[ParsedRecord]:
    """Return the content of each record.

    max_bytes: limit of a decompressed body; a record with a longer one has the kind no_layout. photos: read
    images too.
    """
    return [_parse(record, max_bytes, photos=photos) for record in records]


def load_articles(parts: Sequence[tuple[Fetched, RawArticle, ListingEntry | None]]) -> list[Article]:
    """Return the normalised article of each part, with its fingerprint."""
    articles = [site_adapters()[fetched.site].article(fetched, raw, listed) for fetched, raw, listed in parts]
    for article in articles:
        article.set_fingerprint()
    return articles


def response_of(url: str, record: WarcResponse, max_bytes: int) -> Response:
    """Return the response as Scrapy would have returned it, decompressed.

    max_bytes: limit of the decompressed body; raise IgnoreRequest if it is longer.
    """
    headers: Headers = Headers()
    for name, value in record.headers:
        headers.appendlist(name, value)
    kind = responsetypes.from_args(headers=headers, url=url, body=record.body)
    response = kind(url, status=record.status, headers=headers, body=record.body)
    if "Content-Encoding" not in headers:
        return response
    try:
        return _decoder(max_bytes).process_response(Request(url), response)  # type: ignore[return-value]
    except IgnoreRequest:
        raise
    except Exception:
        if is_binary(record.body):
            raise
        del headers["Content-Encoding"]  # the record has the body decoded, and the header as it was sent
        return responsetypes.from_args(headers=headers, url=url, body=record.body)(
            url, status=record.status, headers=headers, body=record.body
        )


@cache
def _decoder(max_bytes: int) -> HttpCompressionMiddleware:
    """Return Scrapy's decompression middleware with the parts of a crawler that it needs."""
    crawl: Any = SimpleNamespace(
        settings=Settings({"DOWNLOAD_MAXSIZE": max_bytes}), stats=None, signals=SignalManager()
    )
    return HttpCompressionMiddleware(crawler=crawl)


def _parse(  # noqa: PLR0911  # one return per kind of record
    record: WarcResponse, max_bytes: int, *, photos: bool
) -> ParsedRecord:
    place = {"file": record.location.file, "offset": record.location.offset}
    if not record.url:
        return ParsedRecord("bad_record", Fetched("", "", "", record.at, record=place), detail=record.detail)
    try:
        wayback = original_of(record.url)
        url, at = wayback or (record.url, record.at)
        url = canonical_url(url)
        adapter = adapter_of_url(url)
    except ValueError as error:
        return ParsedRecord(
            "bad_record",
            Fetched(record.url, "", "", record.at, record=place),
            detail=f"its URL is malformed: {error}",
        )
    capture = capture_of(record.url) or {"at": at, "url": None}
    fetched = Fetched(url, adapter.name if adapter else "", "", at, capture=capture, record=place)
    if record.kind == "bad_record":
        return ParsedRecord("bad_record", fetched, detail=record.detail)
    if adapter is None or url.endswith("/robots.txt"):
        return ParsedRecord("other_hosts" if adapter is None else "robots", fetched)
    if record.kind == "redirect":
        return _redirect(record, fetched)
    if reason := _reason_to_skip(record, max_bytes, photos=photos):
        return ParsedRecord(reason, fetched)
    try:
        response = response_of(url, record, max_bytes)
        if record.kind == "image":
            return _parse_photo(response, fetched)
        return _parse_page(response, adapter, fetched)
    except Exception as error:  # noqa: BLE001  # one unreadable record must not end the re-parse
        return ParsedRecord("no_layout", fetched, detail=f"{url}: {error!r}")


def _reason_to_skip(record: WarcResponse, max_bytes: int, *, photos: bool) -> str | None:
    """Return the kind of a record that is not parsed, or None if it is parsed."""
    if record.kind == "image" and not photos:
        return "other"
    if record.kind not in WITH_BODY:
        return record.kind
    damaged = record.body[:2] == _GZIP and not is_whole_gzip(record.body, max_bytes)
    return "blocked/damaged" if damaged else None


def _redirect(record: WarcResponse, fetched: Fetched) -> ParsedRecord:
    target = next((value for name, value in record.headers if name.lower() == "location"), "")
    try:
        return ParsedRecord("redirect", fetched, target=canonical_url(urljoin(fetched.url, target)))
    except ValueError as error:
        return ParsedRecord(
            "bad_record", fetched, detail=f"it redirects to a malformed URL, {target[:200]}: {error}"
        )


def _parse_photo(response: Response, fetched: Fetched) -> ParsedRecord:
    from kcna_spider.photos.image_facts import PhotoError, read_photo

    fetched.etag, fetched.modified = header(response, "ETag"), header(response, "Last-Modified")
    try:
        file = read_photo(response.body, header(response, "Content-Type"))
    except PhotoError as error:
        return ParsedRecord("photo", fetched, target=error.reason, detail=error.detail)
    return ParsedRecord("photo", fetched, file=file, body=response.body)


def _parse_page(response: Response, adapter: SiteAdapter, fetched: Fetched) -> ParsedRecord:
    if reason := detect_block(response.status, response.headers, response.body):
        return ParsedRecord(f"blocked/{reason}", fetched)
    fetched.etag, fetched.modified = header(response, "ETag"), header(response, "Last-Modified")
    try:
        layout, page = adapter.select_layout(response)
        found = adapter.read(layout, page)
    except LayoutError as error:
        return ParsedRecord("no_layout", fetched, detail=str(error))
    fetched.layout = layout.name
    if isinstance(found, Listing):
        entries = adapter.entries(fetched.url, found)
        return ParsedRecord("listing", fetched, entries=entries, links=found.links, name=found.name)
    if isinstance(found, RawPhotoPage):
        return ParsedRecord("photo_page", fetched, photo_page=found)
    return ParsedRecord("articles", fetched, raws=[raw for raw in found if raw.anchor != ""])
