"""Edits, withdrawals and returns since a day, read from the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pymongo.database import Database

from kcna_spider.report.diff import Part, word_diff

Document = dict[str, Any]


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
    query: Document = {"seen_at": {"$gte": since, "$lt": dt.datetime.max.replace(tzinfo=dt.UTC)}, "number": {"$gt": 1}}
    if not trivial:
        query["trivial"] = False
    for revision in database["revisions"].find(query).sort("seen_at"):
        document = database["articles"].find_one({"_id": revision["article"]}, {"body": 0, "keys": 0})
        source = revision["sources"][0] if revision["sources"] else None
        if document is None or source is None or not _replaced(document, revision, source["url"]):
            continue
        before = database["revisions"].find_one({"article": revision["article"], "number": _shown_before(database, revision, source["url"])})
        if before is not None:
            yield Change(
                at=revision["seen_at"],
                kind="edited",
                title=revision["title"],
                published=document["published"].date(),
                url=source["url"],
                site=source["site"],
                article=str(document["_id"]),
                title_diff=word_diff(before["title"], revision["title"], context=None),
                body_diff=word_diff(before["body"], revision["body"]),
            )


def _replaced(document: Document, revision: Document, url: str) -> bool:
    """Whether the address had shown another text before: a second site's own version of a story is no edit."""
    copy = next((c for c in document["copies"] if c["url"] == url), None)
    return copy is not None and bool(copy["first_seen"] < revision["seen_at"])


def _shown_before(database: Database[Document], revision: Document, url: str) -> int:
    """The text that the address showed before: the latest other one that has it for a source, or the one before in number."""
    query = {"article": revision["article"], "number": {"$ne": revision["number"]}, "sources.url": url}
    earlier = [r for r in database["revisions"].find(query, {"number": 1, "seen_at": 1}) if r["seen_at"] < revision["seen_at"]]
    return int(max(earlier, key=lambda r: r["seen_at"])["number"]) if earlier else int(revision["number"]) - 1


def _absences(database: Database[Document], since: dt.datetime) -> Iterator[Change]:
    seen = {"$or": [{"copies.gone_at": {"$gte": since}}, {"copies.back_at": {"$gte": since}}]}
    for document in database["articles"].find(seen, {"body": 0, "keys": 0}):
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
