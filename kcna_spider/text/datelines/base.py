"""What a dateline is, and what the grammar of one language must give."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

# A dateline stands at the very start of a text: no grammar looks farther, so that no input takes long.
HEAD = 160


@dataclass(frozen=True, slots=True)
class Dateline:
    """`place`, day and agency that open a report.

    place: in one normal spelling ("Pyongyang", "Mt. Kumgang Resort", "평양").
    date: the calendar day in Pyongyang; None where the day can't exist or the year can't be known.
    agency: "KCNA", "KNS-KCNA", "ACNC", ...; None where the text names none.
    language: ISO 639-1.
    raw: the dateline as it is in the text, with its closing dash.
    end: index in the text behind it and the blanks that follow.
    paragraph: number of the paragraph that holds it, from 0.
    year_stated: the dateline itself names the year (few do), so that `date` depends on no day of publication.
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
    """What a grammar reads: numbers as they are. `month`, `day` or `year` is None where the text names none."""

    place: str
    month: int | None
    day: int | None
    agency: str | None
    end: int
    year: int | None = None


@dataclass(frozen=True)
class Grammar:
    """The datelines of one language.

    read: finds a dateline at the start of a text of at most `HEAD` characters, or gives None.
    starts: what the first visible character must match for `read` to be asked at all.
    end_mark: what closes a report, at the end of its last paragraph.
    """

    language: str
    read: Callable[[str], Found | None]
    starts: re.Pattern[str]
    end_mark: re.Pattern[str]
