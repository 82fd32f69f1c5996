"""Which stored URLs are due to be rechecked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from pymongo.collection import Collection
from pymongo.database import Database

from kcna_spider.store.connection.reads import Ask, directly, ends_of
from kcna_spider.store.model.types import Document
from kcna_spider.store.write.events import is_capture
from kcna_spider.text.dates import midnight

# Articles are read a stretch of days at a time: memory stays small, and few are read that are not due, as the
# time after which they are due differs by a day at most.
_WINDOW = dt.timedelta(days=10)
# An article older than `recheck` days is rechecked when a tenth of its age has passed since the last
# recheck, at least a week. After 10 weeks that is weekly, after a year every 5 weeks, after ten years yearly.
_SHARE, _LEAST = 10, dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KnownPhotoPage:
    """A photo page of an article. photos: fields of `Photo` of each that it showed."""

    url: str
    etag: str | None
    modified: str | None
    photos: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page to recheck.

    It has the stored URLs of the page, each with the date that the site stated, and the HTTP validators.
    photo_pages: of its articles, where they are asked for.
    """

    page: str
    days: dict[str, dt.date | None]
    etag: str | None
    modified: str | None
    photo_pages: tuple[KnownPhotoPage, ...] = ()


def due_pages(
    database: Database[Document],
    site: str,
    days: int,
    now: dt.datetime,
    ask: Ask = directly,
    *,
    photos: bool = False,
) -> Iterator[DuePage]:
    """Yield the pages of a site that are due, those of the newest stories first, each once.

    `ask`: calls what asks the database. photos: with the photo pages of their articles.
    """
    fields = ("copies", "published", *(("photo_pages", "photos") if photos else ()))
    articles = database["articles"]
    ends = ends_of(articles, "published", ask)
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
        documents = ask(partial(_all, articles, window, fields))
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
                    yield _page(page, ask(partial(_copies_of, articles, page, documents)))
                else:
                    yield _page(page, [copy], _photo_pages(document, site))
        until = since


def _all(articles: Collection[Document], window: Document, fields: Sequence[str]) -> list[Document]:
    return list(articles.find(window, dict.fromkeys(fields, 1)))


def _may_be_due(site: str, until: dt.datetime, always: dt.datetime, now: dt.datetime) -> Document:
    """Return the condition that every article published before `until` meets of which a copy is due."""
    copy: Document = {"site": site, "capture": None}
    if until <= always:
        checked = now - max(_LEAST, (now - until) / _SHARE)
        copy |= {"last_seen": {"$lte": checked}, "checked_at": {"$not": {"$gt": checked}}}
    return {"copies": {"$elemMatch": copy}}


def _is_due(copy: Document, published: dt.datetime, always: dt.datetime, now: dt.datetime) -> bool:
    checked: dt.datetime = max(copy["last_seen"], copy.get("checked_at") or copy["last_seen"])
    if copy["capture"] is not None or checked > now:  # this crawl has just seen it
        return False
    if published >= always:
        return True
    return now - checked >= max(_LEAST, (now - published) / _SHARE)


def _copies_of(articles: Collection[Document], page: str, read: Sequence[Document]) -> list[Document]:
    """Return the copies that are parts of one page. read: articles that need not be read again."""
    here = [d for d in read if any(copy["url"].startswith(f"{page}#") for copy in d["copies"])]
    parts = {"$gte": f"{page}#", "$lt": f"{page}$"}
    # $elemMatch: without it each bound may hold for another copy, and an index gives all articles that have
    # one copy above and one below. SecantusDB finds no index for $elemMatch, but for the first condition.
    query = {
        "copies.url": parts,
        "copies": {"$elemMatch": {"url": parts}},
        "_id": {"$nin": [document["_id"] for document in here]},
    }
    found = [*here, *articles.find(query, {"copies": 1})]
    return [copy for document in found for copy in document["copies"] if copy["url"].startswith(f"{page}#")]


def _photo_pages(document: Document, site: str) -> tuple[KnownPhotoPage, ...]:
    """Return the photo pages of an article on the site itself, each with what is known of its photos."""
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
    """Return what `Photo` takes of a stored photo. One that is gone is asked for without a condition."""
    live = photo["status"] == "live"
    return {
        **{name: photo[name] for name in ("url", "position", "caption")},
        **{name: photo[name] if live else None for name in ("etag", "modified")},
    }


def _page(page: str, copies: list[Document], photo_pages: tuple[KnownPhotoPage, ...] = ()) -> DuePage:
    """Return the recheck of a page, conditional only if all its copies were seen in the same state."""
    states = {(copy["etag"], copy["modified"]) for copy in copies}
    etag, modified = states.pop() if len(states) == 1 else (None, None)
    days = {copy["url"]: _stated_day(copy) for copy in copies}
    return DuePage(page, days, etag, modified, photo_pages)


def _stated_day(copy: Document) -> dt.date | None:
    """Return the day that the site stated for this copy.

    A date from the dateline or the URL is not returned: it is parsed again.
    """
    stated = copy["published"] is not None and copy["published_from"] in ("page", "listing")
    return copy["published"].date() if stated else None
