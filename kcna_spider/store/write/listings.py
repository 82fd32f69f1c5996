"""Write the collection `listings`: when each listing was read without a gap, and the URLs that pages listed.

Also update stored articles with the categories and dates that listings state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pymongo import UpdateMany, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from kcna_spider.items import ListedPages, ListingUpdate, Redating
from kcna_spider.store.connection.calls import batched
from kcna_spider.store.connection.profiles import ServerProfile
from kcna_spider.store.model.documents import new_version
from kcna_spider.store.model.types import Document, ListingDocument


@dataclass(frozen=True, slots=True)
class ListedPage:
    """The article URLs that a page or day listed, and when it was read."""

    urls: list[str]
    at: dt.datetime


class ListingStore:
    """The collection `listings`, and updates of the articles that listings name."""

    def __init__(self, database: Database[Document], profile: ServerProfile) -> None:
        self.profile = profile
        self.collection = cast("Collection[ListingDocument]", database["listings"])
        self.articles = database["articles"]
        self.revisions = database["revisions"]

    def begin(self, key: str, site: str, at: dt.datetime) -> dt.datetime | None:
        """Record that reading a listing began; return when it was last read without a gap, or None."""
        begun = {"$set": {"site": site, "begun_at": at}, "$setOnInsert": {"complete_at": None}}
        before = self.collection.find_one_and_update({"_id": key}, begun, upsert=True)
        return before["complete_at"] if before else None

    def complete(self, begun: Mapping[str, dt.datetime], at: dt.datetime) -> None:
        """Record that listings were read without a gap, except those that another crawl has begun since.

        begun: each listing's key -> when reading it began.
        """
        writes = [
            UpdateOne({"_id": key, "begun_at": begun_at}, {"$set": {"complete_at": at}})
            for key, begun_at in begun.items()
        ]
        if writes:
            self.collection.bulk_write(writes, ordered=False)

    def save_pages(self, batch: Sequence[ListedPages]) -> None:
        """Store which articles each page lists. A page that was stored before is replaced."""
        writes = [
            UpdateOne(
                {"_id": key}, {"$set": {"site": item.site, "begun_at": item.at, "urls": urls}}, upsert=True
            )
            for item in batch
            for key, urls in item.pages.items()
        ]
        if writes:
            self.collection.bulk_write(writes)

    def listed_pages(self, keys: Sequence[str]) -> dict[str, ListedPage]:
        """Return what each page listed when it was last read, by key."""
        return {
            listing["_id"]: ListedPage(listing.get("urls", []), listing["begun_at"])
            for some in batched(list(keys), self.profile.in_size)
            for listing in self.collection.find({"_id": {"$in": some}}, {"urls": 1, "begun_at": 1})
        }

    def update_articles(self, batch: Sequence[ListingUpdate]) -> list[ListingUpdate]:
        """Add the categories and dates that listings state to stored articles.

        Return the updates whose dates must be decided again, because another writer changed the article.
        """
        lost = []
        for update in batch:
            written = [self._redate(one) for one in update.redatings]  # all, also after one that was refused
            if not all(written):
                lost.append(update)
        # Most updates of a batch come from one listing, so that one write serves all of them.
        by_categories: dict[tuple[str, ...], list[str]] = {}
        for update in batch:
            if update.categories:
                by_categories.setdefault(tuple(update.categories), []).extend(update.urls)
        writes = [
            UpdateMany(
                # An article that already has all of them keeps its version.
                {"copies.url": {"$in": some}, "categories": {"$not": {"$all": list(names)}}},
                {"$addToSet": {"categories": {"$each": list(names)}}, "$set": {"version": new_version()}},
            )
            for names, urls in by_categories.items()
            for some in batched(urls, self.profile.in_size)
        ]
        if writes:
            self.articles.bulk_write(writes, ordered=False)
        return lost

    def _redate(self, redating: Redating) -> bool:
        """Set the date of an article and the dateline of its revision; safe to repeat.

        Return False if another writer changed the article first.
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
