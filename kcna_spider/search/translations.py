"""Find an article in the other languages.

KCNA gives the same report of two languages no common id. What tells is the day, the place of the dateline,
and what a translation keeps: numbers and names. What is shown has a reason; all else is not shown.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kcna_spider.search.aliases import name_of
from kcna_spider.search.numbers_and_names import terms_of, weight_of
from kcna_spider.search.reader import Reader

Row = dict[str, Any]
_A_DAY = dt.timedelta(days=1)
_AROUND = 3  # days: articles with the same date in their datelines are published this near to each other
_MOST_TEXTS = 200
_MOST_ROWS = 3_000  # of these days
_LEAST_TEXTS = 50  # with fewer texts, a term is weighted as if there were this number
_ENOUGH = 3.0  # weight of the terms that two articles share
_SHARE = 0.5  # of the weight of all terms of the article that has less
_SHOWN_TERMS = 6
_LATIN = ("en", "es")


@dataclass(frozen=True, slots=True)
class Translation:
    """An article that seems to be the same report. shares: what both have, the rarest first."""

    id: str
    language: str
    title: str
    published: str
    shares: list[str]


def translations(reader: Reader, found: Row) -> list[Translation]:
    """Return the likeliest article of each other language, where one is likely enough.

    found: as `lookup.article` returns it.
    """
    own = _terms(found)
    if sum(map(weight_of, own)) < _ENOUGH:
        return []
    rows = _candidates(reader, found)
    terms = {row["number"]: _terms(row) for row in rows}
    weights = _weights([own, *terms.values()])
    best: dict[str, tuple[float, Row]] = {}
    for row in rows:
        score = _score(own, terms[row["number"]], weights)
        if score > best.get(row["language"], (0.0,))[0]:
            best[row["language"]] = (score, row)
    return [
        Translation(
            row["id"], language, row["title"], row["published"], _named(own & terms[row["number"]], weights)
        )
        for language, (_, row) in sorted(best.items())
    ]


def shared(one: Row, other: Row) -> list[str]:
    """Return what two articles share. Both as `lookup.article` returns them."""
    both = _terms(one) & _terms(other)
    return _named(both, {term: weight_of(term) for term in both})


def _candidates(reader: Reader, found: Row) -> list[Row]:
    """Return the articles of other languages that may be the same report, with their texts; not too many."""
    day = dt.date.fromisoformat(found["published"])
    near = [(day + n * _A_DAY).isoformat() for n in (-_AROUND, _AROUND, -1, 1)]
    rows = reader.dicts(
        "SELECT number, id, language, title, published, place, dateline_date FROM articles "
        "WHERE published BETWEEN ? AND ? AND language != ? "
        "AND (published BETWEEN ? AND ? OR dateline_date = ?) LIMIT ?",
        (*near[:2], found["language"], *near[2:], found["dateline_date"], _MOST_ROWS),
    )
    likely = [row for row in rows if _same_place(found, row) and _same_day(found, row)]
    likely.sort(key=lambda row: (_apart(found["published"], row["published"]), row["number"]))
    likely = likely[:_MOST_TEXTS]
    bodies = dict(
        reader.rows(
            f"SELECT article, body FROM texts WHERE article IN ({', '.join('?' * len(likely))})",
            [row["number"] for row in likely],
        )
    )
    return [{**row, "body": bodies.get(row["number"], "")} for row in likely]


def _same_place(one: Row, other: Row) -> bool:
    """Return whether two datelines may name one place.

    A place that the alias file lacks is compared between languages that write it alike, and is otherwise no
    reason against.
    """
    if not one["place"] or not other["place"]:
        return not one["place"] and not other["place"]
    names = name_of(one["place"]), name_of(other["place"])
    if names[0] or names[1]:
        return names[0] == names[1]
    if one["language"] in _LATIN and other["language"] in _LATIN:
        return bool(one["place"].casefold() == other["place"].casefold())
    return True


def _same_day(one: Row, other: Row) -> bool:
    """Return whether the dates of two datelines are at most a day apart, or one is not known."""
    dates = one["dateline_date"], other["dateline_date"]
    return not all(dates) or _apart(*dates) <= 1


def _apart(one: str, other: str) -> int:
    return abs((dt.date.fromisoformat(one) - dt.date.fromisoformat(other)).days)


def _terms(row: Row) -> frozenset[str]:
    """Return the terms of an article, without the days of its month, which all texts of these days have."""
    days = _days_around(row["published"])
    if row["dateline_date"] and row["dateline_date"] != row["published"]:
        days |= _days_around(row["dateline_date"])
    return terms_of(row["title"], row["body"], row["language"]) - days


@lru_cache(maxsize=64)
def _days_around(day: str) -> frozenset[str]:
    return frozenset(str((dt.date.fromisoformat(day) + n * _A_DAY).day) for n in (-1, 0, 1))


def _weights(every: Iterable[frozenset[str]]) -> dict[str, float]:
    """Return the weight of each term: less, the more of the texts have it."""
    sets = list(every)
    number = Counter(term for one in sets for term in one)
    most = max(len(sets), _LEAST_TEXTS)
    return {term: weight_of(term) * math.log(most / found) / math.log(most) for term, found in number.items()}


def _score(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    """Return the weight of what two articles share, 0 where it is not enough."""
    both = sum(weights[term] for term in one & other)
    least = min(sum(weights[term] for term in terms) for terms in (one, other))
    return both if both >= _ENOUGH and both >= _SHARE * least else 0.0


def _named(terms: Iterable[str], weights: Mapping[str, float]) -> list[str]:
    ranked = sorted(terms, key=lambda term: (-weights[term], term))
    return ranked[:_SHOWN_TERMS]
