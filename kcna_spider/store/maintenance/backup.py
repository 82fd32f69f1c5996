"""Backups in the format of mongodump, which `mongorestore` can restore too, plus a manifest.

DIR/manifest.json, DIR/DATABASE/COLLECTION.bson, DIR/DATABASE/COLLECTION.metadata.json. A backup can be made
while crawls write: listings are read first, so that none is complete without its articles. Articles are read
before revisions, so that the backup contains every text that one of its articles names. Revisions of
articles that were stored meanwhile are skipped. Interrupted writes of a crawl are completed when the backup
is restored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from kcna_spider.exceptions import StoreError
from kcna_spider.store.connection.calls import batched, refused
from kcna_spider.store.connection.failures import is_transient
from kcna_spider.store.connection.reads import Retry, call_once, in_order
from kcna_spider.store.maintenance.collection_metadata import (
    create_missing,
    described,
    read_metadata,
    write_metadata,
)
from kcna_spider.store.maintenance.recovery import complete
from kcna_spider.store.model.schema import VALIDATORS, VERSION, ensure
from kcna_spider.store.model.types import Document

_BATCH = 500
_MANIFEST = "manifest.json"
_READ_LAST = ("articles", "revisions", "photos")
_BEGINNING = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)  # before all writes, and representable in an ObjectId
_RAW = bson.CodecOptions(document_class=RawBSONDocument)


@dataclass(frozen=True, slots=True)
class _Backup:
    """The contents of a backup folder.

    files: the folder of its database. collections: name -> entry in the manifest. metadata: name -> options
    and indexes.
    """

    files: Path
    collections: dict[str, dict[str, Any]]
    metadata: dict[str, Document]


def backup(
    database: Database[Document], folder: Path, now: dt.datetime, retry: Retry = call_once
) -> dict[str, int]:
    """Write a backup into a new folder; return collection -> number of documents.

    retry: calls each function that reads the database. Raise StoreError if the folder exists: a backup is
    never overwritten.
    """
    if folder.exists():
        raise StoreError(f"{folder}: it exists already; give the backup a folder of its own")
    work = _work_folder(folder)
    files = work / database.name
    files.mkdir()
    first = [name for name in VALIDATORS if name not in _READ_LAST]
    entries = described(database, [*first, *_READ_LAST], retry)
    articles: set[bytes] = set()
    collections = {}
    for entry in entries:
        write_metadata(database, entry, files, retry)
        if entry.get("type") != "view":
            documents = _consistent(database, entry["name"], articles, retry)
            collections[entry["name"]] = _dump(documents, files / f"{entry['name']}.bson")
    manifest = {
        "database": database.name,
        "schema": VERSION,
        "made_at": now.isoformat(),
        "collections": collections,
    }
    (work / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    try:
        work.rename(folder)  # last, so that an interrupted backup is never mistaken for a complete one
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror}; the backup is in {work}") from None
    return {name: entry["documents"] for name, entry in collections.items()}


def _work_folder(folder: Path) -> Path:
    """Create the folder that becomes the backup, with a name of its own: another backup may be running."""
    work = folder.with_name(f"{folder.name}.unfinished-{os.getpid()}")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    return work


def restore(database: Database[Document], folder: Path, retry: Retry = call_once) -> dict[str, int]:
    """Restore a backup into an empty database; return collection -> number of documents.

    retry: calls each function that uses the database. Raise StoreError if the database is not empty, or if
    the backup is damaged or has another schema version.
    """
    found = _checked(folder)
    if held := [name for name in found.collections if retry(partial(_holds_any, database, name))]:
        raise StoreError(
            f"the database {database.name} is not empty ({', '.join(held)}): name another with "
            "MONGODB_DATABASE, or another folder with MONGODB_EMBEDDED_PATH"
        )
    retry(lambda: ensure(database))
    for name, entry in found.collections.items():
        path = found.files / f"{name}.bson"
        for batch in _batches(path):
            _insert(database, path, batch, retry)
        stored = retry(partial(database[name].count_documents, {}))
        if stored != entry["documents"]:
            raise StoreError(f"{path} holds {entry['documents']} documents, the database has {stored}")
    create_missing(database, found.metadata, retry)
    retry(lambda: complete(database, _BEGINNING))
    return {name: entry["documents"] for name, entry in found.collections.items()}


def _holds_any(database: Database[Document], name: str) -> bool:
    return database[name].find_one({}, {"_id": 1}) is not None


def _insert(database: Database[Document], path: Path, batch: list[RawBSONDocument], retry: Retry) -> None:
    """Insert documents; ignore duplicates, which an interrupted attempt inserted."""
    collection: Any = database[path.stem]
    try:
        retry(lambda: refused(lambda: collection.insert_many(batch, ordered=False)))
    except BulkWriteError as error:
        if is_transient(error):
            raise
        raise StoreError(f"{path}: {error.details['writeErrors'][0]['errmsg'][:300]}") from None


def _consistent(
    database: Database[Document], name: str, articles: set[bytes], retry: Retry
) -> Iterator[RawBSONDocument]:
    """Yield the documents of a collection; of `revisions`, only those of the articles that were read before.

    articles: the identifiers of these articles, which reading the collection `articles` fills.
    """
    collection = database.get_collection(name, codec_options=_RAW)
    for document in in_order(collection, {}, retry=retry):
        if name == "articles":
            articles.add(document["_id"].binary)
        if name != "revisions" or document["article"].binary in articles:
            yield document


def _dump(documents: Iterator[RawBSONDocument], path: Path) -> dict[str, Any]:
    number, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for document in documents:
            file.write(document.raw)
            digest.update(document.raw)
            number += 1
        file.flush()
        os.fsync(file.fileno())
    return {"documents": number, "sha256": digest.hexdigest()}


def _checked(folder: Path) -> _Backup:
    """Return the contents of a backup folder. Raise StoreError unless the manifest and the files agree."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if manifest["schema"] != VERSION:
            raise StoreError(
                f"{folder}: its documents have schema {manifest['schema']}, those of this version have "
                f"schema {VERSION}: restore it with the version of kcna_spider that wrote it"
            )
        files, collections = folder / manifest["database"], manifest["collections"]
        for name, entry in collections.items():
            path = files / f"{name}.bson"
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != entry["sha256"]:
                    raise StoreError(f"{path} is not as it was written: its checksum differs")
        return _Backup(files, collections, read_metadata(files))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder}: no backup of kcna_spider, or not a whole one ({error})") from None


def _batches(path: Path) -> Iterator[list[RawBSONDocument]]:
    with path.open("rb") as file:
        yield from batched(bson.decode_file_iter(file, _RAW), _BATCH)
