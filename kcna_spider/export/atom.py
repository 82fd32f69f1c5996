"""Write an Atom feed (RFC 4287) of new, edited, withdrawn and restored articles and changed photos."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from bson import ObjectId
from lxml import etree
from lxml.builder import ElementMaker
from pymongo.database import Database

from kcna_spider import USER_AGENT_URL, __version__
from kcna_spider.export.change_history import Change, changes
from kcna_spider.export.diff import Part
from kcna_spider.export.rows import Wanted
from kcna_spider.store.model.types import Document
from kcna_spider.text.dates import iso_time, midnight

_ATOM = "http://www.w3.org/2005/Atom"
_E = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})
_MARKS = {"gone": ("[-", "-]"), "new": ("{+", "+}")}
_NOT_IN_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_SUMMARY = 400  # characters of a new article's body
# The range of timestamps that an ObjectId can contain.
_FIRST, _LAST = (dt.datetime.fromtimestamp(seconds, dt.UTC) for seconds in (0, 2**32 - 1))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. at: when the change was noticed. kind: "new", or the kind of a Change. article: its id."""

    at: dt.datetime
    kind: str
    article: str
    title: str
    url: str
    published: dt.date
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedHead:
    """The title of a feed, the name from which its id is made, and its own URL if it has one."""

    title: str = "KCNA: new, edited and withdrawn articles"
    name: str = ""
    url: str | None = None


_ALL_CHANGES = FeedHead()


def entries(database: Database[Document], since: dt.datetime, wanted: Wanted) -> list[Entry]:
    """Return new articles and changes since a timestamp, newest first.

    wanted: only its language and site are used.
    """
    found = [*_new(database, since, wanted), *_changed(database, since, wanted)]
    return sorted(found, key=lambda entry: (entry.at, entry.article, entry.kind), reverse=True)


def _new(database: Database[Document], since: dt.datetime, wanted: Wanted) -> Iterator[Entry]:
    """Yield the articles stored since a timestamp, which their ObjectIds contain.

    `first_seen` cannot be used, because it is the time of the capture for an article from a web archive.
    """
    window = {"$gte": ObjectId.from_datetime(min(max(since, _FIRST), _LAST)), "$lte": ObjectId("f" * 24)}
    for document in database["articles"].find(
        {"_id": window, **_of_language(wanted)}, {"lsh_keys": 0, "texts": 0}
    ):
        copies = [copy for copy in document["copies"] if wanted.site in (None, copy["site"])]
        if copies:
            at = document["_id"].generation_time
            yield Entry(
                at,
                "new",
                str(document["_id"]),
                document["title"],
                copies[0]["url"],
                *_said(document),
                document["body"][:_SUMMARY],
            )


def _changed(database: Database[Document], since: dt.datetime, wanted: Wanted) -> Iterator[Entry]:
    found = [change for change in changes(database, since) if wanted.site in (None, change.site)]
    keys = {"_id": {"$in": [ObjectId(change.article) for change in found]}, **_of_language(wanted)}
    articles = {str(d["_id"]): d for d in database["articles"].find(keys, {"published": 1, "language": 1})}
    for change in found:
        if change.article in articles:
            yield Entry(
                change.at,
                change.kind,
                change.article,
                change.title,
                change.url,
                *_said(articles[change.article]),
                _difference(change),
            )


def _of_language(wanted: Wanted) -> Document:
    return {"language": wanted.language} if wanted.language else {}


def _said(document: Document) -> tuple[dt.date, str]:
    return document["published"].date(), document["language"]


def _difference(change: Change) -> str:
    if change.sha256_before or change.sha256_after:
        return photo_files(change.sha256_before, change.sha256_after)
    return "\n".join(text for diff in (change.title_diff, change.body_diff) if (text := marked(diff)))


def photo_files(before: str | None, after: str | None) -> str:
    """Return the SHA-256 of a photo's files before and after a change as text, without None."""
    return "\n".join(
        f"SHA-256 {when}: {sha256}" for when, sha256 in (("before", before), ("after", after)) if sha256
    )


def marked(diff: list[Part]) -> str:
    """Return a word diff as text with removed words as [-...-] and added words as {+...+}.

    Return "" if nothing was removed or added.
    """
    if not any(part.kind in _MARKS for part in diff):
        return ""
    return "".join(
        f"{_MARKS[part.kind][0]}{part.text}{_MARKS[part.kind][1]}" if part.kind in _MARKS else part.text
        for part in diff
    )


def write_atom(found: list[Entry], now: dt.datetime, head: FeedHead = _ALL_CHANGES) -> bytes:
    """Return the feed as UTF-8. found: its entries. now: date of the feed if it has no entries."""
    feed = _E.feed(
        _E.id(uuid5(NAMESPACE_URL, f"{USER_AGENT_URL}#feed{head.name}").urn),
        _E.title(_clean(head.title)),
        _E.updated(iso_time(max((entry.at for entry in found), default=now))),
        *([_E.link(rel="self", href=head.url)] if head.url else []),
        _E.author(_E.name("Korean Central News Agency, as recorded by kcna_spider")),
        _E.generator("kcna_spider", uri=USER_AGENT_URL, version=__version__),
        *(_element(entry) for entry in found),
    )
    text: bytes = etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text


def _element(entry: Entry) -> etree._Element:
    """Return the element of an entry; its id is the same each time the feed is written."""
    # The time and the URL of a new article change, when another site is found to show it too.
    change = "" if entry.kind == "new" else f"/{iso_time(entry.at)}/{entry.url}"
    name = f"{USER_AGENT_URL}#{entry.article}/{entry.kind}{change}"
    element: etree._Element = _E.entry(
        _E.id(uuid5(NAMESPACE_URL, name).urn),
        _E.title(_clean(f"{entry.kind.replace('_', ' ').capitalize()}: {entry.title}")),
        _E.updated(iso_time(entry.at)),
        _E.published(iso_time(midnight(entry.published))),
        _E.link(rel="alternate", href=entry.url, hreflang=entry.language),
        _E.category(term=entry.kind),
        _E.summary(_clean(entry.text), type="text"),
    )
    return element


def _clean(text: str) -> str:
    """Return a text without the characters that are invalid in XML."""
    return _NOT_IN_XML.sub("", text)
