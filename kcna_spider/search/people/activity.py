"""Types for an article that the rules read, and for the activities that they find."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

_FAR = 31  # days between dateline and publication; a date further away is ignored


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of a person in an article.

    name: the canonical spelling. written: the spelling in the text. field: "title" or "body". start, end:
    character positions in that field. korean: whether the name has the form of a Korean name.
    """

    name: str
    written: str
    titles: tuple[str, ...]
    field: str
    start: int
    end: int
    korean: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity that one article reports.

    day_from: the source of the day: "text", "dateline", "published" or "override". evidence: the sentences
    that report the activity. reasons: the phrases that the rules matched.
    """

    principal: str
    companions: tuple[str, ...]
    day: dt.date
    day_from: str
    place: str | None
    kind: str
    confidence: str
    evidence: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """The parts of an article that the rules read. place, dateline: place and date of its dateline."""

    title: str
    body: str
    place: str | None
    dateline: dt.date | None
    published: dt.date
    mentions: Sequence[Mention]

    @property
    def reported(self) -> dt.date:
        """Return the date of the dateline if it is near the publication date, else the publication date."""
        if self.dateline and abs((self.published - self.dateline).days) <= _FAR:
            return self.dateline
        return self.published
