"""Options and indexes of collections as NAME.metadata.json, which mongodump writes and mongorestore reads.

mongorestore creates a collection with the options, inserts the documents of NAME.bson, then creates the
indexes. A view has no NAME.bson.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from bson import json_util
from pymongo.database import Database
from pymongo.errors import OperationFailure

from kcna_spider.store.connection.reads import Retry
from kcna_spider.store.model.types import Document

logger = logging.getLogger(__name__)

_SUFFIX = ".metadata.json"
_CANONICAL = json_util.CANONICAL_JSON_OPTIONS


def described(database: Database[Document], names: Sequence[str], retry: Retry) -> list[Document]:
    """Return the server's entries for the collections with these names, in this order, and for all views."""
    found = {entry["name"]: dict(entry) for entry in retry(lambda: list(database.list_collections()))}
    views = [entry for name, entry in sorted(found.items()) if entry.get("type") == "view"]
    return [found[name] for name in names if name in found] + views


def write_metadata(database: Database[Document], entry: Document, folder: Path, retry: Retry) -> None:
    """Write the metadata of a collection or a view into the folder of its database."""
    name, kind = entry["name"], entry.get("type", "collection")
    indexes = [] if kind == "view" else retry(lambda: list(database[name].list_indexes()))
    metadata: Document = {"options": entry["options"]} if entry.get("options") else {}
    metadata["indexes"] = [{"v": 2, **index} for index in indexes]
    if uuid := entry.get("info", {}).get("uuid"):
        metadata["uuid"] = bytes(uuid).hex()
    metadata |= {"collectionName": name, "type": kind}
    path = folder / f"{quote(name, safe='')}{_SUFFIX}"
    path.write_text(json_util.dumps(metadata, json_options=_CANONICAL), encoding="utf-8")


def read_metadata(folder: Path) -> dict[str, Document]:
    """Return the metadata of each collection and view in a database's folder.

    Raise ValueError for a file that is not valid.
    """
    return {
        unquote(path.name.removesuffix(_SUFFIX)): json_util.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob(f"*{_SUFFIX}"))
    }


def create_missing(database: Database[Document], metadata: dict[str, Document], retry: Retry) -> None:
    """Create views and indexes that the metadata has and the database lacks.

    They can be derived again, so one that the server refuses is a warning.
    """
    there = {entry["name"] for entry in retry(lambda: list(database.list_collections()))}
    for name, known in metadata.items():
        commands: list[Any] = []
        if known["type"] == "view":
            commands = [] if name in there else [{"create": name, **known["options"]}]
        elif name in there:
            held = retry(database[name].index_information)
            missing = [index for index in known["indexes"] if index["name"] not in held]
            commands = [{"createIndexes": name, "indexes": [index]} for index in missing]
        for command in commands:
            try:
                retry(partial(database.command, command))
            except OperationFailure as error:
                logger.warning("%s.%s: %s", database.name, name, str(error)[:200])
