"""The frozen definitions of all indexes: a server refuses one whose name it has with another definition."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pymongo import IndexModel

from kcna_spider.store.model.schema import INDEXES
from kcna_spider.store.model.set_up import CONSUMER_INDEXES, WORDS

EVER = {"$gt": dt.datetime(1970, 1, 1, tzinfo=dt.UTC)}
UNIQUE, SPARSE = {"unique": True}, {"sparse": True}
# An index with changed fields or options needs another name, and a line with that name in this table.
FROZEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "articles.url": ({"copies.url": 1}, UNIQUE),
    "articles.fingerprint": ({"fingerprint": 1, "language": 1, "duplicate_index": 1}, UNIQUE),
    "articles.earlier_fingerprints": ({"fingerprints": 1}, SPARSE),
    "articles.lsh_keys": ({"lsh_keys": 1}, {}),
    "articles.published": ({"published": 1, "_id": 1}, {}),
    "articles.event_at": ({"event_at": 1}, SPARSE),
    "articles.photo_pages": ({"photo_pages.url": 1}, SPARSE),
    "articles.photos": ({"photos.sha256": 1}, SPARSE),
    "articles.photos_due": ({"photos_due": 1}, SPARSE),
    "photos.phash": ({"phash": 1}, {}),
    "revisions.seen_at": ({"seen_at": 1, "_id": 1}, {}),
    "revisions.stored_at": ({"stored_at": 1}, SPARSE),
    "rejects.url": ({"url": 1, "reason": 1}, UNIQUE),
    "rejects.site": ({"site": 1, "last_seen": 1}, {}),
    "runs.started_at": ({"started_at": -1}, {}),
    "listings.site": ({"site": 1}, {}),
    "articles.day": ({"day": 1, "language": 1}, {}),
    "articles.place": ({"dateline.place": 1, "day": 1}, {}),
    "articles.category": ({"categories": 1, "day": 1}, {}),
    "articles.site": ({"copies.site": 1, "day": 1}, {}),
    "articles.changed_at": ({"changed_at": 1}, {"partialFilterExpression": {"changed_at": EVER}}),
    "articles.withdrawn_at": ({"withdrawn_at": 1}, {"partialFilterExpression": {"withdrawn_at": EVER}}),
    "articles.words": (
        {"title": "text", "body": "text"},
        {"default_language": "none", "language_override": "words_in"},
    ),
    "revisions.article": ({"article": 1, "number": 1}, {}),
}


def defined() -> dict[str, IndexModel]:
    found = {}
    for table in (INDEXES, CONSUMER_INDEXES, {"articles": [WORDS]}):
        for collection, indexes in table.items():
            for index in indexes:
                name = f"{collection}.{index.document['name']}"
                assert name not in found, f"{name}: two indexes have this name"
                found[name] = index
    return found


@pytest.mark.parametrize("name", sorted(FROZEN))
def test_an_index_keeps_its_fields_and_options(name: str) -> None:
    document = {**defined()[name].document}
    document.pop("name")
    keys = document.pop("key")
    assert (list(keys.items()), document) == (list(FROZEN[name][0].items()), FROZEN[name][1])


def test_all_are_frozen() -> None:
    assert set(defined()) == set(FROZEN)
