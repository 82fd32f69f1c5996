"""The photos of WARC files: which pages showed them when, and what their files are.

A crawl records a photo page, then its photos: the files that were received until the same page was received
again belong to it. Captures of the Wayback Machine have no such order: there, all captures of a photo count.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kcna_spider.archives.replay_index import ReplayIndex
from kcna_spider.items import Article, Fetched, Photo, PhotoFile, PhotoSet, RawPhoto

_END = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(slots=True)
class Sighting:
    """What one record says of a photo page (`photos`) or of a photo (`file`, or `problem`).

    status: `found`, `gone`, `unchanged` or `failed`.
    """

    status: str
    fetched: Fetched
    photos: list[RawPhoto] = field(default_factory=list)
    file: PhotoFile | None = None
    problem: tuple[str, str] | None = None


class ReplayedPhotos:
    """Collects the sightings of photo pages and photos, and yields the photo sets that they make."""

    def __init__(self, index: ReplayIndex) -> None:
        self.index = index

    def note_page(self, fetched: Fetched, photos: Sequence[RawPhoto]) -> None:
        """Note what a photo page shows."""
        self.index.see_photos(fetched.url, fetched.at, Sighting("found", fetched, list(photos)))

    def note_file(
        self, fetched: Fetched, file: PhotoFile | None, problem: tuple[str, str] | None = None
    ) -> None:
        """Note what the file of a photo is, or why it is none."""
        found = Sighting("found" if file else "failed", fetched, file=file, problem=problem)
        self.index.see_photos(fetched.url, fetched.at, found)

    def note_article(self, article: Article) -> None:
        """Note the photo pages that an article leads to, and the photos that it shows itself."""
        for page in article.photo_pages:
            self.index.lead(page, article.url)
            if page == article.url:
                fetched = Fetched(
                    article.url,
                    article.site,
                    article.layout,
                    article.fetched_at,
                    capture=article.capture,
                    record=article.record,
                )
                self.note_page(fetched, article.photos)

    def photo_sets(self) -> Iterator[PhotoSet]:
        """Yield what each photo page showed, page by page in chronological order."""
        for page, articles in self.index.leads():
            seen = self._sightings(page)
            for number, one in enumerate(seen):
                following = seen[number + 1].fetched.at if number + 1 < len(seen) else _END
                if one.status == "unchanged":
                    one.photos = seen[number - 1].photos if number else []
                yield self._photo_set(page, articles, one, following)

    def _sightings(self, url: str) -> list[Sighting]:
        """Return all sightings of a URL, also those without a body, in chronological order."""
        found: list[Sighting] = self.index.photos_seen(url)
        for at, gone in self.index.checks_of(url):
            fetched = Fetched(url, "", "", at, capture={"at": at, "url": None})
            found.append(Sighting("gone" if gone else "unchanged", fetched))
        return sorted(found, key=lambda one: one.fetched.at)

    def _photo_set(
        self, page: str, articles: Sequence[str], one: Sighting, following: dt.datetime
    ) -> PhotoSet:
        fetched = one.fetched
        photos = [
            photo
            for position, raw in enumerate(one.photos, 1)
            for photo in self._photos(Photo(raw["url"], position, raw["caption"]), fetched, following)
        ]
        return PhotoSet(
            page,
            list(articles),
            fetched.site,
            fetched.at,
            photos,
            "gone" if one.status == "gone" else "read",
            fetched.capture,
            fetched.etag,
            fetched.modified,
        )

    def _photos(self, photo: Photo, page: Fetched, following: dt.datetime) -> Iterable[Photo]:
        """Return the photo with each of its sightings that belong to the page.

        Where there is none, return it once, as not asked for.
        """
        archived = _is_archived(page)
        found = [
            dataclasses.replace(photo, **_fields(one))
            for one in self._sightings(photo.url)
            if (_is_archived(one.fetched) if archived else page.at <= one.fetched.at < following)
        ]
        return found or [photo]


def _is_archived(fetched: Fetched) -> bool:
    return bool(fetched.capture and fetched.capture["url"])


def _fields(one: Sighting) -> dict[str, Any]:
    """Return the fields of `Photo` that a sighting sets."""
    fetched = one.fetched
    return {
        "outcome": one.status,
        "file": one.file,
        "problem": one.problem,
        "at": fetched.at,
        "etag": fetched.etag,
        "modified": fetched.modified,
        "capture": fetched.capture,
        "record": fetched.record,
    }
