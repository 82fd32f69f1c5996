"""Count the report's numbers of articles and photos in the archive file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import groupby
from typing import Any

from kcna_spider.report.numbers import ArticleNumbers, PhotoNumbers, Place
from kcna_spider.search.snapshot import Snapshot

_FACTS = (
    "SELECT count(*), total(revisions), count(withdrawn_at), count(changed_at), "
    "total(published_from = 'capture') FROM articles"
)
_DAYS = (
    "SELECT c.site, a.published, count(DISTINCT a.number) "
    "FROM copies c JOIN articles a ON a.number = c.article GROUP BY 1, 2 ORDER BY 1, 2"
)
_MONTHS = "SELECT substr(published, 1, 7), language, count(*) FROM articles GROUP BY 1, 2"
_PLACES = (
    "SELECT place, count(*), min(published), max(published) FROM articles "
    "GROUP BY place ORDER BY count(*) DESC, place"
)
_DELAYS = (
    "SELECT published, dateline_date, count(*) FROM articles WHERE dateline_date IS NOT NULL GROUP BY 1, 2"
)
_COPIES = "SELECT site, status, count(*) FROM copies GROUP BY 1, 2"
_SITES = "SELECT DISTINCT article, site FROM copies ORDER BY article, site"

_PHOTOS = "SELECT count(DISTINCT article), count(DISTINCT sha256), total(status = 'gone') FROM article_photos"
_PHOTO_DAYS = (
    "SELECT a.published, count(*) FROM article_photos p JOIN articles a ON a.number = p.article "
    "GROUP BY 1 ORDER BY 1"
)


def file_numbers(snapshot: Snapshot) -> ArticleNumbers:
    """Return the numbers that `report.numbers` counts in MongoDB, from an archive file."""
    articles, texts, withdrawn, edited, undated = map(int, next(snapshot.rows(_FACTS)))
    places = list(snapshot.rows(_PLACES))
    return ArticleNumbers(
        articles=articles,
        texts=texts,
        withdrawn=withdrawn,
        edited=edited,
        undated=undated,
        days=_days(snapshot),
        months={(month, language): n for month, language, n in snapshot.rows(_MONTHS)},
        places=[
            Place(name, n, _day(first), _day(last)) for name, n, first, last in places if name is not None
        ],
        without_dateline=sum(n for name, n, *_ in places if name is None),
        delays=_delays(snapshot),
        copies={(site, status): n for site, status, n in snapshot.rows(_COPIES)},
        overlaps=_overlaps(snapshot),
        photos=_photos(snapshot),
    )


def _days(snapshot: Snapshot) -> dict[str, dict[dt.date, int]]:
    found: dict[str, dict[dt.date, int]] = {}
    for site, day, number in snapshot.rows(_DAYS):
        found.setdefault(site, {})[_day(day)] = number
    return found


def _delays(snapshot: Snapshot) -> dict[int, int]:
    found: Counter[int] = Counter()
    for published, of_dateline, number in snapshot.rows(_DELAYS):
        found[(_day(published) - _day(of_dateline)).days] += number
    return dict(sorted(found.items()))


def _overlaps(snapshot: Snapshot) -> dict[tuple[str, ...], int]:
    of_articles = groupby(snapshot.rows(_SITES), key=lambda row: row[0])
    return dict(Counter(tuple(site for _, site in rows) for _, rows in of_articles))


def _photos(snapshot: Snapshot) -> PhotoNumbers:
    days = {_day(day): number for day, number in snapshot.rows(_PHOTO_DAYS)}
    return PhotoNumbers(days, *map(int, next(snapshot.rows(_PHOTOS))))


def _day(text: Any) -> dt.date:
    return dt.date.fromisoformat(text)
