"""What the rules read of an article, and what they find in it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

_FAR = 31  # days between dateline and publication from which the dateline is not believed


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention. name: the united spelling. written: as the text has it. field: title or body.

    start, end: positions in that field.
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
    """What one article reports. day_from: text, dateline or published. reasons: the rules that found it."""

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
    """What the rules read of an article. place, dateline: of its dateline."""

    title: str
    body: str
    place: str | None
    dateline: dt.date | None
    published: dt.date
    mentions: Sequence[Mention]

    @property
    def reported(self) -> dt.date:
        """Return the day of the dateline where it is near the publication, else the publication."""
        if self.dateline and abs((self.published - self.dateline).days) <= _FAR:
            return self.dateline
        return self.published
