"""Find the photos in WARC files: the pages that showed them, when, and their files.

A crawl records a photo page before its photos, so the files that were received until the next time that the
page was received belong to it. Captures of the Wayback Machine have no such order, so all captures of a photo
belong to the page.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kcna_spider.archives.replay_index import ReplayIndex
from kcna_spider.items import (
    Article,
    Fetched,
    ListingEntry,
    Photo,
    PhotoFile,
    PhotoSet,
    RawArticle,
    RawPhotoPage,
)
from kcna_spider.text.normalize import normal_form

Part = tuple[Fetched, RawArticle, ListingEntry | None]
_END = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(slots=True)
class Sighting:
    """One record of a photo page (`page`) or of a photo (`file` or `problem`).

    status: `found`, `gone`, `unchanged` or `failed`. problem: reason code and detail of an invalid file.
    """

    status: str
    fetched: Fetched
    page: RawPhotoPage | None = None
    file: PhotoFile | None = None
    problem: tuple[str, str] | None = None


class ReplayedPhotos:
    """Collects the sightings of photo pages and photos, and yields the resulting photo sets."""

    def __init__(self, index: ReplayIndex) -> None:
        self.index = index

    def note_page(self, fetched: Fetched, page: RawPhotoPage) -> None:
        """Record a sighting of a photo page."""
        self.index.see_photos(fetched.url, fetched.at, Sighting("found", fetched, page), is_page=True)

    def note_file(
        self, fetched: Fetched, file: PhotoFile | None, problem: tuple[str, str] | None = None
    ) -> None:
        """Record a photo file, or the problem because of which it is no photo."""
        found = Sighting("found" if file else "failed", fetched, file=file, problem=problem)
        self.index.see_photos(fetched.url, fetched.at, found, is_page=False)

    def note_article(self, article: Article) -> None:
        """Record the title of an article, the photo pages that it links to, and the photos that it shows."""
        if article.published and article.kind != "photo":
            title = normal_form(article.title)
            self.index.title(article.language, article.published, title, article.url)
        for page in article.photo_pages:
            self.index.lead(page, article.url)
            if page == article.url and article.kind != "photo":
                fetched = Fetched(
                    article.url,
                    article.site,
                    article.layout,
                    article.fetched_at,
                    capture=article.capture,
                    record=article.record,
                )
                self.note_page(fetched, RawPhotoPage(article.photos))

    def without_article(self) -> Iterator[Part]:
        """Yield the listed photo pages to which no article links, each as an article.

        The caller must check `belongs_to_article` for the loaded articles.
        """
        for url in self.index.pages_without_lead():
            entries = self.index.entries(url)
            listed = ListingEntry(url, *entries[0][:2]) if entries else None
            for one in self.index.photos_seen(url):
                if listed and one.page:
                    yield one.fetched, one.page.as_article(), listed

    def belongs_to_article(self, photo_page: Article) -> bool:
        """Return whether an article has the title, date and language of a photo page; if so, link the two."""
        if photo_page.published is None:
            return False
        title = normal_form(photo_page.title)
        url = self.index.article_with_title(photo_page.language, photo_page.published, title)
        if url:
            self.index.lead(photo_page.url, url)
        return url is not None

    def photo_sets(self) -> Iterator[PhotoSet]:
        """Yield the photo set of each sighting of each photo page, in chronological order for each page."""
        for page, articles in self.index.leads():
            seen = self._sightings(page)
            for number, one in enumerate(seen):
                following = seen[number + 1].fetched.at if number + 1 < len(seen) else _END
                if one.status == "unchanged":
                    one.page = seen[number - 1].page if number else None
                yield self._photo_set(page, articles, one, following)

    def _sightings(self, url: str) -> list[Sighting]:
        """Return all sightings of a URL in chronological order, including checks without a body."""
        found: list[Sighting] = self.index.photos_seen(url)
        site = found[0].fetched.site if found else ""
        for at, gone in self.index.checks_of(url):
            fetched = Fetched(url, site, "", at, capture={"at": at, "url": None})
            found.append(Sighting("gone" if gone else "unchanged", fetched))
        return sorted(found, key=lambda one: one.fetched.at)

    def _photo_set(
        self, page: str, articles: Sequence[str], one: Sighting, following: dt.datetime
    ) -> PhotoSet:
        fetched = one.fetched
        photos = [
            photo
            for position, raw in enumerate(one.page.photos if one.page else (), 1)
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
        """Return one photo for each of its sightings that belong to a page.

        A crawl requests a photo of two pages once, so if there are none, return the latest sighting before
        the page was received. If there is none either, return the photo unchanged, with the outcome
        `not_asked`. following: when the page was received again.
        """
        seen = [one for one in self._sightings(photo.url) if one.fetched.is_archived == page.is_archived]
        found = seen if page.is_archived else [o for o in seen if page.at <= o.fetched.at < following]
        if not found:
            found = [one for one in seen if one.fetched.at < page.at][-1:]
        return [dataclasses.replace(photo, **_fields(one)) for one in found] or [photo]


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
