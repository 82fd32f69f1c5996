"""Group the reports of one appearance."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

_CONFIDENCES = ("high", "medium", "low")
_ALIKE = 90  # least similarity of two titles, of 100
_NEAREST = 40  # last groups that a report is compared with; a principal has fewer within a day
_NO_PART = re.compile(r"[^a-z0-9 ]|\b(?:the|of)\b")


@dataclass(frozen=True, slots=True)
class Report:
    """An activity of a principal that one article reports.

    key: the sort key; that of its first report is the id of an appearance. position: the index of the
    activity in the article.
    """

    article: int
    key: str
    day: dt.date
    day_from: str
    place: str | None
    kind: str
    confidence: str
    companions: tuple[str, ...]
    language: str = "en"
    title: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Appearance:
    """One event of a principal, with its reports sorted by day and key."""

    reports: tuple[Report, ...]

    @property
    def best(self) -> Report:
        """Return the first of the reports with the highest confidence."""
        return min(self.reports, key=lambda report: _CONFIDENCES.index(report.confidence))

    @property
    def dated(self) -> Report:
        """Return the first report whose day is from its text or an override, else the best report."""
        said = [report for report in self.reports if report.day_from in ("text", "override")]
        return (said or [self.best])[0]

    @property
    def place(self) -> str | None:
        """Return the place of the best report, else of the first report with a place, or None."""
        return next((one.place for one in (self.best, *self.reports) if one.place), None)

    @property
    def companions(self) -> tuple[str, ...]:
        """Return the companions of all reports, each once, those of the longest list first."""
        lists = sorted((report.companions for report in self.reports), key=len, reverse=True)
        return tuple(dict.fromkeys(name for names in lists for name in names))


def grouped(reports: Iterable[Report]) -> list[Appearance]:
    """Group the reports on one principal into appearances."""
    groups: list[list[Report]] = []
    for report in sorted(reports, key=lambda one: (one.day, one.key)):
        near = [group for group in groups[-_NEAREST:] if _takes(group, report)]
        if near:
            near[0].append(report)
        else:
            groups.append([report])
    return [Appearance(tuple(group)) for group in groups]


def _takes(group: list[Report], report: Report) -> bool:
    """Return whether a report belongs to a group. Two activities of one article are two events."""
    return is_same(group[0], report) and all(one.article != report.article for one in group)


def is_same(one: Report, other: Report) -> bool:
    """Return whether two reports are of one event.

    The days may differ by at most one, and must be equal if both texts state the day. Reports in two
    languages must have the same kind, and companions that do not disagree. If both reports have a place, one
    place must contain the other, and the kind or the companions must agree. Otherwise the titles must be
    similar, and the companions must not disagree.
    """
    apart = abs((one.day - other.day).days)
    if apart > 1 or (apart and one.day_from == other.day_from == "text"):
        return False
    companions = _agree(one.companions, other.companions)
    if one.language != other.language:
        return one.kind == other.kind and companions is not False
    if one.place and other.place:
        return contains(one.place, other.place) and (one.kind == other.kind or companions is True)
    return companions is not False and fuzz.token_set_ratio(one.title, other.title) >= _ALIKE


def contains(one: str, other: str) -> bool:
    """Return whether one of two places contains the other. Case, "the", "of" and punctuation are ignored."""
    a, b = (
        " ".join(_NO_PART.sub(" ", text.lower().replace("co-op ", "cooperative ")).split())
        for text in (one, other)
    )
    return bool(a and b) and (f" {a} " in f" {b} " or f" {b} " in f" {a} ")


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool | None:
    """Return whether at least half of the shorter list is in the longer one, or None if a list is empty."""
    if not one or not other:
        return None
    return 2 * len({*one} & {*other}) >= min(len(one), len(other))
