"""Count the numbers of the report in the database.

The numbers of articles can also be counted in the archive file. Only articles with events are read, without
their bodies.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from pymongo.database import Database

from kcna_spider.export.change_history import events
from kcna_spider.store.model.types import Document

# $map: in an expression, the embedded server returns null for a path through an array such as "$copies.site".
_SITES = {"$setUnion": [{"$map": {"input": "$copies", "as": "copy", "in": "$$copy.site"}}, []]}
_OPEN: list[Document] = [{"$match": {"resolved_at": None}}]
# Listings that were begun and not completed, except pages of a day, whose articles are recorded one by one.
_UNFINISHED: list[Document] = [
    {"$match": {"begun_at": {"$ne": None}, "complete_at": None, "urls": {"$exists": False}}}
]
_WITH_PHOTOS = {"photos.sha256": {"$gt": ""}}  # a condition for which the sparse index of photos is used
_RUNS = 100
_OF_RUNS = {"spider": 1, "started_at": 1, "finished_at": 1, "finish_reason": 1, "stats": 1}
_BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of datelines, with its number of articles and their first and last day of publication."""

    name: str
    articles: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class PhotoNumbers:
    """The photos of articles. days: day of publication -> photos. articles: those with photos.

    files: distinct files. gone: photos whose URLs are gone.
    """

    days: dict[dt.date, int] = field(default_factory=dict)
    articles: int = 0
    files: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleNumbers:
    """The numbers of articles.

    texts: distinct texts of all articles. undated: articles whose date only a capture bounds.
    days: site -> day of publication -> articles. months: (YYYY-MM, language) -> articles.
    delays: days from dateline to publication -> articles. copies: (site, status) -> URLs.
    overlaps: set of sites -> articles seen on exactly these sites.
    """

    articles: int
    texts: int
    withdrawn: int
    edited: int
    undated: int
    days: dict[str, dict[dt.date, int]]
    months: dict[tuple[str, str], int]
    places: list[Place]
    without_dateline: int
    delays: dict[int, int]
    copies: dict[tuple[str, str], int]
    overlaps: dict[tuple[str, ...], int]
    photos: PhotoNumbers = field(default_factory=PhotoNumbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers(ArticleNumbers):
    """All numbers of the report.

    events: (YYYY-MM, kind) -> number. runs: documents of the latest crawls. rejects: (site, reason) -> open
    rejects. open_listings: site -> listings whose pagination was not completed.
    """

    events: dict[tuple[str, str], int]
    runs: list[Document]
    rejects: dict[tuple[str, str], int]
    open_listings: dict[str, int]


def collect(database: Database[Document], of_articles: ArticleNumbers | None = None) -> Numbers:
    """Count all numbers in the database as it is now.

    of_articles: the numbers of articles if they are known already, for example from the archive file.
    """
    known = of_articles or _of_articles(database)
    rejects = _groups(database["rejects"], {"site": "$site", "reason": "$reason"}, _OPEN)
    return Numbers(
        **{one.name: getattr(known, one.name) for one in fields(ArticleNumbers)},
        events=_events(database),
        runs=list(database["runs"].find({}, _OF_RUNS).sort("started_at", -1).limit(_RUNS)),
        rejects={(key["site"], key["reason"]): n for key, n in rejects},
        open_listings=dict(_groups(database["listings"], "$site", _UNFINISHED)),
    )


def _of_articles(database: Database[Document]) -> ArticleNumbers:
    articles = database["articles"]
    overlaps: Counter[tuple[str, ...]] = Counter()
    for sites, n in _groups(articles, _SITES):  # equal sets may differ in the order of their sites
        overlaps[tuple(sorted(sites))] += n
    texts = _groups(articles, {"$size": "$texts"})
    places, without = _places(articles)
    copies = _groups(articles, {"site": "$copies.site", "status": "$copies.status"}, [{"$unwind": "$copies"}])
    months = _groups(
        articles,
        {"month": {"$dateToString": {"format": "%Y-%m", "date": "$published"}}, "language": "$language"},
    )
    return ArticleNumbers(
        articles=sum(overlaps.values()),
        texts=sum(size * n for size, n in texts),
        withdrawn=articles.count_documents({"withdrawn_at": {"$ne": None}}),
        edited=articles.count_documents({"changed_at": {"$ne": None}}),
        undated=articles.count_documents({"published_from": "capture"}),
        days=_days(articles),
        months={(key["month"], key["language"]): n for key, n in months},
        places=places,
        without_dateline=without,
        delays=_delays(articles),
        copies={(key["site"], key["status"]): n for key, n in copies},
        overlaps=dict(overlaps),
        photos=_photos(articles),
    )


def _groups(collection: Any, key: Any, before: list[Document] | None = None) -> list[tuple[Any, int]]:
    """Return each distinct key with its number of documents. before: stages before the grouping."""
    pipeline = [*(before or []), {"$group": {"_id": key, "number": {"$sum": 1}}}]
    return [(group["_id"], group["number"]) for group in collection.aggregate(pipeline)]


def _days(articles: Any) -> dict[str, dict[dt.date, int]]:
    """Count articles by site and day; several URLs on one site count once."""
    found: dict[str, dict[dt.date, int]] = {}
    lean: list[Document] = [{"$project": {"published": 1, "sites": _SITES}}, {"$unwind": "$sites"}]
    for key, number in _groups(articles, {"site": "$sites", "day": "$published"}, lean):
        found.setdefault(key["site"], {})[key["day"].date()] = number
    return {site: dict(sorted(found[site].items())) for site in sorted(found)}


def _places(articles: Any) -> tuple[list[Place], int]:
    """Return the places, the most frequent first, and the number of articles without a place."""
    group = {
        "_id": "$dateline.place",
        "number": {"$sum": 1},
        "first": {"$min": "$published"},
        "last": {"$max": "$published"},
    }
    groups = list(articles.aggregate([{"$group": group}]))
    places = [
        Place(g["_id"], g["number"], g["first"].date(), g["last"].date())
        for g in groups
        if g["_id"] is not None
    ]
    without = sum(g["number"] for g in groups if g["_id"] is None)
    return sorted(places, key=lambda place: (-place.articles, place.name)), without


def _delays(articles: Any) -> dict[int, int]:
    difference = {"$divide": [{"$subtract": ["$published", "$dateline.date"]}, 86_400_000]}
    groups = _groups(articles, difference, [{"$match": {"dateline.date": {"$type": "date"}}}])
    return dict(sorted((int(days), number) for days, number in groups))


def _photos(articles: Any) -> PhotoNumbers:
    shown: list[Document] = [{"$match": _WITH_PHOTOS}, {"$unwind": "$photos"}]
    days: Counter[dt.date] = Counter()
    gone = 0
    key = {"day": "$published", "status": "$photos.status"}
    for group, number in _groups(articles, key, shown):
        days[group["day"].date()] += number
        gone += number if group["status"] == "gone" else 0
    return PhotoNumbers(
        dict(sorted(days.items())),
        articles.count_documents(_WITH_PHOTOS),
        len(_groups(articles, "$photos.sha256", shown)),
        gone,
    )


def _events(database: Database[Document]) -> dict[tuple[str, str], int]:
    """Count the events of articles by month and kind. Few articles have events, and bodies are not read."""
    return dict(
        sorted(Counter((f"{event.at:%Y-%m}", event.kind) for event in events(database, _BEGINNING)).items())
    )
