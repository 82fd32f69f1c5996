"""Write photos: their files into `photos`, and the photos of each page into its articles.

A file's document is written before an article names it. Writes are safe to repeat, and nothing is deleted.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from bson.errors import BSONError
from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import PyMongoError

from kcna_spider.items import Photo, PhotoSet, Reject
from kcna_spider.store.connection.calls import batched, refused
from kcna_spider.store.connection.reads import Retry
from kcna_spider.store.model.types import ArticleDocument, Document
from kcna_spider.store.write.conflicts import ConflictPauses
from kcna_spider.store.write.due_again import is_due_again
from kcna_spider.store.write.events import is_capture
from kcna_spider.store.write.merge_photos import is_due, merge_photos
from kcna_spider.store.write.too_large import by_halves
from kcna_spider.store.write.versioned import set_fields

PHOTOS, NO_ARTICLE = "photos", "unknown"  # the outcomes of a photo set
_FIELDS = ("photos", "photo_pages", "photos_due", "events", "event_at")


@dataclass(frozen=True, slots=True)
class DuePhotoPage:
    """A photo page with photos that are not stored yet. article_url, day: a URL and the date of its article.

    capture: the capture of the article's page, if only a capture links to the photo page.
    """

    page_url: str
    article_url: str
    day: dt.date
    capture: dict[str, Any] | None


class PhotoStore:
    """The collection `photos`, and the photos of `articles`."""

    def __init__(self, database: Database[Document]) -> None:
        self.articles, self.files = database["articles"], database["photos"]

    def save(self, batch: Sequence[PhotoSet]) -> list[str]:
        """Write the photos of pages; return each one's outcome: photos, unknown (no article) or TOO_LARGE."""
        self._save_files(batch)
        try:
            return self._save(batch)
        except (PyMongoError, BSONError) as error:
            return by_halves(batch, self._save, error)

    def due(self, site: str, now: dt.datetime, retry: Retry, *, captures: bool) -> Iterator[DuePhotoPage]:
        """Yield the photo pages of a site that are due, because not all of their photos are stored.

        captures: yield those to which only captures link, instead of those on the site itself. retry: calls
        each function that reads the database.
        """
        query = {"photos_due": True}
        fields = {"photo_pages": 1, "copies.url": 1, "published": 1}
        for document in retry(partial(_all, self.articles, query, fields)):
            for page in document["photo_pages"]:
                archived = is_capture(page["capture"])
                waiting = page["asked_at"] and not is_due_again(page["tries"], page["asked_at"], now)
                if page["site"] == site and archived == captures and is_due(page) and not waiting:
                    url = document["copies"][0]["url"]
                    yield DuePhotoPage(page["url"], url, document["published"].date(), page["capture"])

    def known_pages(self, urls: Sequence[str]) -> dict[str, dt.datetime]:
        """Return the URLs that are photo pages of stored articles, with the time each was first seen."""
        wanted = set(urls)
        return {
            page["url"]: page["first_seen"]
            for some in batched(wanted)
            for document in self.articles.find({"photo_pages.url": {"$in": some}}, {"photo_pages": 1})
            for page in document["photo_pages"]
            if page["url"] in wanted
        }

    def _save_files(self, batch: Sequence[PhotoSet]) -> None:
        writes = []
        for photo in (photo for photo_set in batch for photo in photo_set.photos):
            if photo.file and photo.at:
                facts = dataclasses.asdict(photo.file)
                seen = {"$min": {"first_seen": photo.at}, "$max": {"last_seen": photo.at}}
                writes.append(
                    UpdateOne({"_id": photo.file.sha256}, {"$setOnInsert": facts, **seen}, upsert=True)
                )
        if writes:
            refused(lambda: self.files.bulk_write(writes, ordered=False))

    def _save(self, batch: Sequence[PhotoSet]) -> list[str]:
        outcomes: dict[int, str] = {}
        left = list(range(len(batch)))
        conflicts = ConflictPauses()
        while left := self._write(batch, left, outcomes):
            conflicts.pause(batch[left[0]].page_url)
        return [outcomes[i] for i in range(len(batch))]

    def _write(
        self, batch: Sequence[PhotoSet], positions: Sequence[int], outcomes: dict[int, str]
    ) -> list[int]:
        """Write photo sets and set their outcomes; return the positions that must be tried again."""
        stored, by_url = self._articles_of([url for i in positions for url in batch[i].article_urls])
        changed = {key: cast("ArticleDocument", deepcopy(document)) for key, document in stored.items()}
        keys = {}
        for i in positions:
            keys[i] = {by_url[url] for url in batch[i].article_urls if url in by_url}
            outcomes[i] = PHOTOS if keys[i] else NO_ARTICLE
            for key in keys[i]:
                merge_photos(changed[key], batch[i])
        changes = {}
        for key, document in changed.items():
            now = cast("Document", document)
            if fields := {n: now[n] for n in _FIELDS if n in now and stored[key].get(n) != now[n]}:
                changes[key] = (stored[key]["version"], fields)
        self._see_again([photo for i in positions for photo in batch[i].photos], changed.values())
        lost = set_fields(self.articles, changes)
        return [i for i in positions if keys[i] & lost]

    def _see_again(self, photos: Sequence[Photo], documents: Iterable[ArticleDocument]) -> None:
        """Record when the files were last seen that the server only confirmed (status 304)."""
        confirmed = {photo.url for photo in photos if photo.outcome == "unchanged"}
        writes = [
            UpdateOne({"_id": entry["sha256"]}, {"$max": {"last_seen": entry["last_seen"]}})
            for document in documents
            for entry in document.get("photos", [])
            if entry["url"] in confirmed
        ]
        if writes:
            self.files.bulk_write(writes, ordered=False)

    def _articles_of(self, urls: Sequence[str]) -> tuple[dict[Any, Document], dict[str, Any]]:
        documents: dict[Any, Document] = {}
        for some in batched(dict.fromkeys(urls)):
            for found in self.articles.find({"copies.url": {"$in": some}}, dict.fromkeys(_READ, 1)):
                documents[found["_id"]] = found
        by_url = {c["url"]: key for key, document in documents.items() for c in document["copies"]}
        return documents, by_url


_READ = (*_FIELDS, "copies.url", "version")


def photo_rejects(photo_set: PhotoSet) -> list[Reject]:
    """Return a reject for each photo of a page that could not be downloaded or stored."""
    return [
        Reject(
            photo.url,
            photo_set.site,
            f"photo_{photo.problem[0]}",
            photo.problem[1],
            {"photo_page": photo_set.page_url, "articles": photo_set.article_urls},
            photo.at or photo_set.at,
        )
        for photo in photo_set.photos
        if photo.problem
    ]


def _all(articles: Any, query: Document, fields: Document) -> list[Document]:
    return list(articles.find(query, fields))
