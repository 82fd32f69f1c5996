"""What flows through the crawl.

Raw strings as a layout found them, and the typed items that the pipelines take.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, TypedDict

from kcna_spider.text.datelines.base import Dateline
from kcna_spider.text.normalize import fingerprint
from kcna_spider.text.similarity import Text, lsh_keys


class RawPhoto(TypedDict):
    """A photo as a page shows it: its absolute URL, and its caption where there is one."""

    url: str
    caption: str | None


@dataclass(slots=True)
class RawPhotoPage:
    """The photos of one photo page, in its order, and its title and date as it writes them."""

    photos: list[RawPhoto]
    title: str | None = None
    day: str | None = None

    def as_article(self) -> RawArticle:
        """Return the article that a photo page is where no article leads to it.

        Its text are the captions, or its title where it has none.
        """
        captions = [photo["caption"] for photo in self.photos if photo["caption"]]
        paragraphs = captions or [self.title or ""]
        return RawArticle(self.title, paragraphs, self.day, photos=self.photos, kind="photo")


@dataclass(slots=True)
class RawArticle:
    """The strings that a layout found in one page (or one part of a page); nothing is interpreted yet.

    title, paragraphs: with their white space. day: the page's own words for the date. source: the label of
    the publisher. original: the URL that the page names as its source. anchor: the part of the page that
    holds it, without "#". language: ISO 639-1, where the page or its URL names one. fallback: how the text
    was found where the page is not quite as the layout expects (counted in the stats), else None.
    photo_pages: URLs of the pages that it leads to for its photos. photos: those that it shows itself.
    kind: as in `Article`.
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
        """Return its fields, with copies of its lists."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        lists = ("paragraphs", "categories", "photo_pages", "photos")
        return {**fields, **{name: list(fields[name]) for name in lists}}


@dataclass(slots=True)
class ListingEntry:
    """One link of a listing: its absolute URL, and the title and date as the listing writes them.

    listing: the spider's name for the listing, to notice a listing of which no article could be stored.
    source: the label of the source whose listing it is, where a listing has one.
    """

    url: str
    title: str | None = None
    day: str | None = None
    categories: list[str] = field(default_factory=list)
    listing: str | None = None
    source: str | None = None

    def entry(self) -> dict[str, Any]:
        """Return what rejects keep of it."""
        return {"title": self.title, "day": self.day, "categories": self.categories}


@dataclass(slots=True)
class Fetched:
    """Where and when a page was received: the URL it is stored under, the site, the layout that matches it.

    capture: {"at", "url"} of a page that an archive kept; url is its URL there, None for a WARC file. record:
    {"file", "offset"} of the WARC record that holds the page as it was sent.
    """

    url: str
    site: str
    layout: str
    at: dt.datetime
    etag: str | None = None
    modified: str | None = None
    capture: dict[str, Any] | None = None
    record: dict[str, Any] | None = None


Compared = tuple[Any, int, dt.datetime]  # an article's `_id`, revision and date of publication


@dataclass(slots=True)
class Decision:
    """Which stored article a sighting belongs to, as DedupePipeline decided and MongoPipeline executes.

    document: the stored article as it was read, None for a new one. article_id: its `_id`, a new one for a
    new article. duplicate_index: how many other articles have the same text. compared: `_id`, revision
    and date of each article that shares an LSH key and is another story. The decision is void if an article
    is stored with such a key later, or if the text or date of one changes.
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
    published_from: page, listing, dateline, address, or capture (no site states it: the latest date that the
    capture allows). raw: the strings as the layout found them. fingerprint, lsh_keys, decision: set by
    DedupePipeline. outcome: set by MongoPipeline. kind: `photo` for a photo page that belongs to no article.
    photo_pages: as in `RawArticle`; with its own URL where it shows photos itself. photos: those.
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
        """Return what identity compares."""
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
    """Something that was fetched, or should have been, and could not become an article.

    reason: a code (see docs/reference/reject-reasons.md). detail: one line for a person. raw: what was found.
    final: fetching it again is of no use.
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
    """A stored article whose date only a capture bounded, and what a listing's date makes of it.

    Fields to set if `version` holds.
    """

    article_id: Any
    version: str
    revision: int
    fields: dict[str, Any]


@dataclass(slots=True)
class ListingUpdate:
    """Stored articles that were found in a listing again: its categories may be new to them.

    day: the date that it states.

    redatings: set by DedupePipeline.
    """

    urls: list[str]
    categories: list[str]
    at: dt.datetime
    day: dt.date | None = None
    redatings: list[Redating] = field(default_factory=list)


@dataclass(slots=True)
class AvailabilityCheck:
    """The URL of a stored article was fetched again.

    The page is there unchanged, or it is gone (404, 410).
    """

    url: str
    gone: bool
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """What is known of a photo's file. phash: its perceptual hash; path: below FILES_STORE."""

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
    """A photo that a page shows, and what became of its file.

    url: as the article's site has it. position: in the page, from 1 on. etag, modified: what the server said
    of the file before, then what it says now. outcome: set by PhotosPipeline: `found`, `unchanged`, `gone`,
    `failed` or `not_asked` (the crawl is stopping). problem: reason code and a line, of a failure. at,
    capture, record: as in `Article`, of the file.
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
    """The photos of one page, as it was read.

    page_url: of the page, as in `articles.photo_pages`, or of the article that shows them itself.
    article_urls: URLs of the articles that it belongs to. at: when the page was received. status: `read`,
    `gone` (404, 410) or `failed` (no page was received). capture: of the page. etag, modified: of the page.
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


Item = Article | Reject | ListingUpdate | AvailabilityCheck | PhotoSet
