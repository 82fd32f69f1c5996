"""Flat views for people: one row per article, per URL, per edit.

docs/reference/data-model.md describes their columns. Paths through arrays use `$map` instead of
"$copies.site", for which the embedded server returns null.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import bson
from pymongo.database import Database

from kcna_spider.store.model.creation import Say, create, warn_once
from kcna_spider.store.model.types import Document

logger = logging.getLogger(__name__)

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_ID = {"$toString": "$_id"}


def _of_copies(field: str, copies: Any = "$copies") -> Document:
    return {"$map": {"input": copies, "as": "copy", "in": f"$$copy.{field}"}}


_LIVE = {"$filter": {"input": "$copies", "as": "copy", "cond": {"$eq": ["$$copy.status", "live"]}}}
_SITES = {"$sortArray": {"input": {"$setUnion": [_of_copies("site"), []]}, "sortBy": 1}}
# The columns of `scrapy export`, in their order; dates are text.
_STORIES: list[Document] = [
    {
        "$project": {
            "_id": 0,
            "id": _ID,
            "kind": {"$ifNull": ["$kind", "article"]},
            "language": 1,
            "published": "$day",
            "published_from": 1,
            "title": 1,
            "body": 1,
            "dateline_place": "$dateline.place",
            "dateline_date": "$dateline.day",
            "dateline_agency": "$dateline.agency",
            "categories": 1,
            "sites": _SITES,
            "urls": _of_copies("url"),
            "live_urls": _of_copies("url", _LIVE),
            "revision": 1,
            "texts": {"$size": "$texts"},
            "first_seen": 1,
            "last_seen": 1,
            "changed_at": 1,
            "withdrawn_at": 1,
        }
    }
]
_URLS: list[Document] = [
    {"$unwind": "$copies"},
    {
        "$project": {
            "_id": 0,
            "article": _ID,
            "language": 1,
            "title": 1,
            "url": "$copies.url",
            "site": "$copies.site",
            "source": "$copies.source",
            "published": "$copies.day",
            "published_from": "$copies.published_from",
            "revision": "$copies.revision",
            "status": "$copies.status",
            "first_seen": "$copies.first_seen",
            "last_seen": "$copies.last_seen",
            "gone_at": "$copies.gone_at",
            "back_at": "$copies.back_at",
            "capture_at": "$copies.capture.at",
            "capture_url": "$copies.capture.url",
        }
    },
]


def _revision_key(number: str) -> Document:
    return {"$concat": [_ID, "-", {"$toString": f"$events.{number}"}]}


def _form(number: str) -> Document:
    text = {"$arrayElemAt": ["$texts", {"$subtract": [f"$events.{number}", 1]}]}
    return {"$let": {"vars": {"text": text}, "in": "$$text.form"}}


def _revision(name: str) -> list[Document]:
    """Return the stages that replace the key of a revision by the revision."""
    return [
        {"$lookup": {"from": "revisions", "localField": name, "foreignField": "_id", "as": name}},
        {"$unwind": {"path": f"${name}", "preserveNullAndEmptyArrays": True}},
    ]


_OF_EVENT = ("article", "language", "published", "url", "at", "before", "after", "trivial")
_EDITS: list[Document] = [
    {"$match": {"event_at": {"$gt": _EPOCH}}},  # uses the sparse index: few articles have events
    {"$unwind": "$events"},
    {"$match": {"events.kind": "edited"}},
    {
        "$project": {
            "_id": 0,
            "article": _ID,
            "language": 1,
            "published": "$day",
            "url": "$events.url",
            "at": "$events.at",
            "before": "$events.before",
            "after": "$events.after",
            "trivial": {"$eq": [_form("before"), _form("after")]},
            "old": _revision_key("before"),
            "new": _revision_key("after"),
        }
    },
    *_revision("old"),
    *_revision("new"),
    {
        "$project": {
            **dict.fromkeys(_OF_EVENT, 1),
            "title_before": "$old.title",
            "title_after": "$new.title",
            "body_before": "$old.body",
            "body_after": "$new.body",
        }
    },
]
# name -> (collection, pipeline)
VIEWS: dict[str, tuple[str, list[Document]]] = {
    "stories": ("articles", _STORIES),
    "urls": ("articles", _URLS),
    "edits": ("articles", _EDITS),
}


def create_views(database: Database[Document], say: Say = logger.debug) -> None:
    """Create missing views, and replace those that another version created.

    If a collection has the name of a view, keep it and log a warning.
    """
    there = {entry["name"]: entry for entry in database.list_collections()}
    for name, (source, pipeline) in VIEWS.items():
        wanted = {"viewOn": source, "pipeline": pipeline}
        if (entry := there.get(name)) is not None:
            if entry.get("type") != "view":
                warn_once(f"{database.name}.{name} is a collection: the view of this name is not created")
                continue
            stored = {key: entry["options"].get(key) for key in wanted}
            if bson.encode(stored) == bson.encode(wanted):
                continue
            database.drop_collection(name)
        say(f"Creating view {name} of {database.name}.{source}")
        create(database, name, **wanted)
