"""All that a crawl asks of the database, in one object: articles, rejects, listings, runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pymongo import UpdateMany, UpdateOne
from pymongo.errors import PyMongoError

from kcna_spider.exceptions import StoreError
from kcna_spider.items import Article, Item, Listed, Presence, Reject
from kcna_spider.store.connection.client import Connection, StoreSettings, masked
from kcna_spider.store.connection.retry import Patience, patient
from kcna_spider.store.maintenance.recovery import complete, repair
from kcna_spider.store.model.documents import new_version
from kcna_spider.store.model.schema import ensure
from kcna_spider.store.write.articles import ArticleStore, Known
from kcna_spider.store.write.availability import Due, due, mark
from kcna_spider.store.write.bulk import pieces, refused
from kcna_spider.store.write.dating import date_by_listing
from kcna_spider.text.dates import parse_day

Document = dict[str, Any]

# A rejected address is asked for again by the next crawl, then after 6, 18, 42, ... hours, ten times in all.
_TRIES = 10
_SET_UP_SECONDS = 10.0
_LONGEST = 1_000_000  # characters of one string of a reject
_PAUSE = dt.timedelta(hours=6)
_RESOLVED_AT_ONCE = 128  # URLs: few of them were ever rejected


def storable(value: Any) -> Any:
    """What MongoDB takes, of what was found: halves of characters are replaced, endless strings are cut."""
    if isinstance(value, str):
        return value[:_LONGEST].encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {str(storable(str(key))).replace("\x00", ""): storable(part) for key, part in value.items()}
    return [storable(part) for part in value] if isinstance(value, list | tuple) else value


def _from_the_same(reject: Reject) -> Document:
    """Return the condition under which a reject of a capture or WARC file may replace what is kept: never what the site itself sent."""
    archived = any(reject.raw.get(name) for name in ("capture", "record"))
    return {"$or": [{"raw.capture": {"$ne": None}}, {"raw.record": {"$ne": None}}]} if archived else {}


class Archive:
    """An open archive. Close it when the crawl is over. Where the database goes away, each call waits for it (`patience`)."""

    def __init__(self, settings: StoreSettings) -> None:
        self.connection = Connection(settings)
        self.patience = Patience(self.connection, settings.wait_seconds)
        self.database = self.connection.database
        try:
            self.patience(lambda: ensure(self.database), _SET_UP_SECONDS)
        except (PyMongoError, StoreError) as error:
            self.connection.close()
            raise StoreError(f"MongoDB at {self.connection.uri} refuses to set up the database: {masked(str(error))[:300]}") from None
        self.articles = ArticleStore(self.database)
        self.rejects = self.database["rejects"]
        self.listings = self.database["listings"]
        self.runs = self.database["runs"]

    def close(self) -> None:
        """Disconnect."""
        self.connection.close()

    @patient
    def repair(self, now: dt.datetime) -> int:
        """Complete what killed crawls left half done; gives how many documents that was."""
        return repair(self.database, now)

    def write(self, items: Sequence[Item]) -> list[str]:
        """Write sightings of all kinds; an outcome an item. Articles first, so that a listing finds the story that came just before it."""
        if since := self.patience.interrupted:  # a write of ours was cut short
            complete(self.database, since)
            self.patience.interrupted = None
        articles = [item for item in items if isinstance(item, Article)]
        outcomes = dict(zip(map(id, articles), self.articles.save(articles), strict=True)) if articles else {}
        if articles:
            self.resolve([article.url for article in articles], articles[-1].fetched.at)
        self.reject([item for item in items if isinstance(item, Reject)])
        self.listed([item for item in items if isinstance(item, Listed)])
        looked = [item for item in items if isinstance(item, Presence)]
        outcomes |= dict(zip(map(id, looked), self.mark(looked), strict=True))
        return [outcomes.get(id(item), "kept") for item in items]

    @patient
    def known(self, urls: Sequence[str]) -> dict[str, Known]:
        """What is stored of these addresses; those rejected for good count as known, in every category."""
        return self.articles.known(urls)

    @patient
    def settled(self, urls: Sequence[str]) -> set[str]:
        """Those of the addresses that were rejected for good: asking again is of no use."""
        query = {"url": {"$in": list(urls)}, "final": True}
        return {reject["url"] for reject in self.rejects.find(query, {"url": 1})}

    def looked_up(self, urls: Sequence[str]) -> tuple[dict[str, Known], set[str]]:
        """(`known`, `settled`) of these addresses: nothing of either is to be asked for."""
        known = self.known(urls)
        return known, self.settled([url for url in urls if url not in known]) if len(known) < len(urls) else set()

    @patient
    def reject(self, batch: Sequence[Reject]) -> None:
        """Keep what could not become an article; one document an address and reason, with first and last time."""
        writes = [
            UpdateOne(
                {"url": one.url, "reason": one.reason, "last_seen": {"$lt": one.at}, **_from_the_same(one)},
                {
                    "$set": {
                        "site": one.site,
                        "detail": storable(one.detail),
                        "raw": storable(one.raw),
                        "last_seen": one.at,
                        "final": one.final,
                        "resolved_at": None,
                    },
                    "$setOnInsert": {"first_seen": one.at},
                    "$inc": {"times": 1},
                },
                upsert=True,
            )
            for one in batch
        ]
        if writes:
            refused(lambda: self.rejects.bulk_write(writes, ordered=False))  # a reject that is written a second time is there, and stays

    @patient
    def to_ask_again(self, site: str, now: dt.datetime) -> list[Document]:
        """Return rejects of article URLs of a site that may have become articles since; less and less often, then no more.

        Never those of captures and WARC files: their pages are not on the site today.
        """
        live = {"raw.listed": {"$ne": None}, "raw.capture": None, "raw.record": None}
        query = {"site": site, "final": False, "times": {"$lt": _TRIES}, "resolved_at": None, **live}
        return [r for r in self.rejects.find(query) if r["last_seen"] + _PAUSE * (2 ** (r["times"] - 1) - 1) <= now]

    @patient
    def resolve(self, urls: Sequence[str], at: dt.datetime) -> None:
        """Note that rejected URLs became articles, whoever stored them; the rejects stay."""
        for some in pieces(urls, _RESOLVED_AT_ONCE):
            self.rejects.update_many({"url": {"$in": some}, "resolved_at": None}, {"$set": {"resolved_at": at}})

    def due(self, site: str, days: int, now: dt.datetime) -> Iterator[Due]:
        """Stored addresses of a site to look at again: all of the last `days` days, older ones less often."""
        return due(self.database, site, days, now, self.patience)

    @patient
    def mark(self, batch: Sequence[Presence]) -> list[str]:
        """Write what was found at known addresses; an outcome each: gone, back, there, unknown."""
        return mark(self.database, batch)

    @patient
    def listed(self, batch: Sequence[Listed]) -> None:
        """Add the categories in which stored stories were met again, and the day that the listing states where only a capture bounded it."""
        articles = self.database["articles"]
        for one in batch:
            if day := parse_day(one.day):
                for url in one.urls:
                    date_by_listing(self.database, url, day)
        by_categories: dict[tuple[str, ...], list[str]] = {}  # most stories of a batch come from one listing: one write for all of them
        for one in batch:
            if one.categories:
                by_categories.setdefault(tuple(one.categories), []).extend(one.urls)
        writes = [
            UpdateMany({"copies.url": {"$in": some}}, {"$addToSet": {"categories": {"$each": list(names)}}, "$set": {"version": new_version()}})
            for names, urls in by_categories.items()
            for some in pieces(urls)
        ]
        if writes:
            articles.bulk_write(writes, ordered=False)

    @patient
    def begin_listing(self, key: str, site: str, at: dt.datetime) -> dt.datetime | None:
        """Note that a listing is being walked; gives when it was last walked to where it should be, None if never."""
        begun = {"$set": {"site": site, "walked_at": at}, "$setOnInsert": {"complete_at": None}}
        before = self.listings.find_one_and_update({"_id": key}, begun, upsert=True)
        return before["complete_at"] if before else None

    @patient
    def complete_listings(self, begun: Mapping[str, dt.datetime], at: dt.datetime) -> None:
        """Note that all that listings held was followed up; not where another walk began since, which may have left a gap.

        begun: the listing's key -> when its walk began.
        """
        writes = [UpdateOne({"_id": key, "walked_at": begun_at}, {"$set": {"complete_at": at}}) for key, begun_at in begun.items()]
        if writes:
            self.listings.bulk_write(writes, ordered=False)

    @patient
    def remember_day(self, url: str, site: str, stories: Sequence[str], at: dt.datetime) -> None:
        """Keep which stories a day page listed."""
        self.listings.update_one({"_id": url}, {"$set": {"site": site, "walked_at": at, "stories": list(stories)}}, upsert=True)

    @patient
    def remember_days(self, days: Mapping[str, Sequence[str]], site: str, at: dt.datetime) -> None:
        """Keep which stories each day has, by the day's key."""
        writes = [
            UpdateOne({"_id": key}, {"$set": {"site": site, "walked_at": at, "stories": list(stories)}}, upsert=True) for key, stories in days.items()
        ]
        if writes:
            self.listings.bulk_write(writes, ordered=False)

    @patient
    def remembered_days(self, urls: Sequence[str]) -> dict[str, list[str]]:
        """Day page -> the stories that it listed when it was last visited."""
        return {
            listing["_id"]: listing.get("stories", [])
            for some in pieces(list(urls))
            for listing in self.listings.find({"_id": {"$in": some}}, {"stories": 1})
        }
