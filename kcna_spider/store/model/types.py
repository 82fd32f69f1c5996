"""The types of stored documents. docs/reference/data-model.md explains each field."""

from __future__ import annotations

import datetime as dt
from typing import Any, NotRequired, TypedDict

from bson import ObjectId

# A document as PyMongo returns it, or fields of one.
Document = dict[str, Any]


class DatelineFields(TypedDict):
    """`articles.dateline`."""

    place: str
    date: dt.datetime | None
    day: str | None
    agency: str | None
    raw: str


class TextHashes(TypedDict):
    """One entry of `articles.texts`. reread_of: number of the text that other code read in this record."""

    hash: str
    form: str
    reread_of: NotRequired[int]


class TextChange(TypedDict):
    """One entry of `articles.copies.history`. before, revision: the numbers of two texts."""

    at: dt.datetime
    before: int
    revision: int


class Copy(TypedDict):
    """One entry of `articles.copies`. recorded_at: the times of all its WARC records that were read."""

    url: str
    site: str
    source: str | None
    original: str | None
    layout: str
    published: dt.datetime | None
    day: str | None
    published_from: str | None
    revision: int
    history: list[TextChange]
    revised_at: dt.datetime
    first_seen: dt.datetime
    last_seen: dt.datetime
    status: str
    gone_at: dt.datetime | None
    back_at: dt.datetime | None
    checked_at: NotRequired[dt.datetime]
    etag: str | None
    modified: str | None
    capture: dict[str, Any] | None
    record: dict[str, Any] | None
    recorded_at: NotRequired[list[dt.datetime]]


class Event(TypedDict):
    """One entry of `articles.events`.

    before, after: for an edit, the numbers of the two texts. sha256_before, sha256_after: for an altered
    photo, the hashes of the two files. caption_before, caption_after: for an edited caption. For a photo,
    `url` is that of the photo.
    """

    at: dt.datetime
    kind: str
    url: str
    before: NotRequired[int]
    after: NotRequired[int]
    sha256_before: NotRequired[str]
    sha256_after: NotRequired[str]
    caption_before: NotRequired[str]
    caption_after: NotRequired[str]


class PhotoPageState(TypedDict):
    """One entry of `articles.photo_pages`: a photo page that the article links to.

    capture: the capture of the article's page, if only a capture links to the photo page. read_at: when all
    its photos were last fetched. asked_at, tries: time of the last and number of all attempts since then.
    """

    url: str
    site: str
    first_seen: dt.datetime
    capture: dict[str, Any] | None
    read_at: dt.datetime | None
    asked_at: dt.datetime | None
    tries: int
    etag: str | None
    modified: str | None


class PhotoChange(TypedDict):
    """One entry of `articles.photos.history`. before, sha256: the SHA-256 hashes of two files."""

    at: dt.datetime
    before: str
    sha256: str


class ArticlePhoto(TypedDict):
    """One entry of `articles.photos`: a URL of a photo, and the file that it shows.

    caption_page: the page from which its caption is, or None if that page no longer shows the photo.
    """

    url: str
    page_url: str
    sha256: str
    caption: str | None
    caption_page: str | None
    position: int
    history: list[PhotoChange]
    revised_at: dt.datetime
    first_seen: dt.datetime
    last_seen: dt.datetime
    status: str
    gone_at: dt.datetime | None
    back_at: dt.datetime | None
    etag: str | None
    modified: str | None
    capture: dict[str, Any] | None
    record: dict[str, Any] | None


class TextFields(TypedDict):
    """The fields of an article or a revision that belong to one text."""

    title: str
    body: str
    dateline: DatelineFields | None
    fingerprint: str


class ArticleDocument(TextFields):
    """A document of `articles`."""

    _id: ObjectId
    language: str
    published: dt.datetime
    day: str
    published_from: str
    categories: list[str]
    copies: list[Copy]
    texts: list[TextHashes]
    fingerprints: NotRequired[list[str]]
    duplicate_index: int
    lsh_keys: list[str]
    kind: NotRequired[str]
    photo_pages: NotRequired[list[PhotoPageState]]
    photos: NotRequired[list[ArticlePhoto]]
    photos_due: NotRequired[bool]
    revision: int
    first_seen: dt.datetime
    last_seen: dt.datetime
    changed_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    events: NotRequired[list[Event]]
    event_at: NotRequired[dt.datetime]
    version: str
    schema: int


class Source(TypedDict):
    """One entry of `revisions.sources`."""

    url: str
    site: str
    seen_at: dt.datetime
    capture: NotRequired[dict[str, Any]]
    record: NotRequired[dict[str, Any]]


class RevisionDocument(TextFields):
    """A document of `revisions`."""

    _id: str
    article: ObjectId
    number: int
    language: str
    text: TextHashes
    seen_at: dt.datetime
    stored_at: NotRequired[dt.datetime]
    sources: list[Source]
    trivial: bool


class RejectDocument(TypedDict):
    """A document of `rejects`."""

    url: str
    site: str
    reason: str
    detail: str
    raw: dict[str, Any]
    first_seen: dt.datetime
    last_seen: dt.datetime
    times: int
    final: bool
    resolved_at: dt.datetime | None


class ListingDocument(TypedDict):
    """A document of `listings`.

    complete_at: only for a listing with pagination. urls: the URLs shown by the page of a day, by the search
    for a day, or by a capture of a listing.
    """

    _id: str
    site: str
    begun_at: dt.datetime
    complete_at: NotRequired[dt.datetime | None]
    urls: NotRequired[list[str]]


class RunStat(TypedDict):
    """One entry of `runs.stats`."""

    name: str
    value: Any


class RunDocument(TypedDict):
    """A document of `runs`."""

    _id: ObjectId
    spider: str
    arguments: dict[str, Any]
    started_at: dt.datetime
    finished_at: dt.datetime | None
    finish_reason: str | None
    versions: dict[str, str]
    process: dict[str, Any]
    stats: list[RunStat]
