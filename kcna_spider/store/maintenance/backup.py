"""A copy of a database as BSON files, which `mongorestore` reads too, with a manifest of checksums.

A copy can be made while crawls write: articles are read before revisions, so every text that an article
of the copy names is in it. Texts of articles that came in between are not copied, and what a crawl left
half done is completed when the copy is restored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from kcna_spider.exceptions import StoreError
from kcna_spider.store.connection.calls import batched
from kcna_spider.store.maintenance.recovery import complete
from kcna_spider.store.model.schema import VALIDATORS, ensure

_BATCH = 500
_MANIFEST = "manifest.json"
_BEGINNING = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)  # the earliest that an identifier can say
_RAW = bson.CodecOptions(document_class=RawBSONDocument)


def backup(database: Database[dict[str, Any]], folder: Path, now: dt.datetime) -> dict[str, int]:
    """Write a copy into a new folder; return collection -> number of documents.

    Raise StoreError if the folder exists: a copy is never overwritten.
    """
    if folder.exists():
        raise StoreError(f"{folder}: it exists already; give the copy a folder of its own")
    work = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    collections = {name: _dump(documents, work / f"{name}.bson") for name, documents in _consistent(database)}
    manifest = {"database": database.name, "made_at": now.isoformat(), "collections": collections}
    (work / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    work.rename(folder)  # an interrupted copy is never taken for a whole one
    return {name: entry["documents"] for name, entry in collections.items()}


def restore(database: Database[dict[str, Any]], folder: Path) -> dict[str, int]:
    """Restore a copy into an empty database; return collection -> number of documents.

    Raise StoreError if anything in the copy is not as it was written.
    """
    manifest = _checked(folder)
    held = {name: number for name in manifest if (number := database[name].estimated_document_count())}
    if held:
        raise StoreError(
            f"the database {database.name} is not empty ({held}): name another with MONGODB_DATABASE"
        )
    ensure(database)
    for name, entry in manifest.items():
        for batch in _batches(folder / f"{name}.bson"):
            try:
                database[name].insert_many(batch, ordered=False)
            except BulkWriteError as error:
                raise StoreError(
                    f"{folder / name}.bson: {error.details['writeErrors'][0]['errmsg'][:300]}"
                ) from None
        stored = database[name].count_documents({})
        if stored != entry["documents"]:
            raise StoreError(
                f"{folder / name}.bson holds {entry['documents']} documents, the database has {stored}"
            )
    complete(database, _BEGINNING)
    return {name: entry["documents"] for name, entry in manifest.items()}


def _consistent(database: Database[dict[str, Any]]) -> Iterator[tuple[str, Iterator[RawBSONDocument]]]:
    """The documents of each collection, to be read one after the other.

    Articles first, then the revisions of these.
    """
    articles = set()

    def noted(documents: Iterator[RawBSONDocument]) -> Iterator[RawBSONDocument]:
        for document in documents:
            articles.add(document["_id"])
            yield document

    for name in VALIDATORS:  # articles come before revisions there
        documents: Iterator[Any] = database.get_collection(name, codec_options=_RAW).find()
        if name == "articles":
            documents = noted(documents)
        elif name == "revisions":
            documents = (revision for revision in documents if revision["article"] in articles)
        yield name, documents


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


def _checked(folder: Path) -> dict[str, dict[str, Any]]:
    """What the manifest says of each collection, if the files agree."""
    try:
        manifest: dict[str, dict[str, Any]] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))[
            "collections"
        ]
        for name, entry in manifest.items():
            with (folder / f"{name}.bson").open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != entry["sha256"]:
                    raise StoreError(f"{folder / name}.bson is not as it was written: its checksum differs")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder}: no copy of ours, or not a whole one ({error})") from None
    return manifest


def _batches(path: Path) -> Iterator[list[RawBSONDocument]]:
    with path.open("rb") as file:
        yield from batched(bson.decode_file_iter(file, _RAW), _BATCH)
