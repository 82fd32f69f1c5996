"""Which stored URLs are due to be rechecked, and what it means when one is gone or back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from kcna_spider.exceptions import StoreError
from kcna_spider.items import AvailabilityCheck
from kcna_spider.store.model.documents import new_version
from kcna_spider.store.model.types import ArticleDocument, Document
from kcna_spider.store.write.events import note_earlier_absence, note_gone, note_returned
from kcna_spider.store.write.merge import rank
from kcna_spider.store.write.revisions import current_fields
from kcna_spider.text.dates import midnight

Ask = Callable[[Callable[[], Any]], Any]
_WINDOW = dt.timedelta(days=62)  # articles are read a stretch of days at a time, so that memory stays small
_ROUNDS = 50
# An article older than `recheck` days is rechecked when a tenth of its age has passed since the last
# recheck, at least a week: after 10 weeks weekly, after a year every 5 weeks, after ten years once a year.
_SHARE, _LEAST = 10, dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page to recheck.

    It has the stored URLs of the page, each with the date that the site stated, and the HTTP validators.
    """

    page: str
    days: dict[str, dt.date | None]
    etag: str | None
    modified: str | None


def due_pages(
    database: Database[Document], site: str, days: int, now: dt.datetime, ask: Ask = lambda work: work()
) -> Iterator[DuePage]:
    """The pages of a site that are due, those of the newest stories first, each once.

    `ask`: calls what asks the database.
    """
    articles = database["articles"]
    oldest, newest = (
        ask(partial(articles.find_one, sort=[("published", way)], projection={"published": 1}))
        for way in (1, -1)
    )
    if oldest is None or newest is None:
        return
    always = midnight(now.date() - dt.timedelta(days=days))
    shared: set[str] = set()  # pages of several articles that were yielded already
    until = newest["published"] + dt.timedelta(days=1)
    while until > oldest["published"]:
        window = {"published": {"$gte": until - _WINDOW, "$lt": until}}
        for document in ask(partial(_all, articles, window)):
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
                    yield _page(page, ask(partial(_copies_of, articles, page)))
                else:
                    yield _page(page, [copy])
        until -= _WINDOW


def _all(articles: Collection[Document], window: Document) -> list[Document]:
    return list(articles.find(window, {"copies": 1, "published": 1}))


def _is_due(copy: Document, published: dt.datetime, always: dt.datetime, now: dt.datetime) -> bool:
    if copy["capture"] is not None:
        return False
    if published >= always:
        return True
    checked: dt.datetime = max(copy["last_seen"], copy.get("checked_at") or copy["last_seen"])
    return now - checked >= max(_LEAST, (now - published) / _SHARE)


def _copies_of(articles: Collection[Document], page: str) -> list[Document]:
    """Return the copies that are parts of one page."""
    found = articles.find({"copies.url": {"$gte": f"{page}#", "$lt": f"{page}$"}}, {"copies": 1})
    return [copy for document in found for copy in document["copies"] if copy["url"].startswith(f"{page}#")]


def _page(page: str, copies: list[Document]) -> DuePage:
    """Return the recheck of a page, conditional only if all its copies were seen in the same state."""
    states = {(copy["etag"], copy["modified"]) for copy in copies}
    etag, modified = states.pop() if len(states) == 1 else (None, None)
    return DuePage(page, {copy["url"]: _stated_day(copy) for copy in copies}, etag, modified)


def _stated_day(copy: Document) -> dt.date | None:
    """The day that the site stated for this copy.

    A date from the dateline or the URL is not returned: it is parsed again.
    """
    stated = copy["published"] is not None and copy["published_from"] in ("page", "listing")
    return copy["published"].date() if stated else None


def record_availability(database: Database[Document], batch: Sequence[AvailabilityCheck]) -> list[str]:
    """Write what was found at known URLs; an outcome each: gone, back, there, unknown."""
    return [_mark(database, one) for one in batch]


def _mark(database: Database[Document], one: AvailabilityCheck) -> str:
    articles = database["articles"]
    for _ in range(_ROUNDS):
        found = articles.find_one({"copies.url": one.url})
        if found is None:
            return "unknown"
        document = cast("ArticleDocument", found)
        outcome, fields = _seen(document, one)
        fields |= _current(database, document)
        with suppress(DuplicateKeyError):  # another article took the text in between: try again
            written = articles.update_one(
                {"_id": document["_id"], "version": document["version"]},
                {"$set": {**fields, "version": new_version()}},
            )
            if written.matched_count:
                return outcome
    raise StoreError(f"{one.url}: the article changed {_ROUNDS} times while it was written")


def _seen(document: ArticleDocument, one: AvailabilityCheck) -> tuple[str, Document]:
    """The outcome, and the fields that change; the copies of `document` are changed in place."""
    copy = next(c for c in document["copies"] if c["url"] == one.url)
    outcome = "there"
    if one.at < copy["last_seen"]:  # found in an old file: it has been seen since
        if one.gone and note_earlier_absence(document, copy, one.at):
            outcome = "gone"
    elif one.gone:
        outcome = "gone"
        copy["checked_at"] = one.at
        if copy["status"] == "live":
            note_gone(document, copy, one.at)
    else:
        was_gone = copy["status"] == "gone"
        if was_gone:
            note_returned(document, copy, one.at)
        outcome = "back" if was_gone and copy["status"] == "live" else "there"
        copy["last_seen"] = one.at
    fields: Document = {
        name: document[name] for name in ("copies", "withdrawn_at", "events", "event_at") if name in document
    }
    if not one.gone:
        fields["last_seen"] = max(document["last_seen"], one.at)
    return outcome, fields


def _current(database: Database[Document], document: ArticleDocument) -> dict[str, Any]:
    """Return the text of the copy that now ranks first, if it is not the current one.

    A withdrawn article keeps its text.
    """
    first = min(document["copies"], key=rank)
    if first["status"] == "gone" or first["revision"] == document["revision"]:
        return {}
    revision = database["revisions"].find_one({"_id": f"{document['_id']}-{first['revision']}"})
    return current_fields(database["articles"], document, revision) if revision else {}
