"""Find the day of an activity in the words of a sentence."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = re.compile(
    r"\b(?P<on>on |from |dated |(?:morning|afternoon|evening|night) of )?(?<![Tt]he )(?P<month>January"
    r"|February|March|April|May|June|July|August"
    r"|September|October|November"
    r"|December|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?"
    r"|Dec\.?) (?P<day>[0-3]?\d)(?![\da-z])"
    r"(?!,? ?(?:Spring|Hostel|Hotel|Stadium|House|Factory|Sports|Square|movement|Struggle|joint"
    r"|Joint|North-South"
    r"|Summit|Locomotive|\d{4}))",
)
_WEEKDAY = re.compile(r"(?<!last )\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b(?! [A-Z])")
_RELATIVE = re.compile(
    r"\b(?P<word>today|yesterday|this morning|this afternoon|this evening|tonight|last evening|last night)\b"
)
_OCCASION = re.compile(
    r"(?:anniversary|birthday|occasion|founding|day of|Day|marking|mark|since|until|till|by|before"
    r"|after|dated|resolution"
    r"|from|celebration|holiday|statement|speech|issued|published|named|called)[^,.]{0,30}$"
)
# The date of such a clause is not the day of the activity: "The festival which opened on April 13 closed
# Friday".
_BEGAN = re.compile(
    r"\b(?:(?:which|that) (?:was |were )?|It was )(?:opened|open|began|started|kicked off"
    r"|concluded)[^,.]{0,20}$"
)
# The same if a verb such as "closed" follows: "The festival, opened on February 15, closed Tuesday".
_OPENED, _CLOSED = re.compile(r", opened[^,.]{0,20}$"), re.compile(r"\b(?:closed|concluded|ended)\b")
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?<!\w\d\d\d\d)(?<![Uu]nit \d\d\d\d)(?<![Nn]o\. \d\d\d\d)\b")
_LONG_AGO = re.compile(
    r"\b(?:years|months|decades|weeks) (?:ago|back)\b|\bone day\b|\bat that time\b"
    r"|^[^,]{0,60}\b(?:last (?:year|month|spring|summer|autumn|winter)|(?:time|months) ago)\b",
    re.IGNORECASE,
)
# "Premier Ri Ho visited Laos in March" is about the past unless the report is of March, or of the first three
# weeks of April.
_IN_MONTH = re.compile(
    r" in (?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b(?! \d)"
)
_VISITED = re.compile(r"\b(?:visited|inspected|toured|met) (?!in\b)[^,;]{1,60}$")
_LONGEST_AGO = 21  # days between an activity and its report; an earlier date is that of another event
_WEEK = 7


def day_in(text: str, reported: dt.date) -> dt.date | None:
    """Return the date that a sentence states for the event it reports, or None.

    reported: the date of the dateline, or of the publication.
    """
    found = [
        *(
            (match.start(), day)
            for match in _DAY.finditer(text)
            if (day := _calendar_day(match, text, reported))
        ),
        *((match.start(), _last(match["weekday"], reported)) for match in _WEEKDAY.finditer(text)),
        *((match.start(), _relative(match["word"], reported)) for match in _RELATIVE.finditer(text)),
    ]
    return min(found)[1] if found else None


def is_about_the_past(text: str, reported: dt.date) -> bool:
    """Return whether a sentence names an earlier year than the report, or a time long before it.

    In a report of January, the year before does not count as earlier.
    """
    first = reported.year - (reported.month == 1)
    if any(int(year) < first for year in _YEAR.findall(text)) or _LONG_AGO.search(text):
        return True
    month = _IN_MONTH.search(text)
    if not month or not _VISITED.search(text, 0, month.start()):
        return False
    now = (reported, reported - dt.timedelta(days=_LONGEST_AGO))
    return _MONTHS.index(month["month"][:3].lower()) + 1 not in [day.month for day in now]


def _calendar_day(match: re.Match[str], text: str, reported: dt.date) -> dt.date | None:
    before = text[: match.start()]
    if _BEGAN.search(before) or (_OPENED.search(before) and _CLOSED.search(text, match.end())):
        return None
    if not match["on"] and _OCCASION.search(before):
        return None
    return month_day(_MONTHS.index(match["month"][:3].lower()) + 1, int(match["day"]), reported)


def month_day(month: int, day: int, reported: dt.date) -> dt.date | None:
    """Return the date of a month and a day that a report names without a year, or None.

    The date must be at most 21 days before the report, or one day after it.
    """
    days = []
    for year in (reported.year, reported.year - 1):
        with suppress(ValueError):  # 30 February does not exist.
            days.append(dt.date(year, month, day))
    return next((one for one in days if -1 <= (reported - one).days <= _LONGEST_AGO), None)


def _last(weekday: str, reported: dt.date) -> dt.date:
    """Return the last date with a weekday, up to and including the date of the report."""
    number = _WEEKDAYS.index(weekday.lower())
    return reported - dt.timedelta(days=(reported.weekday() - number) % _WEEK)


def _relative(word: str, reported: dt.date) -> dt.date:
    return reported - dt.timedelta(days=word in ("yesterday", "last evening", "last night"))
