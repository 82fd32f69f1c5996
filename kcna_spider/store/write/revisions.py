"""The collection `revisions`: every distinct text of an article, with the URLs at which it was seen.

Writes are safe to repeat, and nothing is deleted.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

from pymongo import InsertOne, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, PyMongoError

from kcna_spider.items import Article
from kcna_spider.store.connection.calls import batched, refused
from kcna_spider.store.model.documents import (
    fingerprints_of,
    first_revision,
    new_revision,
    new_version,
    text_entry,
    text_of_document,
)
from kcna_spider.store.model.types import ArticleDocument, Document, RevisionDocument, Source
from kcna_spider.store.write.conflicts import ConflictPauses
from kcna_spider.store.write.duplicate_index import free_duplicate_index
from kcna_spider.store.write.events import note_edit
from kcna_spider.store.write.merge import Merge, note_change, rank, see_text
from kcna_spider.store.write.too_large import is_too_large
from kcna_spider.text.dates import utc_now
from kcna_spider.text.similarity import lsh_keys

logger = logging.getLogger(__name__)


class Revisions:
    """Write revisions. `store.write.articles` defines whether before or after their articles."""

    def __init__(self, database: Database[Document]) -> None:
        self.articles = database["articles"]
        self.collection = database["revisions"]

    def keep_first(self, documents: Sequence[ArticleDocument]) -> None:
        """Write the first revision, if it is missing, of articles whose first text will be replaced."""
        first = [document["_id"] for document in documents if len(document["texts"]) == 1]
        if first:
            self.ensure_first(self.articles.find({"_id": {"$in": first}}))

    def ensure_first(self, documents: Any) -> int:
        """Write the missing first revisions of articles from the articles themselves.

        Return how many were missing. documents: the articles; those with several texts are ignored.
        """
        missing = 0
        chunk = {document["_id"]: document for document in documents if len(document["texts"]) == 1}
        there = {
            r["article"]
            for r in self.collection.find({"_id": {"$in": [f"{key}-1" for key in chunk]}}, {"article": 1})
        }
        for key, document in chunk.items():
            if key not in there:
                missing += 1
                self.write([first_revision(document)])
        return missing

    def write(self, revisions: Sequence[RevisionDocument]) -> set[Any]:
        """Write new revisions.

        Return the identifiers of articles for which another writer stored another text with the same number.
        """
        if not revisions:
            return set()
        late = set()
        later = {"stored_at": utc_now()}  # for a first revision, the article's identifier has this time
        writes = [
            InsertOne({**revision, **(later if revision["number"] > 1 else {})}) for revision in revisions
        ]
        for n in refused(lambda: self.collection.bulk_write(writes, ordered=False)):
            mine = revisions[n]
            stored = self.collection.find_one({"_id": mine["_id"]})
            if stored and stored["text"]["hash"] != mine["text"]["hash"]:
                # Its writer may have been killed before it updated the article.
                _catch_up(self.articles, stored)
                late.add(mine["article"])
            else:
                self.collection.bulk_write([_add_source(mine["_id"], source) for source in mine["sources"]])
        return late

    def add_sources(
        self, batch: Sequence[Article], found: dict[int, ArticleDocument], merges: dict[int, Merge]
    ) -> None:
        """Add further sources to the revisions of known texts, and correct the datelines of redated ones.

        A revision that its first writer has not written yet is written. found: the stored article of each
        position in the batch. merges: the merge of each position.
        """
        writes = []
        for i, one in merges.items():
            if one.redated:
                number, dateline = one.redated
                writes.append(
                    UpdateOne({"_id": f"{found[i]['_id']}-{number}"}, {"$set": {"dateline": dateline}})
                )
            if one.source:
                number, source = one.source
                revision = new_revision(found[i], number, text_entry(batch[i]), batch[i], trivial=False) | {
                    "sources": []
                }
                writes.append(UpdateOne({"_id": revision["_id"]}, {"$setOnInsert": revision}, upsert=True))
                writes.append(_add_source(revision["_id"], source))
                earliest = {"$min": {"seen_at": source["seen_at"]}}
                writes.append(UpdateOne({"_id": revision["_id"]}, earliest))
        if writes:
            self.collection.bulk_write(writes, ordered=True)


def _add_source(revision: str, source: Source) -> UpdateOne:
    return UpdateOne({"_id": revision, "sources.url": {"$ne": source["url"]}}, {"$push": {"sources": source}})


def current_fields(articles: Collection[Document], document: ArticleDocument, revision: Document) -> Document:
    """Return the fields of an article that change when a revision becomes its current text."""
    names = ("title", "body", "dateline", "fingerprint", "language")
    fields: Document = {name: revision[name] for name in names}
    return {
        **fields,
        "revision": revision["number"],
        "duplicate_index": free_duplicate_index(
            articles, cast("ArticleDocument", {**document, **fields}), revision["fingerprint"]
        ),
        "lsh_keys": lsh_keys(text_of_document({**document, **fields})),
    }


def current_texts(database: Database[Document], documents: Sequence[ArticleDocument]) -> dict[Any, Document]:
    """Return the fields to set of each article whose text is not that of the copy that now ranks first.

    A withdrawn article keeps its text.
    """
    wanted: dict[str, ArticleDocument] = {}
    for document in documents:
        first = min(document["copies"], key=rank)
        if first["status"] != "gone" and first["revision"] != document["revision"]:
            wanted[f"{document['_id']}-{first['revision']}"] = document
    return {
        revision["article"]: current_fields(database["articles"], wanted[revision["_id"]], revision)
        for some in batched(wanted)
        for revision in database["revisions"].find({"_id": {"$in": some}})
    }


def catch_up(articles: Collection[Document], revision: Document) -> bool:
    """Complete an interrupted write: add a revision to its article. Return whether it was missing.

    If the article would become too large with it, log a warning and return False.
    """
    try:
        return _catch_up(articles, revision)
    except PyMongoError as error:
        if not is_too_large(error):
            raise
    logger.warning("The article of revision %s is too large to name it", revision["_id"])
    return False


def _catch_up(articles: Collection[Document], revision: Document) -> bool:
    conflicts = ConflictPauses()
    while found := articles.find_one({"_id": revision["article"]}):
        document = cast("ArticleDocument", found)
        if len(document["texts"]) != revision["number"] - 1:
            return False
        query = {"_id": document["_id"], "version": document["version"]}
        fields = _with_revision(articles, document, revision)
        with suppress(DuplicateKeyError):  # another article took the same duplicate index in between
            if articles.update_one(query, {"$set": fields}).matched_count:
                return True
        conflicts.pause(f"revision {revision['_id']}")
    return False


def _with_revision(articles: Collection[Document], document: ArticleDocument, revision: Document) -> Document:
    """Return the fields of an article to set for a further revision. `document` is changed in place."""
    document["texts"].append(revision["text"])
    sources = {source["url"]: source for source in revision["sources"]}
    for copy in document["copies"]:
        if source := sources.get(copy["url"]):
            recorded = "record" in source
            changed = see_text(document, copy, source["seen_at"], revision["number"], recorded=recorded)
            note_edit(document, copy, changed)
            if changed:
                note_change(document, copy)
    fields: Document = {
        "texts": document["texts"],
        "fingerprints": fingerprints_of(document, revision["fingerprint"]),
        "copies": document["copies"],
        "changed_at": document["changed_at"],
        **{name: document[name] for name in ("events", "event_at") if name in document},
        "version": new_version(),
    }
    if min(document["copies"], key=rank)["revision"] == revision["number"]:
        fields |= current_fields(articles, document, revision)
    return fields
