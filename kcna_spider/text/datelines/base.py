"""What a dateline is, and what the grammar of one language must give."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

# A dateline is at the very start of a text: no grammar reads farther, so that no input takes long.
HEAD = 160


@dataclass(frozen=True, slots=True)
class Dateline:
    """`place`, day and agency that open a report.

    place: in one normal spelling ("Pyongyang", "Mt. Kumgang Resort", "평양").
    date: the calendar day in Pyongyang; None where the date does not exist or the year is unknown.
    agency: "KCNA", "KNS-KCNA", "ACNC", ...; None where the text names none.
    language: ISO 639-1.
    raw: the dateline as it is in the text, with its closing dash.
    end: index in the text after it and the blanks that follow.
    paragraph: number of the paragraph that holds it, from 0.
    year_stated: the dateline names the year (few do): `date` does not depend on the date of publication.
    """

    place: str
    date: dt.date | None
    agency: str | None
    language: str
    raw: str
    end: int
    year_stated: bool = False
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a grammar reads. `month`, `day` or `year` is None where the text names none."""

    place: str
    month: int | None
    day: int | None
    agency: str | None
    end: int
    year: int | None = None


@dataclass(frozen=True)
class Grammar:
    """The datelines of one language.

    read: returns the dateline at the start of a text of at most `HEAD` characters, or None.
    starts: what the first visible character must match; otherwise `read` is not called.
    end_mark: what ends a report, at the end of its last paragraph.
    """

    language: str
    read: Callable[[str], Found | None]
    starts: re.Pattern[str]
    end_mark: re.Pattern[str]
