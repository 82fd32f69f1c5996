"""Read edits, withdrawals, returns and changes of photos since a timestamp from the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pymongo.database import Database

from kcna_spider.export.diff import Part, whole_text, word_diff
from kcna_spider.export.photo_history import PHOTO_KINDS, files_of_event, site_of_photo
from kcna_spider.store.connection.calls import batched
from kcna_spider.store.model.types import Document

_FAR = dt.datetime.max.replace(tzinfo=dt.UTC)
_AT_ONCE = 50  # events whose texts are read by one query
_TEXT = {"title": 1, "body": 1, "dateline": 1}
# Kinds of events of texts and copies; PHOTO_KINDS are those of photos.
TEXT_KINDS = ("edited", "withdrawn", "restored", "gone", "back")


@dataclass(slots=True)
class Change:
    """One change of an article, one of its copies or one of its photos.

    at: when it was noticed. kind: edited; gone (a copy, while others are live); withdrawn (the last live
    copy); restored (the first copy that is back); back (a further copy). Of photos: photo_altered,
    photo_captioned, photo_gone, photo_back. url: that of the copy or the photo. article: its id.
    sha256_before, sha256_after: files of the photo.
    """

    at: dt.datetime
    kind: str
    title: str
    published: dt.date
    url: str
    site: str
    article: str
    title_diff: list[Part] = field(default_factory=list)
    body_diff: list[Part] = field(default_factory=list)
    sha256_before: str | None = None
    sha256_after: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event of an article, without its texts. kind: as in Change.

    document: the article. site: that of the copy, or of the page that shows the photo. texts: numbers of the
    revisions before and after an edit. files: SHA-256 of a photo's files before and after. captions: those
    before and after an edit.
    """

    at: dt.datetime
    kind: str
    document: Document
    url: str
    site: str
    texts: tuple[int, int] | None = None
    files: tuple[str | None, str | None] = (None, None)
    captions: tuple[str, str] | None = None


def events(database: Database[Document], since: dt.datetime, *, trivial: bool = False) -> Iterator[Event]:
    """Yield the events since a timestamp, article by article.

    trivial: also yield edits of only blanks, quotes, dashes or case.
    """
    for document in database["articles"].find(
        {"event_at": {"$gte": since, "$lt": _FAR}}, {"body": 0, "lsh_keys": 0}
    ):
        sites = {copy["url"]: copy["site"] for copy in document["copies"]}
        for event in document.get("events", ()):
            if event["at"] >= since and (trivial or not is_trivial(document, event)):
                kind, url = event["kind"], event["url"]
                site = site_of_photo(document, url) if kind in PHOTO_KINDS else sites[url]
                texts = (event["before"], event["after"]) if kind == "edited" else None
                files = files_of_event(document, event)
                captions = (
                    (event["caption_before"], event["caption_after"]) if "caption_after" in event else None
                )
                yield Event(event["at"], kind, document, url, site, texts, files, captions)


def changes(database: Database[Document], since: dt.datetime, *, trivial: bool = False) -> list[Change]:
    """Return all changes since a timestamp with the differences of their texts, sorted by `at`.

    trivial: also return edits of only blanks, quotes, dashes or case.
    """
    found = [
        change
        for some in batched(events(database, since, trivial=trivial), _AT_ONCE)
        for change in _changes(database, some)
    ]
    return sorted(found, key=lambda change: (change.at, change.url))


def is_trivial(document: Document, event: Document) -> bool:
    """Return whether an event is an edit of only blanks, quotes, dashes or case."""
    if event["kind"] != "edited":
        return False
    before, after = (document["texts"][event[name] - 1] for name in ("before", "after"))
    return bool(before["form"] == after["form"])


def _changes(database: Database[Document], some: Sequence[Event]) -> list[Change]:
    """Return the changes of events; one query reads the texts of all edits."""
    names = {name for event in some for name in _names(event)}
    found = database["revisions"].find({"_id": {"$in": sorted(names)}}, _TEXT) if names else ()
    texts = {revision["_id"]: revision for revision in found}
    return [_change(event, texts) for event in some]


def _names(event: Event) -> list[str]:
    """Return the ids of the two revisions of an edit, or nothing for another event."""
    return [f"{event.document['_id']}-{number}" for number in event.texts or ()]


def _change(event: Event, texts: dict[str, Document]) -> Change:
    document = event.document
    change = Change(
        at=event.at,
        kind=event.kind,
        title=document["title"],
        published=document["published"].date(),
        url=event.url,
        site=event.site,
        article=str(document["_id"]),
        sha256_before=event.files[0],
        sha256_after=event.files[1],
    )
    if event.texts:
        before, after = (texts.get(name, {"title": "", "body": ""}) for name in _names(event))
        change.title = after["title"]
        change.title_diff = word_diff(before["title"], after["title"], context=None)
        change.body_diff = word_diff(whole_text(before), whole_text(after))
    if event.captions:
        change.body_diff = word_diff(*event.captions)
    return change
