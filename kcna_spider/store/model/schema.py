"""Validators and indexes of the collections that crawls write. `ensure` creates those that are missing."""

from __future__ import annotations

import logging
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database

from kcna_spider.store.model.creation import Say, create_collections, create_indexes
from kcna_spider.store.model.types import Document

logger = logging.getLogger(__name__)

VERSION = 2

_DATE = {"bsonType": ["date", "null"]}
_ISO_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DAY = {"bsonType": "string", "pattern": _ISO_DAY}
_DAY_OR_NULL = {"bsonType": ["string", "null"], "pattern": _ISO_DAY}
_TIME = {"bsonType": "date"}
_TEXT = {"bsonType": "string"}
_TEXT_OR_NULL = {"bsonType": ["string", "null"]}
_COPY = {
    "bsonType": "object",
    "required": [
        "url",
        "site",
        "layout",
        "published",
        "day",
        "first_seen",
        "last_seen",
        "status",
        "revision",
    ],
    "properties": {
        "url": _TEXT,
        "site": _TEXT,
        "source": _TEXT_OR_NULL,
        "layout": _TEXT,
        "published": _DATE,
        "day": _DAY_OR_NULL,
        "first_seen": _TIME,
        "last_seen": _TIME,
        "status": {"enum": ["live", "gone"]},
        "revision": {"bsonType": ["int", "long"], "minimum": 1},
    },
}
_DATELINE = {
    "bsonType": ["object", "null"],
    "required": ["place", "date", "day", "agency", "raw"],
    "properties": {
        "place": _TEXT,
        "date": _DATE,
        "day": _DAY_OR_NULL,
        "agency": _TEXT_OR_NULL,
        "raw": _TEXT,
    },
}
_EVENT = {
    "bsonType": "object",
    "required": ["at", "kind", "url"],
    "properties": {
        "at": _TIME,
        "kind": {
            "enum": [
                "edited",
                "gone",
                "withdrawn",
                "back",
                "restored",
                "photo_altered",
                "photo_captioned",
                "photo_gone",
                "photo_back",
            ]
        },
        "url": _TEXT,
    },
}
_SHA256 = {"bsonType": "string", "pattern": "^[0-9a-f]{64}$"}
_PHOTO = {
    "bsonType": "object",
    "required": ["url", "page_url", "sha256", "position", "first_seen", "last_seen", "status", "history"],
    "properties": {
        "url": _TEXT,
        "page_url": _TEXT,
        "sha256": _SHA256,
        "caption": _TEXT_OR_NULL,
        "position": {"bsonType": ["int", "long"], "minimum": 1},
        "first_seen": _TIME,
        "last_seen": _TIME,
        "status": {"enum": ["live", "gone"]},
    },
}
VALIDATORS: dict[str, dict[str, Any]] = {
    "articles": {
        "bsonType": "object",
        "required": [
            "language",
            "title",
            "body",
            "published",
            "day",
            "dateline",
            "copies",
            "fingerprint",
            "revision",
            "first_seen",
            "last_seen",
            "schema",
        ],
        "properties": {
            "language": {"bsonType": "string", "pattern": "^[a-z]{2}$"},
            "title": {"bsonType": "string", "minLength": 1},
            "body": {"bsonType": "string", "minLength": 1},
            "published": {"bsonType": "date"},
            "day": _DAY,
            "published_from": {"enum": ["page", "listing", "dateline", "address", "capture"]},
            "dateline": _DATELINE,
            "categories": {"bsonType": "array", "items": _TEXT},
            "copies": {"bsonType": "array", "minItems": 1, "items": _COPY},
            "fingerprint": {"bsonType": "string", "pattern": "^[0-9a-f]{32}$"},
            "duplicate_index": {"bsonType": ["int", "long"], "minimum": 0},
            "revision": {"bsonType": ["int", "long"], "minimum": 1},
            "first_seen": _TIME,
            "last_seen": _TIME,
            "fingerprints": {"bsonType": "array", "items": _TEXT},
            "changed_at": {"bsonType": ["date", "null"]},
            "event_at": _TIME,
            "events": {"bsonType": "array", "items": _EVENT},
            "withdrawn_at": {"bsonType": ["date", "null"]},
            "kind": {"enum": ["article", "photo"]},
            "photos": {"bsonType": "array", "items": _PHOTO},
            "schema": {"bsonType": ["int", "long"]},
        },
    },
    "revisions": {
        "bsonType": "object",
        "required": [
            "_id",
            "article",
            "number",
            "title",
            "body",
            "fingerprint",
            "seen_at",
            "sources",
            "trivial",
        ],
        "properties": {
            "title": _TEXT,
            "body": _TEXT,
            "seen_at": _TIME,
            "sources": {"bsonType": "array"},
            "trivial": {"bsonType": "bool"},
        },
    },
    "photos": {
        "bsonType": "object",
        "required": ["sha256", "phash", "format", "width", "height", "bytes", "path", "first_seen"],
        "properties": {
            "sha256": _SHA256,
            "phash": {"bsonType": "string", "pattern": "^[0-9a-f]{16}$"},
            "format": _TEXT,
            "path": _TEXT,
            "first_seen": _TIME,
            "last_seen": _TIME,
        },
    },
    "rejects": {
        "bsonType": "object",
        "required": ["url", "site", "reason", "detail", "raw", "first_seen", "last_seen", "times"],
        "properties": {"url": _TEXT, "site": _TEXT, "reason": _TEXT, "first_seen": _TIME, "last_seen": _TIME},
    },
    "runs": {
        "bsonType": "object",
        "required": ["spider", "started_at"],
        "properties": {"spider": _TEXT, "started_at": _TIME},
    },
    "listings": {"bsonType": "object", "required": ["site"], "properties": {"site": _TEXT}},
}
INDEXES: dict[str, list[IndexModel]] = {
    "articles": [
        IndexModel([("copies.url", ASCENDING)], name="url", unique=True),
        IndexModel(
            [("fingerprint", ASCENDING), ("language", ASCENDING), ("duplicate_index", ASCENDING)],
            name="fingerprint",
            unique=True,
        ),
        IndexModel([("fingerprints", ASCENDING)], name="earlier_fingerprints", sparse=True),
        IndexModel([("lsh_keys", ASCENDING)], name="lsh_keys"),
        IndexModel([("published", ASCENDING), ("_id", ASCENDING)], name="published"),
        IndexModel([("event_at", ASCENDING)], name="event_at", sparse=True),
        IndexModel([("photo_pages.url", ASCENDING)], name="photo_pages", sparse=True),
        IndexModel([("photos.sha256", ASCENDING)], name="photos", sparse=True),
        IndexModel([("photos_due", ASCENDING)], name="photos_due", sparse=True),
    ],
    "photos": [IndexModel([("phash", ASCENDING)], name="phash")],
    "revisions": [
        IndexModel([("seen_at", ASCENDING), ("_id", ASCENDING)], name="seen_at"),
        IndexModel([("stored_at", ASCENDING)], name="stored_at", sparse=True),
    ],
    "rejects": [
        IndexModel([("url", ASCENDING), ("reason", ASCENDING)], name="url", unique=True),
        IndexModel([("site", ASCENDING), ("last_seen", ASCENDING)], name="site"),
    ],
    "runs": [IndexModel([("started_at", DESCENDING)], name="started_at")],
    "listings": [IndexModel([("site", ASCENDING)], name="site")],
}


def ensure(database: Database[Document], *, replace: bool = False, say: Say = logger.info) -> set[str]:
    """Create missing collections, validators and indexes; return the names of the created collections.

    Two crawls may call it at the same time. replace: also replace validators of other versions. say: called
    with a line before each step that may take long.
    """
    created = create_collections(database, VALIDATORS, replace=replace)
    for name, indexes in INDEXES.items():
        create_indexes(database[name], indexes, logger.debug if name in created else say)
    return created
