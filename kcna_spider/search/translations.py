"""Find an article in the other languages.

KCNA gives the same report in two languages no common id. Articles are matched by day, by the place of the
dateline, and by the numbers and names that a translation keeps. A match is returned only with the terms that
both articles share.
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
_AROUND = 3  # days between the publication of articles with the same dateline date
_MOST_TEXTS = 200  # candidates whose texts are compared
_MOST_ROWS = 3_000  # articles that are read to find candidates
_LEAST_TEXTS = 50  # with fewer texts, terms are weighted as if there were this number
_ENOUGH = 3.0  # least weight of the shared terms
_SHARE = 0.5  # least share of the weight of all terms, for the article whose terms weigh less
_SHOWN_TERMS = 6
_LATIN = ("en", "es")


@dataclass(frozen=True, slots=True)
class Translation:
    """An article that seems to be the same report. shares: the shared terms, the highest weight first."""

    id: str
    language: str
    title: str
    published: str
    shares: list[str]


def translations(reader: Reader, found: Row) -> list[Translation]:
    """Return the best match in each other language, if it shares enough terms.

    found: an article as `lookup.article` returns it.
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
    """Return the terms that two articles share. Pass articles as `lookup.article` returns them."""
    both = _terms(one) & _terms(other)
    return _named(both, {term: weight_of(term) for term in both})


def _candidates(reader: Reader, found: Row) -> list[Row]:
    """Return articles of other languages that may be the same report, with their bodies.

    At most _MOST_TEXTS are returned, those with the nearest publication dates.
    """
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

    Places that the alias file lacks are compared by their spelling if both languages have Latin letters;
    otherwise they may be the same. A dateline without a place agrees only with another one without a place.
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
    """Return whether the dates of two datelines are at most one day apart, or one of them is unknown."""
    dates = one["dateline_date"], other["dateline_date"]
    return not all(dates) or _apart(*dates) <= 1


def _apart(one: str, other: str) -> int:
    return abs((dt.date.fromisoformat(one) - dt.date.fromisoformat(other)).days)


def _terms(row: Row) -> frozenset[str]:
    """Return the terms of an article without the days of its dates, which all texts of these days contain."""
    days = _days_around(row["published"])
    if row["dateline_date"] and row["dateline_date"] != row["published"]:
        days |= _days_around(row["dateline_date"])
    return terms_of(row["title"], row["body"], row["language"]) - days


@lru_cache(maxsize=64)
def _days_around(day: str) -> frozenset[str]:
    return frozenset(str((dt.date.fromisoformat(day) + n * _A_DAY).day) for n in (-1, 0, 1))


def _weights(every: Iterable[frozenset[str]]) -> dict[str, float]:
    """Return the weight of each term; a term in more texts weighs less."""
    sets = list(every)
    number = Counter(term for one in sets for term in one)
    most = max(len(sets), _LEAST_TEXTS)
    return {term: weight_of(term) * math.log(most / found) / math.log(most) for term, found in number.items()}


def _score(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    """Return the weight of the terms that two articles share, or 0 if it is too low."""
    both = sum(weights[term] for term in one & other)
    least = min(sum(weights[term] for term in terms) for terms in (one, other))
    return both if both >= _ENOUGH and both >= _SHARE * least else 0.0


def _named(terms: Iterable[str], weights: Mapping[str, float]) -> list[str]:
    ranked = sorted(terms, key=lambda term: (-weights[term], term))
    return ranked[:_SHOWN_TERMS]
