"""Data classes of the crawl: the raw strings that a layout finds, and the typed items for the pipelines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, TypedDict

from kcna_spider.text.datelines.base import Dateline
from kcna_spider.text.normalize import fingerprint
from kcna_spider.text.similarity import Text, lsh_keys


class RawPhoto(TypedDict):
    """A photo as a page shows it: its absolute URL, and its caption or None."""

    url: str
    caption: str | None


@dataclass(slots=True)
class RawPhotoPage:
    """The photos of one photo page in the page's order, and the page's title and date as written there."""

    photos: list[RawPhoto]
    title: str | None = None
    day: str | None = None

    def as_article(self) -> RawArticle:
        """Return the photo page as an article, for a page that belongs to no article.

        The captions become its text, or the title if no photo has a caption.
        """
        captions = [photo["caption"] for photo in self.photos if photo["caption"]]
        paragraphs = captions or [self.title or ""]
        return RawArticle(self.title, paragraphs, self.day, photos=self.photos, kind="photo")


@dataclass(slots=True)
class RawArticle:
    """The strings that a layout found in one page (or one part of a page); nothing is interpreted yet.

    title, paragraphs: with their white space. day: the date as the page writes it. source: the label of the
    publisher. original: the URL that the page names as its source. anchor: the fragment of the page that
    contains the article, without "#". language: ISO 639-1, if the page or its URL names one. fallback: the
    name of the fallback that found the text, if the page differs from what the layout expects (counted in
    the stats), else None. photo_pages: URLs of the photo pages that the article links to. photos: photos
    that the page itself shows. kind: as in `Article`.
    """

    title: str | None
    paragraphs: list[str]
    day: str | None = None
    source: str | None = None
    original: str | None = None
    anchor: str | None = None
    language: str | None = None
    categories: list[str] = field(default_factory=list)
    fallback: str | None = None
    photo_pages: list[str] = field(default_factory=list)
    photos: list[RawPhoto] = field(default_factory=list)
    kind: str = "article"

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as a dict, with copies of the lists."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        lists = ("paragraphs", "categories", "photo_pages", "photos")
        return {**fields, **{name: list(fields[name]) for name in lists}}


@dataclass(slots=True)
class ListingEntry:
    """One link of a listing: its absolute URL, and the title and date as the listing writes them.

    listing: the spider's name for the listing, used to detect a listing without any storable article.
    source: the label of the source that the listing belongs to, if any.
    """

    url: str
    title: str | None = None
    day: str | None = None
    categories: list[str] = field(default_factory=list)
    listing: str | None = None
    source: str | None = None

    def as_raw(self) -> dict[str, Any]:
        """Return the fields that are kept in rejects and in `Article.raw`."""
        return {"title": self.title, "day": self.day, "categories": self.categories}


@dataclass(slots=True)
class Fetched:
    """Where and when a page was received: the URL it is stored under, the site, the layout that matches it.

    capture: {"at", "url"} of a page from a web archive; url is its URL in that archive, None for a WARC file.
    record: {"file", "offset"} of the WARC record that contains the page as it was sent.
    """

    url: str
    site: str
    layout: str
    at: dt.datetime
    etag: str | None = None
    modified: str | None = None
    capture: dict[str, Any] | None = None
    record: dict[str, Any] | None = None

    @property
    def is_archived(self) -> bool:
        """Whether a web archive returned the page, which shows nothing about the site after the capture."""
        return bool(self.capture and self.capture["url"])


Compared = tuple[Any, int, dt.datetime]  # an article's `_id`, revision and date of publication


@dataclass(slots=True)
class Decision:
    """The stored article that a sighting belongs to. DedupePipeline decides it, MongoPipeline writes it.

    document: the stored article as it was read, None for a new one. article_id: its `_id`, or a fresh one for
    a new article. duplicate_index: tells a new article apart from stored ones with the same text; the first
    has 0. compared: `_id`, revision and date of each article that shares an LSH key but is another story.
    The decision is void if another article with such a key is stored later, or if the text or date of a
    compared article changes.
    """

    article_id: Any
    document: Any = None
    duplicate_index: int = 0
    compared: frozenset[Compared] = frozenset()


@dataclass(slots=True)
class Article:
    """One sighting of an article at one URL, normalised by `ArticleLoader`.

    fetched_at: when the page was received (UTC); layout, etag, modified, capture, record: as in `Fetched`.
    paragraphs: one line each, without dateline and end mark. published: the calendar day in Pyongyang.
    published_from: page, listing, dateline, address (the URL), or capture (no other source states a date, so
    it is the latest date that the capture allows). raw: the strings as the layout found them. fingerprint,
    lsh_keys, decision: set by DedupePipeline. outcome: set by MongoPipeline. kind: `article`, or `photo` for
    a photo page that belongs to no article. photo_pages: as in `RawArticle`, plus the article's own URL if
    its page shows photos. photos: the photos that the page itself shows.
    """

    url: str = ""
    site: str = ""
    layout: str = ""
    fetched_at: dt.datetime = dt.datetime.min.replace(tzinfo=dt.UTC)
    etag: str | None = None
    modified: str | None = None
    capture: dict[str, Any] | None = None
    record: dict[str, Any] | None = None
    language: str = ""
    title: str = ""
    paragraphs: list[str] = field(default_factory=list)
    published: dt.date | None = None
    published_from: str | None = None
    dateline: Dateline | None = None
    source: str | None = None
    original: str | None = None
    categories: list[str] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    lsh_keys: list[str] = field(default_factory=list)
    decision: Decision | None = None
    outcome: str | None = None
    kind: str = "article"
    photo_pages: list[str] = field(default_factory=list)
    photos: list[RawPhoto] = field(default_factory=list)

    @property
    def body(self) -> str:
        """The paragraphs, joined by two line feeds."""
        return "\n\n".join(self.paragraphs)

    def identity_text(self) -> Text:
        """Return the language, title, text and dates that are compared to decide which article this is."""
        line = self.dateline
        published = self.published or dt.date.min
        return Text(
            self.language,
            self.title,
            self.body,
            published,
            line.place if line else None,
            line.date if line else None,
        )

    def set_fingerprint(self) -> None:
        """Set the fingerprint, unless it is set already."""
        self.fingerprint = self.fingerprint or fingerprint(self.body)

    def set_lsh_keys(self) -> list[str]:
        """Set and return the LSH keys, unless they are set already.

        Most sightings of known articles do not need them.
        """
        self.lsh_keys = self.lsh_keys or lsh_keys(self.identity_text())
        return self.lsh_keys


@dataclass(slots=True)
class Reject:
    """A URL that was fetched, or should have been, but did not become an article.

    reason: a code (see docs/reference/reject-reasons.md). detail: one line for people. raw: the strings that
    were found. final: the URL is not to be fetched again.
    """

    url: str
    site: str
    reason: str
    detail: str
    raw: dict[str, Any]
    at: dt.datetime
    final: bool = False


@dataclass(frozen=True, slots=True)
class Redating:
    """A new date for a stored article whose date came from a capture, now that a listing states one.

    fields: the fields to set, if the stored article still has this `version`.
    """

    article_id: Any
    version: str
    revision: int
    fields: dict[str, Any]


@dataclass(slots=True)
class ListingUpdate:
    """Stored articles that were found in a listing again, which may add categories and a date to them.

    day: the date that the listing states. redatings: set when it is written.
    """

    urls: list[str]
    categories: list[str]
    at: dt.datetime
    day: dt.date | None = None
    redatings: list[Redating] = field(default_factory=list)


@dataclass(slots=True)
class ListedPages:
    """The articles that pages list. The next crawl does not read a page again if all of them are stored.

    pages: the URL of a page, or the name of a day in a search -> the URLs of its articles. at: when the pages
    were read.
    """

    site: str
    pages: dict[str, list[str]]
    at: dt.datetime


@dataclass(slots=True)
class AvailabilityCheck:
    """The result of fetching the URL of a stored article again.

    gone: the server responded with 404 or 410, or the page no longer has the article; otherwise the page is
    unchanged.
    """

    url: str
    gone: bool
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """Metadata of a photo's file. phash: its perceptual hash. path: relative to FILES_STORE."""

    sha256: str
    phash: str
    format: str
    width: int
    height: int
    bytes: int
    exif: dict[str, str]
    path: str


