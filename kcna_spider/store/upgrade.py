"""Brings a database of an earlier version up to date, once: the indexes that were replaced show that it is one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import OperationFailure

Document = dict[str, Any]
_REPLACED = ("fingerprints", "last_seen", "changed_at", "withdrawn_at")
_CHUNK = 500


def upgrade(database: Database[Document], validators: dict[str, Document]) -> None:
    """Complete what older versions didn't write; safe to repeat, and safe to be cut short."""
    there = database["articles"].index_information()
    old = [name for name in _REPLACED if name in there]
    if not old:
        return
    for name, validator in validators.items():
        with suppress(OperationFailure):  # a server that can't change a validator keeps the older one, which forbids nothing that is written
            database.command("collMod", name, validator={"$jsonSchema": validator})
    writes = []
    for document in database["articles"].find({}, {"copies": 1}):
        if moments := _events(document):
            writes.append(UpdateOne({"_id": document["_id"]}, {"$max": {"event_at": max(moments)}}))
        if len(writes) >= _CHUNK:
            database["articles"].bulk_write(writes, ordered=False)
            writes = []
    if writes:
        database["articles"].bulk_write(writes, ordered=False)
    for name in old:
        with suppress(OperationFailure):  # another crawl was quicker
            database["articles"].drop_index(name)


def _events(document: Document) -> list[Any]:
    copies = document["copies"]
    entries = [entry["at"] for copy in copies for entry in copy.get("history", ())]
    return [*entries, *(copy[name] for copy in copies for name in ("gone_at", "back_at") if copy.get(name))]
