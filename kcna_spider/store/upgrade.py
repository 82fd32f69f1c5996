"""Brings a database of an earlier version up to date, once: the indexes that were replaced show that it is one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import OperationFailure

from kcna_spider.identity import story_keys
from kcna_spider.store.matching import text_of_document
from kcna_spider.store.schema import VALIDATORS

Document = dict[str, Any]
_REPLACED = {"articles": ("fingerprints", "last_seen", "changed_at", "withdrawn_at"), "revisions": ("article",)}
_CHUNK = 500


def upgrade(database: Database[Document]) -> None:
    """Complete what older versions didn't write; safe to repeat, and safe to be cut short."""
    old = [(database[name], index) for name, indexes in _REPLACED.items() for index in indexes if index in database[name].index_information()]
    if not old:
        return
    for name, validator in VALIDATORS.items():
        with suppress(OperationFailure):  # a server that can't change a validator keeps the older one, which forbids little that is written
            database.command("collMod", name, validator={"$jsonSchema": validator})
    chunk: list[UpdateOne] = []
    for document in database["articles"].find():
        moments = _events(document)
        fields = {"$set": {"keys": story_keys(text_of_document(document)), **({"event_at": max(moments)} if moments else {})}}
        chunk.append(UpdateOne({"_id": document["_id"], "version": document["version"]}, fields))
        if len(chunk) >= _CHUNK:
            database["articles"].bulk_write(chunk, ordered=False)
            chunk = []
    if chunk:
        database["articles"].bulk_write(chunk, ordered=False)
    for collection, index in old:
        with suppress(OperationFailure):  # another crawl was quicker
            collection.drop_index(index)


def _events(document: Document) -> list[Any]:
    copies = document["copies"]
    entries = [entry["at"] for copy in copies for entry in copy.get("history", ())]
    return [*entries, *(copy[name] for copy in copies for name in ("gone_at", "back_at") if copy.get(name))]
