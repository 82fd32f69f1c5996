"""What a captured page holds, read with its site's layouts: in any process, without a crawl, a database or the network."""

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

from kcna_spider import settings
from kcna_spider.archives.cdx import original_of
from kcna_spider.archives.exchange import Captured
from kcna_spider.base_spiders.site_pages import SitePages, all_sites, header, site_of
from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Article, Fetched, ListedStory, RawArticle
from kcna_spider.layouts.base import Link, Listing
from kcna_spider.sites import canonical_url
from kcna_spider.text.block_detection import is_binary, no_answer
from kcna_spider.text.similarity import identify


@dataclass(slots=True)
class Found:
    """What became of one record. kind: listing, articles, redirect, gone, unchanged, unclaimed, bad_record, or a reason to pass over it.

    fetched: of the page (its address without an anchor). stories, links: of a listing. target: of a redirect. detail: of an error.
    """

    kind: str
    fetched: Fetched
    stories: list[ListedStory] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    name: str | None = None
    raws: list[RawArticle] = field(default_factory=list)
    target: str = ""
    detail: str = ""


@cache
def sites() -> dict[str, type[SitePages]]:
    """All sites, found once a process."""
    return all_sites()


def read_records(records: Sequence[Captured]) -> list[Found]:
    """What each record holds."""
    return [_read(record) for record in records]


def load_articles(parts: Sequence[tuple[Fetched, RawArticle, ListedStory | None]]) -> list[Article]:
    """The normalised article of each part, with what tells it from others."""
    articles = [sites()[fetched.site].article(fetched, raw, listed) for fetched, raw, listed in parts]
    for article in articles:
        identify(article)
    return articles


def response_of(url: str, record: Captured) -> Response:
    """The page as Scrapy would have given it, decompressed; IgnoreRequest where it is larger than any page."""
    headers: Headers = Headers()
    for name, value in record.headers:
        headers.appendlist(name, value)
    kind = responsetypes.from_args(headers=headers, url=url, body=record.body)
    response = kind(url, status=record.status, headers=headers, body=record.body)
    if "Content-Encoding" not in headers:
        return response
    try:
        return _decoder().process_response(Request(url), response)  # type: ignore[return-value]
    except IgnoreRequest:
        raise
    except Exception:
        if is_binary(record.body):
            raise
        del headers["Content-Encoding"]  # the archive keeps the body decoded, and the header as it was sent
        return responsetypes.from_args(headers=headers, url=url, body=record.body)(url, status=record.status, headers=headers, body=record.body)


@cache
def _decoder() -> HttpCompressionMiddleware:
    """Scrapy's own, without a crawl: it wants no more of one than this."""
    crawl: Any = SimpleNamespace(settings=Settings({"DOWNLOAD_MAXSIZE": settings.DOWNLOAD_MAXSIZE}), stats=None, signals=SignalManager())
    return HttpCompressionMiddleware(crawler=crawl)


def _read(record: Captured) -> Found:  # noqa: PLR0911  # one line a kind
    place = {"file": record.place.file, "offset": record.place.offset}
    if not record.url:
        return Found("bad_record", Fetched("", "", "", record.at, record=place), detail=record.detail)
    try:
        wayback = original_of(record.url)
        url, at = wayback or (record.url, record.at)
        url = canonical_url(url)
        pages = site_of(url, sites())
    except ValueError as error:
        return Found("bad_record", Fetched(record.url, "", "", record.at, record=place), detail=f"its URL is malformed: {error}")
    capture = {"at": at, "url": record.url if wayback else None}
    fetched = Fetched(url, pages.site if pages else "", "", at, capture=capture, record=place)
    if record.kind == "bad_record":
        return Found("bad_record", fetched, detail=record.detail)
    if pages is None or url.endswith("/robots.txt"):
        return Found("other_hosts" if pages is None else "robots", fetched)
    if record.kind == "redirect":
        return _redirect(record, fetched)
    if record.kind != "page":
        return Found(record.kind, fetched)
    try:
        return _read_page(response_of(url, record), pages, fetched)
    except Exception as error:  # noqa: BLE001  # a record that can't be unpacked must not end the others
        return Found("unclaimed", fetched, detail=f"{url}: {error!r}")


def _redirect(record: Captured, fetched: Fetched) -> Found:
    target = next((value for name, value in record.headers if name.lower() == "location"), "")
    try:
        return Found("redirect", fetched, target=canonical_url(urljoin(fetched.url, target)))
    except ValueError as error:
        return Found("bad_record", fetched, detail=f"it redirects to a malformed URL, {target[:200]}: {error}")


def _read_page(response: Response, pages: type[SitePages], fetched: Fetched) -> Found:
    if reason := no_answer(response.status, response.headers, response.body):
        return Found(f"no_answer/{reason}", fetched)
    fetched.etag, fetched.modified = header(response, "ETag"), header(response, "Last-Modified")
    try:
        layout, page = pages.claim(response)
        found = pages.content(layout, page)
    except LayoutError as error:
        return Found("unclaimed", fetched, detail=str(error))
    fetched.layout = layout.name
    if isinstance(found, Listing):
        stories = pages.stories(fetched.url, found)
        return Found("listing", fetched, stories=stories, links=found.links, name=found.name)
    return Found("articles", fetched, raws=[raw for raw in found if raw.anchor != ""])
