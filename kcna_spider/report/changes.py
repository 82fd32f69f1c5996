"""Edits, withdrawals and returns since a day, read from the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pymongo.database import Database

from kcna_spider.report.diff import Part, word_diff

Document = dict[str, Any]
_FAR = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(slots=True)
class Change:
    """One change. kind: edited, withdrawn, gone (one address of several), back. at: when it was noticed."""

    at: dt.datetime
    kind: str
    title: str
    published: dt.date
    url: str
    site: str
    article: str
    title_diff: list[Part] = field(default_factory=list)
    body_diff: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an article, without its texts. kind: as of a change. entry: the copy's history entry of an edit."""

    at: dt.datetime
    kind: str
    document: Document
    copy: Document
    entry: Document | None = None


def events(database: Database[Document], since: dt.datetime, *, trivial: bool = False) -> Iterator[Event]:
    """What happened since a moment, an article after the other. `trivial`: also edits of blanks, quotes or case only."""
    for document in database["articles"].find({"event_at": {"$gte": since, "$lt": _FAR}}, {"body": 0, "keys": 0}):
        yield from _edits(document, since, trivial=trivial)
        yield from _absences(document, since)


def changes(database: Database[Document], since: dt.datetime, *, trivial: bool = False) -> list[Change]:
    """All changes since a moment with their texts, in the order in which they were noticed."""
    found = [_change(database, event) for event in events(database, since, trivial=trivial)]
    return sorted(found, key=lambda change: (change.at, change.url))


def _edits(document: Document, since: dt.datetime, *, trivial: bool) -> Iterator[Event]:
    """An edit is an address that showed another text than before; the same edit at several addresses of an article counts once."""
    entries = [(entry["at"], copy, entry) for copy in document["copies"] for entry in copy.get("history", ()) if entry["at"] >= since]
    told: set[tuple[str, str]] = set()
    for at, copy, entry in sorted(entries, key=lambda one: one[0]):
        before, after = (document["texts"][entry[name] - 1] for name in ("before", "revision"))
        pair = (before["form"], after["form"])
        if pair in told or (before["form"] == after["form"] and not trivial):
            continue
        told.add(pair)
        yield Event(at, "edited", document, copy, entry)


def _absences(document: Document, since: dt.datetime) -> Iterator[Event]:
    for copy in document["copies"]:
        for kind, at in (("gone", copy["gone_at"]), ("back", copy["back_at"])):
            if at is None or at < since:
                continue
            withdrawn = kind == "gone" and document["withdrawn_at"] is not None and copy["status"] == "gone"
            yield Event(at, "withdrawn" if withdrawn else kind, document, copy)


def _change(database: Database[Document], event: Event) -> Change:
    document, copy = event.document, event.copy
    change = Change(
        at=event.at,
        kind=event.kind,
        title=document["title"],
        published=document["published"].date(),
        url=copy["url"],
        site=copy["site"],
        article=str(document["_id"]),
    )
    if event.entry:
        numbers = [f"{document['_id']}-{event.entry[name]}" for name in ("before", "revision")]
        texts = {r["_id"]: r for r in database["revisions"].find({"_id": {"$in": numbers}})}
        before, after = (texts.get(number, {"title": "", "body": ""}) for number in numbers)
        change.title = after["title"]
        change.title_diff = word_diff(before["title"], after["title"], context=None)
        change.body_diff = word_diff(before["body"], after["body"])
    return change
