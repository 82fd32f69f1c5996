"""Write decided sightings: a new article, a revision, another copy, or no change.

A write is atomic per article and safe to repeat. Nothing is deleted.

An article is changed only if its `version` is still the one that the decision was based on. A new one is
inserted while a lock is held, and only if no article that shares an LSH key with it was stored meanwhile. A
refused sighting has the outcome CONFLICT and must be decided again. A later text is written to `revisions`
before its article points to it, a first text after its article; `recovery` completes writes that a kill
interrupted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pymongo
from pymongo import InsertOne
from pymongo.database import Database

from kcna_spider.items import Article
from kcna_spider.store.connection.calls import batched, refused
from kcna_spider.store.connection.profiles import ServerProfile
from kcna_spider.store.model.documents import (
    new_document,
    new_revision,
    published_of,
    text_entry,
)
from kcna_spider.store.model.types import ArticleDocument, Document
from kcna_spider.store.write.duplicate_index import free_duplicate_index
from kcna_spider.store.write.events import is_capture
from kcna_spider.store.write.lock import DatabaseLock
from kcna_spider.store.write.merge import Merge, merge
from kcna_spider.store.write.revisions import Revisions, current_texts
from kcna_spider.store.write.versioned import set_fields
from kcna_spider.text.dates import midnight
from kcna_spider.text.normalize import normal_form
from kcna_spider.text.similarity import neighbour_keys

CONFLICT = "conflict"  # the outcome of a sighting that must be decided again


@dataclass(frozen=True, slots=True)
class StoredUrl:
    """The stored state of a URL of an article. categories, dated, sources: those of the article.

    dated: False if its date comes from a capture only. sources: URL of each copy -> source label. captured:
    whether the URL was read from captures only.
    """

    first_seen: dt.datetime
    categories: frozenset[str]
    dated: bool = True
    sources: Mapping[str, str] = field(default_factory=dict)
    captured: bool = False


class ArticleStore:
    """The collection `articles`, and the revisions that belong to its writes."""

    def __init__(self, database: Database[Document], profile: ServerProfile) -> None:
        self.articles, self.profile = database["articles"], profile
        self.revisions = Revisions(database)
        self.lock = DatabaseLock(database["locks"])

    def known(self, urls: Sequence[str]) -> dict[str, StoredUrl]:
        """Return the stored state of each of these URLs that belongs to an article."""
        wanted = set(urls)
        names = ("url", "first_seen", "source", "capture")
        fields = dict.fromkeys([*(f"copies.{name}" for name in names), "categories", "published_from"], 1)
        return {
            copy["url"]: _known(document, copy)
            for document in self.find(["copies.url"], list(wanted), fields)
            for copy in document["copies"]
            if copy["url"] in wanted
        }

    def with_title(self, language: str, day: dt.date, title: str) -> str | None:
        """Return a URL of the article of a day and language with this title, or None."""
        query = {"published": midnight(day), "language": language, "kind": {"$ne": "photo"}}
        for document in self.articles.find(query, {"title": 1, "copies.url": 1}):
            if normal_form(document["title"]) == normal_form(title):
                return str(document["copies"][0]["url"])
        return None

    def find(
        self,
        fields: Sequence[str],
        values: Sequence[str],
        projection: Document | None = None,
        *,
        mostly_absent: bool = False,
    ) -> Iterator[Document]:
        """Yield the articles with any of these values in any of these fields, each once.

        mostly_absent: most of the values are not stored, so that larger queries are faster.
        """
        seen: set[Any] = set()
        queries: list[Document] = []
        for some in batched(values, self.profile.key_in_size if mostly_absent else self.profile.in_size):
            parts: list[Document] = [{name: {"$in": some}} for name in fields]
            queries += [{"$or": parts}] if len(parts) > 1 and self.profile.or_uses_indexes else parts
        for query in queries:
            for document in self.articles.find(query, projection):
                if document["_id"] not in seen:
                    seen.add(document["_id"])
                    yield document

    def save(self, batch: Sequence[Article]) -> list[str]:
        """Write decided sightings; return the outcome of each.

        The outcomes are inserted, revised, copied, unchanged, reread and CONFLICT.
        """
        known = {
            i: article.decision.document
            for i, article in enumerate(batch)
            if article.decision and article.decision.document
        }
        new = [i for i in range(len(batch)) if i not in known]
        outcomes: dict[int, str] = {}
        if new:
            for i in new:
                batch[i].set_lsh_keys()  # slow, so it is done before the lock is taken
            with self.lock.held():
                outcomes |= self._insert(batch, self._not_overtaken(batch, new))
        if known:
            outcomes |= self._merge(batch, known)
        return [outcomes.get(i, CONFLICT) for i in range(len(batch))]

    def _not_overtaken(self, batch: Sequence[Article], new: Sequence[int]) -> list[int]:
        """Return the new sightings that share an LSH key only with articles that their decision compared."""
        wanted = {i: neighbour_keys(batch[i].lsh_keys, batch[i].published or dt.date.min) for i in new}
        holders: dict[str, list[Any]] = {}
        for document in self.find(
            ["lsh_keys"],
            sorted({key for keys in wanted.values() for key in keys}),
            {"lsh_keys": 1, "revision": 1, "published": 1},
            mostly_absent=True,
        ):
            for key in document["lsh_keys"]:
                holder = (document["_id"], document["revision"], document["published"])
                holders.setdefault(key, []).append(holder)
        free = []
        for i in new:
            decision = batch[i].decision
            if decision is None or not decision.compared.issuperset(
                other
                for key in wanted[i]
                for other in holders.get(key, ())
                if other[0] != decision.article_id  # stored by an earlier attempt that ended with an error
            ):
                continue
            free.append(i)
            for key in batch[i].lsh_keys:
                holders.setdefault(key, []).append((decision.article_id, 1, published_of(batch[i])))
        return free

    def _insert(self, batch: Sequence[Article], positions: Sequence[int]) -> dict[int, str]:
        """Insert new articles while the lock is held; insert none if its lease was lost."""
        documents = {i: new_document(batch[i], batch[i].lsh_keys) for i in positions}
        writes = [InsertOne(cast("Document", documents[i])) for i in positions]
        if not documents or (seconds := self.lock.renew()) is None:
            return {}
        with pymongo.timeout(seconds):
            taken = refused(lambda: self.articles.bulk_write(writes, ordered=False))
        # A refused article whose identifier is stored was inserted by an earlier attempt.
        keys = [documents[positions[n]]["_id"] for n in taken]
        stored = {d["_id"] for d in self.articles.find({"_id": {"$in": keys}}, {"_id": 1})} if keys else set()
        inserted = [i for n, i in enumerate(positions) if n not in taken or documents[i]["_id"] in stored]
        self.revisions.write(
            [new_revision(documents[i], 1, text_entry(batch[i]), batch[i], trivial=False) for i in inserted]
        )
        return dict.fromkeys(inserted, "inserted")

    def _merge(self, batch: Sequence[Article], found: dict[int, ArticleDocument]) -> dict[int, str]:
        current = {document["_id"]: document for document in found.values()}
        merged = dict(current)
        merges: dict[int, Merge] = {}
        for i, document in found.items():
            merges[i] = one = merge(merged[document["_id"]], batch[i])
            if one.changes:  # an unchanged page that was read again needs no write
                merged[document["_id"]] = cast("ArticleDocument", {**merged[document["_id"]], **one.changes})
        self.revisions.keep_first([current[found[i]["_id"]] for i, one in merges.items() if one.revision])
        late = self.revisions.write([one.revision for one in merges.values() if one.revision])
        # Before the articles are changed: after a kill in between, the next crawl sees the URL as new again,
        # and a source is added only once.
        self.revisions.add_sources(
            batch, found, {i: one for i, one in merges.items() if found[i]["_id"] not in late}
        )
        changed = {
            key: document
            for key, document in merged.items()
            if document is not current[key] and key not in late
        }
        lost = self._replace_fields(current, changed) | late
        return {i: one.outcome for i, one in merges.items() if found[i]["_id"] not in lost}

    def _replace_fields(
        self, current: dict[Any, ArticleDocument], changed: dict[Any, ArticleDocument]
    ) -> set[Any]:
        """Write changed articles whose version is still the one that was read.

        Return the identifiers of the articles that another writer changed first.
        """
        changes = {}
        for key, document in changed.items():
            fields = {name: value for name, value in document.items() if current[key].get(name) != value}
            if "fingerprint" in fields or "language" in fields:
                number = free_duplicate_index(self.articles, document, document["fingerprint"])
                fields["duplicate_index"] = number
            changes[key] = (current[key]["version"], fields)
        for key, fields in current_texts(self.articles.database, list(changed.values())).items():
            changes[key][1].update(fields)
        return set_fields(self.articles, changes)


def _known(document: Document, entry: Document) -> StoredUrl:
    sources = {copy["url"]: copy["source"] for copy in document["copies"] if copy.get("source")}
    return StoredUrl(
        entry["first_seen"],
        frozenset(document["categories"]),
        document["published_from"] != "capture",
        sources,
        is_capture(entry["capture"]),
    )
