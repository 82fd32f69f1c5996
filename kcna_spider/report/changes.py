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


def changes(database: Database[Document], since: dt.datetime, *, trivial: bool = False) -> list[Change]:
    """All changes since a moment, in the order in which they were noticed. `trivial`: also where only blanks, quotes or case differ."""
    found = [*_edits(database, since, trivial=trivial), *_absences(database, since)]
    return sorted(found, key=lambda change: (change.at, change.url))


def _edits(database: Database[Document], since: dt.datetime, *, trivial: bool) -> Iterator[Change]:
    """An edit is an address that showed another text than before; the same edit at several addresses of an article counts once."""
    window = {"$gte": since, "$lt": _FAR}
    for document in database["articles"].find({"event_at": window, "copies.history.at": {"$gte": since}}, {"body": 0, "keys": 0}):
        entries = [(entry["at"], copy, entry) for copy in document["copies"] for entry in copy.get("history", ()) if entry["at"] >= since]
        told: set[tuple[str, str]] = set()
        for at, copy, entry in sorted(entries, key=lambda one: one[0]):
            before, after = (document["texts"][entry[name] - 1] for name in ("before", "revision"))
            pair = (before["form"], after["form"])
            if pair in told or (before["form"] == after["form"] and not trivial):
                continue
            told.add(pair)
            yield _edit(database, document, copy, entry, at)


def _edit(database: Database[Document], document: Document, copy: Document, entry: Document, at: dt.datetime) -> Change:
    texts = {
        r["number"]: r for r in database["revisions"].find({"_id": {"$in": [f"{document['_id']}-{entry[name]}" for name in ("before", "revision")]}})
    }
    nothing = {"title": "", "body": ""}
    before, after = texts.get(entry["before"], nothing), texts.get(entry["revision"], nothing)
    return Change(
        at=at,
        kind="edited",
        title=after["title"],
        published=document["published"].date(),
        url=copy["url"],
        site=copy["site"],
        article=str(document["_id"]),
        title_diff=word_diff(before["title"], after["title"], context=None),
        body_diff=word_diff(before["body"], after["body"]),
    )


def _absences(database: Database[Document], since: dt.datetime) -> Iterator[Change]:
    for document in database["articles"].find({"event_at": {"$gte": since, "$lt": _FAR}}, {"body": 0, "keys": 0}):
        for copy in document["copies"]:
            for kind, at in (("gone", copy["gone_at"]), ("back", copy["back_at"])):
                if at is None or at < since:
                    continue
                withdrawn = kind == "gone" and document["withdrawn_at"] is not None and copy["status"] == "gone"
                yield Change(
                    at=at,
                    kind="withdrawn" if withdrawn else kind,
                    title=document["title"],
                    published=document["published"].date(),
                    url=copy["url"],
                    site=copy["site"],
                    article=str(document["_id"]),
                )
