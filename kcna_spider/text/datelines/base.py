"""The data classes of datelines and of the grammar of one language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

# A dateline is at the very start of a text. No grammar reads more characters, which limits its running time.
HEAD = 160
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # for `str.translate`
MOST_WORDS = 3  # of a place in a dateline without agency
# Dashes of all kinds, for character classes
DASHES = r"-\u2010-\u2015\u2212\uff0d\u2500\u2501\u30fc"


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place, date and agency at the start of a report.

    place: in one normal spelling ("Pyongyang", "Mt. Kumgang Resort", "평양").
    date: the calendar day in Pyongyang; None if the date does not exist or the year is unknown.
    agency: "KCNA", "KNS-KCNA", "ACNC", ...; None if the text names none.
    language: ISO 639-1.
    raw: the dateline as it is in the text, with its closing dash.
    end: index in the text after the dateline and the blanks that follow it.
    paragraph: number of the paragraph with the dateline, from 0.
    year_stated: whether the dateline names the year (few do), so that `date` does not depend on the date of
    publication.
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
    """The parts of a dateline as a grammar reads them; `month`, `day` or `year` is None if not named."""

    place: str
    month: int | None
    day: int | None
    agency: str | None
    end: int
    year: int | None = None


@dataclass(frozen=True)
class Grammar:
    """The datelines of one language.

    read: a function that returns the dateline at the start of a text of at most `HEAD` characters, or None.
    starts: a pattern that the start of the text must match; otherwise `read` is not called.
    end_mark: the mark at the end of a report's last paragraph.
    """

    language: str
    read: Callable[[str], Found | None]
    starts: re.Pattern[str]
    end_mark: re.Pattern[str]


def stands_apart(rest: str) -> bool:
    """Return whether a dateline without a closing mark ends its text, or a blank follows it.

    rest: the text after the dateline, with the last character before it.
    """
    return rest[:1].isspace() or not rest[1:2].strip()
