"""Find the stored URLs that are due for a recheck."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pymongo.collection import Collection
from pymongo.database import Database

from kcna_spider.store.connection.reads import Retry, call_once, ends_of
from kcna_spider.store.model.types import Document
from kcna_spider.store.write.events import is_capture
from kcna_spider.text.dates import midnight

# Articles are read in windows of this size, which limits memory. Few articles that are not due are read,
# because the recheck intervals in one window differ by a day at most.
_WINDOW = dt.timedelta(days=10)
# An article older than `recheck` days is rechecked when a tenth of its age, but at least a week, has passed
# since the last check. That is weekly up to 10 weeks, every 5 weeks after a year, yearly after ten years.
_SHARE, _LEAST = 10, dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KnownPhotoPage:
    """A photo page of an article. photos: for each photo that it showed, keyword arguments for `Photo`."""

    url: str
    etag: str | None
    modified: str | None
    photos: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page to recheck.

    page: its URL without a fragment. days: each stored URL of the page -> the date that the site stated, or
    None. etag, modified: HTTP validators. photo_pages: those of its article, if they are to be included.
    bounds: URL -> the date from a capture, of the URLs for which no site states a date.
    """

    page: str
    days: dict[str, dt.date | None]
    etag: str | None
    modified: str | None
    photo_pages: tuple[KnownPhotoPage, ...] = ()
    bounds: Mapping[str, dt.date] = field(default_factory=dict)


def due_pages(
    database: Database[Document],
    site: str,
    days: int,
    now: dt.datetime,
    retry: Retry = call_once,
    *,
    photos: bool = False,
) -> Iterator[DuePage]:
    """Yield the pages of a site that are due, those of the newest articles first, each once.

    retry: calls each function that reads the database. photos: include the photo pages of their articles.
    """
    fields = ("copies", "published", *(("photo_pages", "photos") if photos else ()))
    articles = database["articles"]
    ends = ends_of(articles, "published", retry)
    if ends is None:
        return
    always = midnight(now.date() - dt.timedelta(days=days))
    shared: set[str] = set()  # pages of several articles that were yielded already
    until = ends[1] + dt.timedelta(days=1)
    while until > ends[0]:
        since = until - _WINDOW
        if since < always < until:
            since = always
        window = {"published": {"$gte": since, "$lt": until}, **_may_be_due(site, until, always, now)}
        documents = retry(partial(_all, articles, window, fields))
        for document in documents:
            for copy in document["copies"]:
                page, _, anchor = copy["url"].partition("#")
                if (
                    copy["site"] != site
                    or page in shared
                    or not _is_due(copy, document["published"], always, now)
                ):
                    continue
                if anchor:
                    shared.add(page)
                    yield _page(page, retry(partial(_copies_of, articles, page, documents)))
                else:
                    yield _page(page, [copy], _photo_pages(document, site))
        until = since


def _all(articles: Collection[Document], window: Document, fields: Sequence[str]) -> list[Document]:
    return list(articles.find(window, dict.fromkeys(fields, 1)))


def _may_be_due(site: str, until: dt.datetime, always: dt.datetime, now: dt.datetime) -> Document:
    """Return a condition that every article published before `until` with a due copy fulfils."""
    copy: Document = {"site": site, "capture.url": None}  # a WARC record has no URL of a capture
    if until <= always:
        checked = now - max(_LEAST, (now - until) / _SHARE)
        copy |= {"last_seen": {"$lte": checked}, "checked_at": {"$not": {"$gt": checked}}}
    return {"copies": {"$elemMatch": copy}}


def _is_due(copy: Document, published: dt.datetime, always: dt.datetime, now: dt.datetime) -> bool:
    checked: dt.datetime = max(copy["last_seen"], copy.get("checked_at") or copy["last_seen"])
    if is_capture(copy["capture"]) or checked > now:  # or seen since this crawl began
        return False
    if published >= always:
        return True
    return now - checked >= max(_LEAST, (now - published) / _SHARE)


def _copies_of(articles: Collection[Document], page: str, read: Sequence[Document]) -> list[Document]:
    """Return the copies whose URLs are fragments of one page. read: articles that need not be read again."""
    here = [d for d in read if any(copy["url"].startswith(f"{page}#") for copy in d["copies"])]
    parts = {"$gte": f"{page}#", "$lt": f"{page}$"}
    # Without $elemMatch, each bound may apply to a different copy, and the index returns all articles with
    # one copy above and one below. SecantusDB uses an index only for the first condition.
    query = {
        "copies.url": parts,
        "copies": {"$elemMatch": {"url": parts}},
        "_id": {"$nin": [document["_id"] for document in here]},
    }
    found = [*here, *articles.find(query, {"copies": 1})]
    return [copy for document in found for copy in document["copies"] if copy["url"].startswith(f"{page}#")]


def _photo_pages(document: Document, site: str) -> tuple[KnownPhotoPage, ...]:
    """Return the photo pages of an article on the site itself, each with its stored photos."""
    return tuple(
        KnownPhotoPage(
            page["url"],
            page["etag"],
            page["modified"],
            tuple(_known(p) for p in document.get("photos", ()) if p["page_url"] == page["url"]),
        )
        for page in document.get("photo_pages", ())
        if page["site"] == site and not is_capture(page["capture"])
    )


def _known(photo: Document) -> Document:
    """Return keyword arguments for `Photo` from a stored photo.

    A photo that is gone gets no validators, so that it is requested unconditionally.
    """
    live = photo["status"] == "live"
    return {
        **{name: photo[name] for name in ("url", "position", "caption")},
        **{name: photo[name] if live else None for name in ("etag", "modified")},
    }


def _page(page: str, copies: list[Document], photo_pages: tuple[KnownPhotoPage, ...] = ()) -> DuePage:
    """Return the page to recheck, with validators only if they are equal for all of its copies."""
    states = {(copy["etag"], copy["modified"]) for copy in copies}
    etag, modified = states.pop() if len(states) == 1 else (None, None)
    days = {copy["url"]: _stated_day(copy) for copy in copies}
    bounds = {copy["url"]: copy["published"].date() for copy in copies if copy["published_from"] == "capture"}
    return DuePage(page, days, etag, modified, photo_pages, bounds)


def _stated_day(copy: Document) -> dt.date | None:
    """Return the date that the site stated for this copy, or None.

    A date from the dateline or the URL is not returned, because it is parsed again.
    """
    stated = copy["published"] is not None and copy["published_from"] in ("page", "listing")
    return copy["published"].date() if stated else None
