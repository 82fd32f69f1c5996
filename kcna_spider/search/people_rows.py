"""Write the persons and activities of articles as rows of the archive file."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kcna_spider.search.people.activity import Activity, Mention, Text
from kcna_spider.search.people.appearance_groups import Report, grouped
from kcna_spider.search.people.appearance_overrides import apply_overrides, overrides
from kcna_spider.search.person_ids import person_id
from kcna_spider.store.model.types import Document

PEOPLE_TABLES = ("mention_positions", "appearance_articles")
# What the rules read: title, body, language, place and date of the dateline, publication date, and URLs.
Source = tuple[str, str, str, str | None, dt.date | None, dt.date, tuple[str, ...]]
People = tuple[list[Mention], list[Activity]]
_REPORT = (
    "r.article, r.position, a.id, r.day, r.day_from, r.place, r.kind, r.confidence, r.companions, "
    "a.language, a.title"
)


def source_of(document: Document) -> Source:
    """Return the parts of a stored article that the rules read."""
    line: Mapping[str, Any] = document["dateline"] or {}
    date = line.get("date")
    day = date.date() if date else None
    urls = tuple(copy["url"] for copy in document["copies"])
    text = (document["title"], document["body"], document["language"])
    return (*text, line.get("place"), day, document["published"].date(), urls)


def people_of(sources: Sequence[Source]) -> list[People]:
    """Return the mentions and the activities of each article."""
    return [_people(*source) for source in sources]


def _people(
    title: str,
    body: str,
    language: str,
    place: str | None,
    date: dt.date | None,
    published: dt.date,
    urls: tuple[str, ...],
) -> People:
    # The rules take a tenth of a second to import, and most commands that read the file do not apply them.
    from kcna_spider.search.people.capital_texts import in_mixed_case
    from kcna_spider.search.people.event_rules import activities_of
    from kcna_spider.search.people.korean_events import korean_activities
    from kcna_spider.search.people.mentions import mentions_of
    from kcna_spider.search.people.sentences import unwrapped

    body = unwrapped(in_mixed_case(body) if language == "en" else body)
    mentions = mentions_of(title, body, language)
    text = Text(title, body, place, date, published, mentions)
    found = korean_activities(text) if language == "ko" else activities_of(text) if mentions else []
    return mentions, apply_overrides(found, urls, overrides())


def _columns(found: Activity) -> tuple[Any, ...]:
    lists = (found.companions, found.evidence, found.reasons)
    return (
        found.day.isoformat(), found.day_from, found.place, found.kind, found.confidence, *map(_json, lists)
    )  # fmt: skip


class PeopleWriter:
    """Writer of persons, mentions and appearances, on the connection of the writer of the archive file.

    numbers: row numbers of persons by name. wordings: row numbers by person, spelling and titles. later: row
    numbers of the principals whose appearances must be grouped again.
    """

    def __init__(self, base: sqlite3.Connection) -> None:
        self.base = base
        self.numbers: dict[str, int] = {}
        self.wordings: dict[tuple[int, str, str], int] = {}
        self.later: set[int] = set()

    def load(self) -> None:
        """Read the row numbers of the persons and wordings in the file."""
        self.numbers = dict(self.base.execute("SELECT name, number FROM people"))
        found = self.base.execute("SELECT person, written, titles, number FROM wordings")
        self.wordings = {(person, written, titles): number for person, written, titles, number in found}

    def removing(self, numbers: Iterable[int]) -> None:
        """Mark the principals of articles whose rows are about to be removed, for `group`.

        numbers: row numbers of the articles.
        """
        for number in numbers:
            found = self.base.execute("SELECT person FROM appearance_articles WHERE article = ?", (number,))
            self.later.update(person for (person,) in found)

    def insert(self, numbers: Sequence[int], people: Sequence[People]) -> None:
        """Write the mentions and activities of articles. numbers: row numbers of the articles."""
        mentions, activities = [], []
        for number, (found, reported) in zip(numbers, people, strict=True):
            mentions += [(number, m.field == "title", m.start, self._wording(m)) for m in found]
            for position, activity in enumerate(reported):
                person = self._number(activity.principal)
                self.later.add(person)
                activities.append((number, position, None, person, *_columns(activity)))
        self.base.executemany(f"INSERT INTO mention_positions VALUES ({', '.join('?' * 4)})", mentions)
        self.base.executemany(f"INSERT INTO appearance_articles VALUES ({', '.join('?' * 12)})", activities)

    def group(self) -> None:
        """Group the reports on each marked principal into appearances again."""
        # First those of all principals: an edited article may report the same event of another principal.
        for person in self.later:
            old = "SELECT number FROM appearances WHERE person = ?"
            self.base.execute(f"DELETE FROM appearance_people WHERE appearance IN ({old})", (person,))
            self.base.execute("DELETE FROM appearances WHERE person = ?", (person,))
        for person in sorted(self.later):
            self._group(person)
        self.later.clear()

    def _group(self, person: int) -> None:
        rows = self.base.execute(
            f"SELECT {_REPORT}, a.published FROM appearance_articles r "
            "JOIN articles a ON a.number = r.article WHERE r.person = ?",
            (person,),
        ).fetchall()
        published = {row[0]: row[-1] for row in rows}
        reports = [_report(row[:-1]) for row in rows]
        for one in grouped(reports):
            best, dated = one.best, one.dated
            first = min(published[report.article] for report in one.reports)
            row = (one.reports[0].key, person, dated.day.isoformat(), dated.day_from, one.place, best.kind)
            number = self.base.execute(
                "INSERT INTO appearances (id, person, day, day_from, place, kind, confidence, reported) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, best.confidence, first),
            ).lastrowid
            self.base.executemany(
                "INSERT INTO appearance_people VALUES (?, ?, ?)",
                [(number, position, self._number(name)) for position, name in enumerate(one.companions)],
            )
            self.base.executemany(
                "UPDATE appearance_articles SET appearance = ? WHERE article = ? AND position = ?",
                [(number, report.article, report.position) for report in one.reports],
            )

    def _wording(self, mention: Mention) -> int:
        row = (self._number(mention.name), mention.written, _json(mention.titles))
        number = self.wordings.get(row)
        if number is None:
            statement = "INSERT INTO wordings (person, written, titles) VALUES (?, ?, ?)"
            number = self.wordings[row] = int(self.base.execute(statement, row).lastrowid or 0)
        return number

    def _number(self, name: str) -> int:
        number = self.numbers.get(name)
        if number is None:
            number = self._insert(name)
        return number

    def _insert(self, name: str) -> int:
        number = self.base.execute(
            "INSERT INTO people (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET id = excluded.id "
            "RETURNING number",
            (person_id(name), name),
        ).fetchone()[0]
        self.numbers[name] = number
        return int(number)


def _report(row: Sequence[Any]) -> Report:
    article, position, key, day, day_from, place, kind, sure, names, language, title = row
    return Report(
        article, f"{key}-{position + 1}" if position else key, dt.date.fromisoformat(day), day_from, place,
        kind, sure, _tuple(names), language, title, position,
    )  # fmt: skip


def _json(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _tuple(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