@dataclass(slots=True)
class Photo:
    """A photo that a page shows, and the outcome of fetching its file.

    url: its URL at the article's site, not in a web archive. position: in the page, from 1 on. etag,
    modified: the headers of the stored file, replaced by those of the new response. outcome: set by
    PhotosPipeline: `found`, `unchanged`, `gone`, `failed` or `not_asked` (the crawl is stopping). problem:
    reason code and message of a failure. at, capture, record: those of the file; see `Fetched`.
    """

    url: str
    position: int
    caption: str | None = None
    etag: str | None = None
    modified: str | None = None
    outcome: str = "not_asked"
    problem: tuple[str, str] | None = None
    file: PhotoFile | None = None
    at: dt.datetime | None = None
    capture: dict[str, Any] | None = None
    record: dict[str, Any] | None = None


@dataclass(slots=True)
class PhotoSet:
    """The photos of one page when it was read.

    page_url: the URL of the photo page, as in `articles.photo_pages`, or of the article that shows the photos
    itself. article_urls: URLs of the articles that the page belongs to. at: when the page was received.
    status: `read`, `gone` (404, 410) or `failed` (no page was received). capture, etag, modified: those of
    the page.
    """

    page_url: str
    article_urls: list[str]
    site: str
    at: dt.datetime
    photos: list[Photo] = field(default_factory=list)
    status: str = "read"
    capture: dict[str, Any] | None = None
    etag: str | None = None
    modified: str | None = None


Item = Article | Reject | ListingUpdate | ListedPages | AvailabilityCheck | PhotoSet
