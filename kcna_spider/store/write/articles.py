"""Writes sightings: a new article, a revision, another copy, or nothing new. Atomic an article, safe to repeat.

An article is changed only where its `version` is still the one that was read; whoever loses reads again. A text beyond the
first is written to `revisions` before its article points to it, and a first text after; `repair` completes what a kill left
half done. Nothing here deletes.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pymongo import InsertOne, UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from kcna_spider.exceptions import StoreError
from kcna_spider.items import Article
from kcna_spider.store.model.documents import Document, new_document, new_revision, new_version, text_entry
from kcna_spider.store.write.bulk import duplicates, pieces, refused
from kcna_spider.store.write.lock import Lease
from kcna_spider.store.write.matching import Matcher, free_repeat
from kcna_spider.store.write.merge import Merge, merge
from kcna_spider.store.write.revisions import Revisions
from kcna_spider.text.similarity import keys_of, neighbour_keys, same_story, text_of_article

_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of an address."""

    first_seen: dt.datetime
    categories: frozenset[str]
    language: str
    dated: bool = True  # False: no site stated its day yet, only a capture's moment bounds it
    sources: Mapping[str, str] = field(default_factory=dict)  # URL of each copy -> label of its source, where it names one


class ArticleStore:
    """The collection `articles`, and what must be in `revisions` beside it."""

    def __init__(self, database: Database[Document]) -> None:
        self.articles = database["articles"]
        self.revisions = Revisions(database)
        self.matcher = Matcher(self.articles)
        self.lease = Lease(database["locks"])

    def known(self, urls: Sequence[str]) -> dict[str, Known]:
        """What is stored of these addresses."""
        wanted = set(urls)
        fields = {"copies.url": 1, "copies.first_seen": 1, "copies.source": 1, "categories": 1, "language": 1, "published_from": 1}
        found = {}
        for some in pieces(list(wanted)):
            for document in self.articles.find({"copies.url": {"$in": some}}, fields):
                for entry in document["copies"]:
                    if entry["url"] in wanted:
                        found[entry["url"]] = _known(document, entry)
        return found

    def save(self, batch: Sequence[Article]) -> list[str]:
        """Write a batch of sightings; an outcome each (inserted, revised, copied, unchanged). Returns once all are acknowledged."""
        outcomes: dict[int, str] = {}
        left = list(range(len(batch)))
        for _ in range(_ROUNDS):
            done = self._round([batch[i] for i in left])
            outcomes |= {left[position]: outcome for position, outcome in done.items()}
            left = [i for i in left if i not in outcomes]
            if not left:
                return [outcomes[i] for i in range(len(batch))]
            time.sleep(random.uniform(0, 0.01))
        raise StoreError(f"{batch[left[0]].url}: the article changed {_ROUNDS} times while it was written")

    def _round(self, batch: Sequence[Article]) -> dict[int, str]:
        """Write what can be written now: position -> outcome. What another writer was quicker with is left for the next round."""
        found, repeats = self.matcher.exact(batch)
        done: dict[int, str] = {}
        for i in repeats:
            keys_of(batch[i])  # not under the lock, for which other crawls wait
        if repeats:
            with self.lease.held():
                near = self.matcher.near(batch, repeats)
                new = {i: repeat for i, repeat in repeats.items() if i not in near}
                done = self._insert(batch, _first_of_each_story(batch, new))
            found |= near
        return done | self._merge(batch, found)

    def _insert(self, batch: Sequence[Article], new: dict[int, int]) -> dict[int, str]:
        documents = {i: new_document(batch[i], repeat) for i, repeat in new.items()}
        if not documents:
            return {}
        positions = list(documents)
        taken = refused(lambda: self.articles.bulk_write([InsertOne(documents[i]) for i in positions], ordered=False))
        inserted = [i for n, i in enumerate(positions) if n not in taken]
        self.revisions.write([new_revision(documents[i], 1, text_entry(batch[i]), batch[i], trivial=False) for i in inserted])
        return dict.fromkeys(inserted, "inserted")

    def _merge(self, batch: Sequence[Article], found: dict[int, Document]) -> dict[int, str]:
        current = {document["_id"]: document for document in found.values()}
        merged = dict(current)
        merges: dict[int, Merge] = {}
        for i, document in found.items():
            merges[i] = one = merge(merged[document["_id"]], batch[i])
            if one.changes:  # what was read again as it was costs no write
                merged[document["_id"]] = merged[document["_id"]] | one.changes
        self.revisions.keep_first([current[found[i]["_id"]] for i, one in merges.items() if one.revision])
        late = self.revisions.write([one.revision for one in merges.values() if one.revision])
        # before the articles: a crawl that is killed in between sees the address as new again, and notes the source once
        self.revisions.add_sources(batch, found, {i: one for i, one in merges.items() if found[i]["_id"] not in late})
        changed = {key: document for key, document in merged.items() if document is not current[key] and key not in late}
        lost = self._replace_fields(current, changed) | late
        return {i: one.outcome for i, one in merges.items() if found[i]["_id"] not in lost}

    def _replace_fields(self, current: dict[Any, Document], changed: dict[Any, Document]) -> set[Any]:
        """Write changed articles whose version is still the one that was read; gives those where another writer was quicker."""
        writes = []
        tokens = {key: new_version() for key in changed}
        for key, document in changed.items():
            fields = {name: value for name, value in document.items() if current[key].get(name) != value}
            if "fingerprint" in fields:
                fields["repeat"] = free_repeat(self.articles, document, fields["fingerprint"])
            writes.append(UpdateOne({"_id": key, "version": current[key]["version"]}, {"$set": {**fields, "version": tokens[key]}}))
        if not writes:
            return set()
        try:
            if self.articles.bulk_write(writes, ordered=False).matched_count == len(writes):
                return set()
        except BulkWriteError as error:
            duplicates(error)  # an address or a text that another article was quicker to take
        # a write of ours that was written over at once counts as lost: the sighting is merged again, and changes nothing
        there = {d["_id"]: d["version"] for d in self.articles.find({"_id": {"$in": list(changed)}}, {"version": 1})}
        return {key for key, token in tokens.items() if there.get(key) != token}


def _known(document: Document, entry: Document) -> Known:
    sources = {copy["url"]: copy["source"] for copy in document["copies"] if copy.get("source")}
    return Known(entry["first_seen"], frozenset(document["categories"]), document["language"], document["published_from"] != "capture", sources)


def _first_of_each_story(batch: Sequence[Article], new: dict[int, int]) -> dict[int, int]:
    """Of the new ones, those that don't nearly equal an earlier one of the same batch."""
    by_key: dict[str, list[int]] = {}
    first: dict[int, int] = {}
    for i, repeat in new.items():
        text = text_of_article(batch[i])
        others = Counter(n for key in neighbour_keys(keys_of(batch[i]), text.published) for n in by_key.get(key, ()))
        if any(same_story(text, text_of_article(batch[n])) for n in others):
            continue
        first[i] = repeat
        for key in keys_of(batch[i]):
            by_key.setdefault(key, []).append(i)
    return first
