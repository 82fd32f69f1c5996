"""The collection `listings`: how far each listing was read, and what day pages listed.

It also updates stored articles with what listings say of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import cast

from pymongo import UpdateMany, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from kcna_spider.items import ListingUpdate, Redating
from kcna_spider.store.connection.calls import batched
from kcna_spider.store.connection.profiles import SECANTUS, ServerProfile
from kcna_spider.store.model.documents import new_version
from kcna_spider.store.model.types import Document, ListingDocument


class ListingStore:
    """Remembers listings, and updates the articles that they name."""

    def __init__(self, database: Database[Document], profile: ServerProfile = SECANTUS) -> None:
        self.profile = profile
        self.collection = cast("Collection[ListingDocument]", database["listings"])
        self.articles = database["articles"]
        self.revisions = database["revisions"]

    def begin(self, key: str, site: str, at: dt.datetime) -> dt.datetime | None:
        """Note that a listing is being read; return when it was last read without a gap, None if never."""
        begun = {"$set": {"site": site, "begun_at": at}, "$setOnInsert": {"complete_at": None}}
        before = self.collection.find_one_and_update({"_id": key}, begun, upsert=True)
        return before["complete_at"] if before else None

    def complete(self, begun: Mapping[str, dt.datetime], at: dt.datetime) -> None:
        """Note that listings were read without a gap, unless another crawl began one since.

        begun: the listing's key -> when its reading began.
        """
        writes = [
            UpdateOne({"_id": key, "begun_at": begun_at}, {"$set": {"complete_at": at}})
            for key, begun_at in begun.items()
        ]
        if writes:
            self.collection.bulk_write(writes, ordered=False)

    def remember(self, pages: Mapping[str, Sequence[str]], site: str, at: dt.datetime) -> None:
        """Keep which articles each page or day listed. pages: its key -> URLs."""
        writes = [
            UpdateOne({"_id": key}, {"$set": {"site": site, "begun_at": at, "urls": list(urls)}}, upsert=True)
            for key, urls in pages.items()
        ]
        if writes:
            self.collection.bulk_write(writes, ordered=False)

    def remembered(self, keys: Sequence[str]) -> dict[str, list[str]]:
        """Return the URLs that each page or day listed when it was last read."""
        return {
            listing["_id"]: listing.get("urls", [])
            for some in batched(list(keys), self.profile.in_size)
            for listing in self.collection.find({"_id": {"$in": some}}, {"urls": 1})
        }

    def update_articles(self, batch: Sequence[ListingUpdate]) -> list[ListingUpdate]:
        """Add the categories under which stored articles were found again, and their stated dates.

        Return the updates whose dates must be decided again, because another writer was faster.
        """
        lost = [update for update in batch if sum(not self._redate(one) for one in update.redatings)]
        # Most of a batch come from one listing: one write for all of them.
        by_categories: dict[tuple[str, ...], list[str]] = {}
        for update in batch:
            if update.categories:
                by_categories.setdefault(tuple(update.categories), []).extend(update.urls)
        writes = [
            UpdateMany(
                {"copies.url": {"$in": some}},
                {"$addToSet": {"categories": {"$each": list(names)}}, "$set": {"version": new_version()}},
            )
            for names, urls in by_categories.items()
            for some in batched(urls, self.profile.in_size)
        ]
        if writes:
            self.articles.bulk_write(writes, ordered=False)
        return lost

    def _redate(self, redating: Redating) -> bool:
        """Set the date of an article and of its revision, safe to repeat.

        Return False where another writer was faster.
        """
        query = {"_id": redating.article_id, "version": redating.version}
        written = self.articles.update_one(query, {"$set": {**redating.fields, "version": new_version()}})
        if not written.matched_count:
            shown = {name: redating.fields[name] for name in ("published", "published_from")}
            if not self.articles.count_documents({"_id": redating.article_id, **shown}):
                return False
        if "dateline" in redating.fields:
            revision = f"{redating.article_id}-{redating.revision}"
            self.revisions.update_one({"_id": revision}, {"$set": {"dateline": redating.fields["dateline"]}})
        return True
