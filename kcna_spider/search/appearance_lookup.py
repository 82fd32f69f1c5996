"""Query appearances in the archive file. Rows are dictionaries."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from kcna_spider.search.people.people_words import united
from kcna_spider.search.person_ids import person_id
from kcna_spider.search.reader import Reader
from kcna_spider.store.connection.calls import batched

Row = dict[str, Any]
COLUMNS = (
    *("id", "day", "day_from", "person", "place", "kind", "confidence", "companions", "reported"),
    *("urls", "titles", "evidence", "reasons"),
)
_AT_ONCE = 500
_APPEARANCE = (
    "SELECT a.number, a.id, a.day, a.day_from, p.name AS person, p.id AS person_id, a.place, a.kind, "
    "a.confidence, a.reported FROM appearances a JOIN people p ON p.number = a.person"
)
_COMPANIONS = (
    "SELECT c.appearance, q.name FROM appearance_people c JOIN people q ON q.number = c.person "
    "WHERE c.appearance IN ({}) ORDER BY c.appearance, c.position"
)
_ARTICLES = (
    "SELECT r.appearance, a.id, a.title, a.language, a.published, a.url, r.evidence, r.reasons "
    "FROM appearance_articles r JOIN articles a ON a.number = r.article WHERE r.appearance IN ({}) "
    "ORDER BY a.published, a.id"
)


@dataclass(frozen=True, slots=True)
class AppearanceFilter:
    """Conditions on appearances; an empty value is no condition.

    person: a name in any spelling, or an id, of the principal or a companion. since, until: the first and the
    last day.
    """

    person: str = ""
    kind: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def where(self) -> tuple[str, list[Any]]:
        """Return the SQL condition on `appearances a`, and its parameters."""
        conditions, parameters = ["1"], []
        if self.person:
            key = person_id(united(self.person))
            conditions.append(
                "(a.person IN (SELECT number FROM people WHERE id = ?) OR a.number IN (SELECT appearance "
                "FROM appearance_people c JOIN people q ON q.number = c.person WHERE q.id = ?))"
            )
            parameters += [key, key]
        for condition, value in (
            ("a.kind = ?", self.kind),
            ("a.day >= ?", self.since),
            ("a.day <= ?", self.until),
        ):
            if value:
                conditions.append(condition)
                parameters.append(str(value))
        return " AND ".join(conditions), parameters


def count_appearances(reader: Reader, wanted: AppearanceFilter) -> int:
    """Return the number of appearances that match a filter."""
    where, parameters = wanted.where()
    return int(reader.rows(f"SELECT count(*) FROM appearances a WHERE {where}", parameters)[0][0])


def appearances(reader: Reader, wanted: AppearanceFilter, limit: int = -1, skip: int = 0) -> list[Row]:
    """Return appearances, the latest first, with companions and source articles. limit: -1 for no limit."""
    where, parameters = wanted.where()
    found = reader.dicts(
        f"{_APPEARANCE} WHERE {where} ORDER BY a.day DESC, a.id DESC LIMIT ? OFFSET ?",
        [*parameters, limit, skip],
    )
    numbers = [row["number"] for row in found]
    companions = _by_appearance(reader, _COMPANIONS, numbers)
    articles = _by_appearance(reader, _ARTICLES, numbers)
    for row in found:
        number = row.pop("number")
        row["companions"] = [one["name"] for one in companions.get(number, ())]
        row["articles"] = [_article(one) for one in articles.get(number, ())]
    return found


def flat(row: Row) -> Row:
    """Return an appearance as a row of an export, with a list for each field of the source articles."""
    articles = row["articles"]
    return {
        **{name: row[name] for name in COLUMNS if name in row},
        "urls": [article["url"] for article in articles],
        "titles": [article["title"] for article in articles],
        "evidence": list(dict.fromkeys(text for article in articles for text in article["evidence"])),
        "reasons": list(dict.fromkeys(text for article in articles for text in article["reasons"])),
    }


def months(reader: Reader, wanted: AppearanceFilter) -> dict[str, int]:
    """Return the number of appearances in each month, from the first to the last month that has any."""
    where, parameters = wanted.where()
    counted = dict(
        reader.rows(
            f"SELECT substr(a.day, 1, 7), count(*) FROM appearances a WHERE {where} GROUP BY 1 ORDER BY 1",
            parameters,
        )
    )
    if not counted:
        return {}
    first, last = (int(name[:4]) * 12 + int(name[5:]) - 1 for name in (min(counted), max(counted)))
    names = (f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1))
    return {name: counted.get(name, 0) for name in names}


def place_counts(reader: Reader, wanted: AppearanceFilter, limit: int) -> list[Row]:
    """Return the places with the most appearances, with the first and last day."""
    where, parameters = wanted.where()
    return reader.dicts(
        "SELECT a.place, count(*) AS appearances, min(a.day) AS first, max(a.day) AS last FROM appearances a "
        f"WHERE {where} AND a.place IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
        [*parameters, limit],
    )


def companions_matrix(
    reader: Reader, wanted: AppearanceFilter, most: int
) -> tuple[list[str], dict[tuple[str, str], int]]:
    """Return the most frequent companions, and the number of appearances that each pair of them shared.

    most: the maximum number of companions.
    """
    where, parameters = wanted.where()
    together: dict[int, list[str]] = {}
    for number, name in reader.rows(
        "SELECT a.number, q.name FROM appearances a JOIN appearance_people c ON c.appearance = a.number "
        f"JOIN people q ON q.number = c.person WHERE {where}",
        parameters,
    ):
        together.setdefault(number, []).append(name)
    counted = Counter(name for names in together.values() for name in names)
    names = [name for name, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]]
    pairs: Counter[tuple[str, str]] = Counter()
    for present in together.values():
        kept = [name for name in names if name in present]
        pairs.update((one, other) for one in kept for other in kept)
    return names, dict(pairs)


def _article(row: Row) -> Row:
    return {**row, "evidence": json.loads(row["evidence"]), "reasons": json.loads(row["reasons"])}


def _by_appearance(reader: Reader, statement: str, numbers: list[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for some in batched(numbers, _AT_ONCE):
        for row in reader.dicts(statement.format(", ".join("?" * len(some))), some):
            found.setdefault(row.pop("appearance"), []).append(row)
    return found
