"""What flows through the crawl: raw strings as a layout found them, and the typed items that the pipelines take."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from kcna_spider.text.datelines.base import Dateline


@dataclass(slots=True)
class RawArticle:
    """The strings that a layout found in one page (or one part of a page); nothing is interpreted yet.

    title, paragraphs: with their white space. day: the page's own words for the day. source: the label of who published it.
    original: the address that the page names as its source. anchor: the part of the page that it stands in, without "#".
    language: ISO 639-1, where the page or its address says so. fallback: how the text was found where the page is not quite as the
    layout expects (counted in the stats), else None.
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

    def as_dict(self) -> dict[str, Any]:
        """Its fields; what may change is copied."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {**fields, "paragraphs": list(self.paragraphs), "categories": list(self.categories)}


@dataclass(slots=True)
class ListedStory:
    """One story in a listing: its absolute URL, and the title and day as the listing writes them.

    listing: what the spider calls the listing, to tell a listing of which no story could be stored. source: the label of the
    source whose listing it is, where a listing has one.
    """

    url: str
    title: str | None = None
    day: str | None = None
    categories: list[str] = field(default_factory=list)
    listing: str | None = None
    source: str | None = None

    def entry(self) -> dict[str, Any]:
        """What the listing said, for rejects."""
        return {"title": self.title, "day": self.day, "categories": self.categories}


@dataclass(slots=True)
class Fetched:
    """Where and when a page was received: the address it is stored under, the site, the layout that claims it.

    capture: {"at", "url"} of a page that an archive kept; url is its address there, None for a file of ours or others'.
    record: {"file", "offset"} of the WARC record that holds the page as it was sent.
    """

    url: str
    site: str
    layout: str
    at: dt.datetime
    etag: str | None = None
    modified: str | None = None
    capture: dict[str, Any] | None = None
    record: dict[str, Any] | None = None


@dataclass(slots=True)
class Article:
    """One sighting of a story at one address, normalised.

    paragraphs: one line each, without dateline and end mark. published: the calendar day in Pyongyang.
    published_from: page, listing, dateline, address, or capture (no
    site says it: it is the latest that the day of the capture allows). dateline_paragraph: which paragraph held the dateline (0 is the first).
    """

    fetched: Fetched
    language: str
    title: str
    paragraphs: list[str]
    published: dt.date | None
    published_from: str | None
    dateline: Dateline | None
    dateline_paragraph: int | None
    source: str | None
    original: str | None
    categories: list[str]
    raw: dict[str, Any]
    fingerprint: str = ""
    keys: list[str] = field(default_factory=list)
    outcome: str | None = None

    @property
    def url(self) -> str:
        """The address that the story was seen at."""
        return self.fetched.url

    @property
    def body(self) -> str:
        """The paragraphs, joined by two line feeds."""
        return "\n\n".join(self.paragraphs)


@dataclass(slots=True)
class Reject:
    """Something that was fetched, or should have been, and could not become an article.

    reason: a code (see docs/operations.md). detail: one line for a person. raw: what was found. final: asking again is of no use.
    """

    url: str
    site: str
    reason: str
    detail: str
    raw: dict[str, Any]
    at: dt.datetime
    final: bool = False


@dataclass(slots=True)
class Listed:
    """Stored stories that were met in a listing again: its categories may be new to them. day: as the listing writes it."""

    urls: list[str]
    categories: list[str]
    at: dt.datetime
    day: str | None = None


@dataclass(slots=True)
class Presence:
    """An address of a stored story was looked at again: it is still there unchanged, or it is gone (404, 410)."""

    url: str
    gone: bool
    at: dt.datetime


Item = Article | Reject | Listed | Presence
