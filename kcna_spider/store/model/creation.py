"""Create collections and indexes that are missing.

If nothing is missing, only reads are sent, so the user needs no privilege to create anything.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import bson
from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure

from kcna_spider.exceptions import StoreError
from kcna_spider.store.connection.time_limits import long_operation
from kcna_spider.store.model.types import Document

logger = logging.getLogger(__name__)

Say = Callable[[str], None]

NAMESPACE_EXISTS = 48
_UNAUTHORIZED, _ATLAS_ERROR = 13, 8000
# The index exists under another name or with other options; or another index has its name.
_INDEX_CONFLICTS = frozenset({85, 86})
_FLAGS = ("unique", "sparse", "hidden")
_VALUES = ("partialFilterExpression", "collation", "expireAfterSeconds")


@functools.cache
def warn_once(line: str) -> None:
    """Log a warning once per process, even if the process opens several archives."""
    logger.warning("%s", line)


def create_collections(
    database: Database[Document], schemas: Mapping[str, Mapping[str, Any]], *, replace: bool = False
) -> set[str]:
    """Create collections with their validators; return the names of those that were missing.

    A collection without a validator (restored, imported, or created by hand) gets one if the user may set
    it. schemas: name -> `$jsonSchema`. replace: also replace validators that differ.
    """
    there = {entry["name"]: entry.get("options", {}) for entry in database.list_collections()}
    created = set()
    for name, schema in schemas.items():
        validator = {"$jsonSchema": schema}
        if name not in there:
            if create(database, name, validator=validator):
                created.add(name)
        elif not (stored := there[name].get("validator")) or (replace and stored != validator):
            _set_validator(database, name, validator)
    return created


def create(database: Database[Document], name: str, **options: Any) -> bool:
    """Create a collection or a view; return False if another process has just created it."""
    try:
        database.create_collection(name, check_exists=False, **options)
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
        return False
    return True


def _set_validator(database: Database[Document], name: str, validator: Mapping[str, Any]) -> None:
    try:
        database.command("collMod", name, validator=validator)
    except OperationFailure as error:
        if error.code not in (_UNAUTHORIZED, _ATLAS_ERROR):
            raise
        warn_once(
            f"{database.name}.{name} does not have its validator, and this user may not set it (the role "
            "dbAdmin may: `scrapy mongo --init`): wrong documents are not refused"
        )


def create_indexes(collection: Collection[Any], wanted: Sequence[IndexModel], say: Say = logger.info) -> None:
    """Build the indexes that are missing; an equal index under another name counts as present.

    If another index has the name or the key of a missing one, log a warning and do not build it; raise
    StoreError if the missing one is unique. say: called with one line before the build.
    """
    there = [_form(index) for index in collection.list_indexes()]
    missing = [index for index in wanted if _form(index.document) not in there]
    if not missing:
        return
    names = ", ".join(index.document["name"] for index in missing)
    say(f"Building index {names} of {collection.full_name}")
    with long_operation(None):  # a build waits for all data-bearing members, perhaps for hours
        try:
            collection.create_indexes(missing)
        except OperationFailure as error:
            if error.code not in _INDEX_CONFLICTS:
                raise
            for index in missing:
                _create_index(collection, index)


def _create_index(collection: Collection[Any], index: IndexModel) -> None:
    try:
        collection.create_indexes([index])
    except OperationFailure as error:
        if error.code not in _INDEX_CONFLICTS:
            raise
        reason = (error.details or {}).get("errmsg", error)
        line = f"index {index.document['name']} of {collection.full_name} cannot be built"
        if index.document.get("unique"):
            raise StoreError(f"{line}; drop the index that is in its way: {reason}") from None
        warn_once(f"{line}: {reason}")


def _form(index: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the properties of an index except its name; indexes with equal properties are equal."""
    # Encoded, so that equal datetimes with and without a time zone are equal.
    values = bson.encode({name: index[name] for name in _VALUES if name in index})
    return list(index["key"].items()), [bool(index.get(name)) for name in _FLAGS], values
