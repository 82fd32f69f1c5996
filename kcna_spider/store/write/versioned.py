"""Change articles only if no other writer has changed them since they were read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from kcna_spider.store.connection.calls import duplicates
from kcna_spider.store.model.documents import new_version
from kcna_spider.store.model.types import Document


def set_fields(articles: Collection[Document], changes: Mapping[Any, tuple[str, Document]]) -> set[Any]:
    """Set fields of articles whose version is still the one that was read.

    changes: `_id` -> (version, fields). Return the identifiers of articles that were not changed, because
    another writer was faster.
    """
    if not changes:
        return set()
    tokens = {key: new_version() for key in changes}
    writes = [
        UpdateOne({"_id": key, "version": version}, {"$set": {**fields, "version": tokens[key]}})
        for key, (version, fields) in changes.items()
    ]
    try:
        if articles.bulk_write(writes, ordered=False).matched_count == len(writes):
            return set()
    except BulkWriteError as error:
        duplicates(error)  # another article took a URL or a duplicate index first
    # A write that was overwritten at once also counts as lost. Repeating it changes nothing.
    stored = articles.find({"_id": {"$in": list(changes)}}, {"version": 1})
    there = {document["_id"]: document["version"] for document in stored}
    return {key for key, token in tokens.items() if there.get(key) != token}
