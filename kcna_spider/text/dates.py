"""Parse the dates of sites and datelines; make timestamps as MongoDB stores them (UTC, milliseconds)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache
from typing import overload
from zoneinfo import ZoneInfo

from kcna_spider.text.months import ENGLISH, RUSSIAN, SPANISH, month_numbers
from kcna_spider.text.normalize import clean

# UTC+9, but UTC+8:30 from 15 August 2015 to 4 May 2018.
PYONGYANG = ZoneInfo("Asia/Pyongyang")
JUCHE_BEFORE_FIRST_YEAR = 1911  # Juche 1 is 1912
# The first three letters of a month's name (English, Spanish, Russian) -> its number.
_MONTHS = month_numbers(ENGLISH, SPANISH, RUSSIAN) | {"set": 9, "май": 5}
_SETTLED = dt.timedelta(days=7)
_LETTER = r"[^\W\d_]"
_MONTH = rf"(?P<month>{_LETTER}{{3,12}})"
_JUCHE_WORDS = r"(?:de\s+la\s+era\s+juche|года\s+чучхе)"
# A year as sites write it: 2024, Juche 113 (2024), 113 (2024), 113 de la era Juche (2024).
_YEAR = rf"(?:(?:juche|чучхе)\s*)?(?:\d{{2,3}}\s*(?:{_JUCHE_WORDS}\s*)?)?\(?(?P<year>\d{{4}})(?!\d)\)?"
# The word before a Juche year is in the page's language (Juche, 주체, 主体, чучхе), so any letter or bracket
# before the number is accepted. No site states a year before Juche 30 (1941).
_JUCHE = re.compile(
    rf"(?:{_LETTER}|[(\[])\s*(?P<juche>[3-9]\d|1\d\d)\s*(?P<sep>[.\-/년年])\s*"
    r"(?P<month>\d{1,2})\s*[.\-/월月]\s*(?P<day>\d{1,2})(?!\d)"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})\)?\s*[.\-/年년]\s*(?P<month>\d{1,2})\s*[.\-/月월]\s*(?P<day>\d{1,2})(?!\d)"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s*(?P<sep>[./\-])\s*(?P<month>\d{1,2})\s*(?P=sep)\s*(?P<year>\d{4})(?!\d)"
)
_DAY_MONTH = re.compile(
    r"(?<!\d)(?P<day>\d{1,2}|primero)(?:st|nd|rd|th|e?ro?|\.?[o°]|\.|-?(?:го|ое|е))?[\s\-/]*(?:de\s+|of\s+)?"
    rf"{_MONTH}\.?"
    rf"[\s,\-/]*(?:del?\s+)?{_YEAR}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_MONTH}\.?\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[.,]\s*|\s+){_YEAR}", re.IGNORECASE
)
_YEAR_MONTH = re.compile(
    rf"{_YEAR}[\s,]*(?:г\.?|года)?[\s,]*{_MONTH}\.?\s+(?P<day>\d{{1,2}})(?!\d)", re.IGNORECASE
)
_YEAR_DAY_MONTH = re.compile(
    rf"{_YEAR}[\s,]*(?:г\.?|года)?[\s,]*(?P<day>\d{{1,2}})\s+(?:de\s+)?{_MONTH}", re.IGNORECASE
)
_JUCHE_LAST = re.compile(
    rf"(?:{_MONTH}\.?\s*(?P<day>\d{{1,2}})|(?P<day2>\d{{1,2}})\s+(?:de\s+)?(?P<month2>{_LETTER}{{3,12}}))"
    r"[\s,]*(?:del?\s+)?juche\s*(?P<juche>\d{2,3})",
    re.IGNORECASE,
)
_JUCHE_RUSSIAN = re.compile(
    rf"(?P<day>\d{{1,2}})(?:-?го)?\s+{_MONTH}\s+(?P<juche>\d{{2,3}})\s*(?:г\.?|года)\s+чучхе", re.IGNORECASE
)
_FORMS = (
    _YEAR_FIRST,
    _JUCHE,
    _DAY_FIRST,
    _DAY_MONTH,
    _MONTH_FIRST,
    _YEAR_MONTH,
    _YEAR_DAY_MONTH,
    _JUCHE_LAST,
    _JUCHE_RUSSIAN,
)

# Days. A date farther than half a year from the publication is wrong, such as 29 February of a common year.
_FARTHEST = 183
# Days. A dateline without a month is at most this much older, or newer, than its publication.
_OLDEST, _NEWEST = 10, 3


def parse_day(text: str | None) -> dt.date | None:
    """Return the calendar day that a site states, in any of its languages, or None.

    >>> parse_day("(Juche113.3.9.)"), parse_day("11/12/2020"), parse_day("16 de febrero de 2026")
    (datetime.date(2024, 3, 9), datetime.date(2020, 12, 11), datetime.date(2026, 2, 16))
    """
    return _parsed(text) if text else None


@lru_cache(maxsize=4096)  # the date of a listing entry is parsed several times
def _parsed(text: str) -> dt.date | None:
    text = unicodedata.normalize("NFKC", clean(text))  # full-width digits and brackets; "1º" is "1o"
    for form in _FORMS:
        for m in form.finditer(text):
            parts = {
                name.removesuffix("2"): value for name, value in m.groupdict().items() if value is not None
            }
            if (number := _month_number(parts["month"])) is not None:
                return _date(parts, number)
    return None


def _month_number(word: str) -> int | None:
    """Return the number of a month given in digits or by its name, or None for another word."""
    return int(word) if word.isdecimal() else _MONTHS.get(word[:3].lower())


def _date(parts: dict[str, str], month: int) -> dt.date | None:
    year = int(parts["year"]) if "year" in parts else int(parts["juche"]) + JUCHE_BEFORE_FIRST_YEAR
    day = 1 if parts["day"].lower() == "primero" else int(parts["day"])
    return date_or_none(year, month, day)


def date_or_none(year: int, month: int, day: int) -> dt.date | None:
    """Return the date, or None if there is no such date."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def in_range(day: dt.date | None, first: dt.date | None, last: dt.date | None) -> bool:
    """Return whether a date is within two inclusive bounds; a bound of None is open, a date of None fits."""
    return day is None or ((first is None or day >= first) and (last is None or day <= last))


def day_in_pyongyang(timestamp: dt.datetime) -> dt.date:
    """Return the date in Pyongyang at an aware timestamp."""
    return timestamp.astimezone(PYONGYANG).date()


def full_date(
    month: int | None, day: int | None, published: dt.date | None, year: int | None = None
) -> dt.date | None:
    """Return the date of a dateline, or None if it does not exist or its year is unknown.

    published: the date of publication; without `year`, the nearest date to it is returned. year: the year
    that the dateline names, if any.
    """
    if year is not None and month is not None and day is not None:
        return date_or_none(year, month, day)
    if published is None or day is None:
        return None
    if month is None:
        return _nearest_day(day, published)
    found = [
        date
        for year in (published.year, published.year - 1, published.year + 1)
        if (date := date_or_none(year, month, day))
    ]
    nearest = min(found, key=lambda date: abs((published - date).days), default=None)
    if nearest is None or abs((published - nearest).days) > _FARTHEST:
        return None
    return nearest


def _nearest_day(day: int, published: dt.date) -> dt.date | None:
    for back in sorted(range(-_NEWEST, _OLDEST + 1), key=abs):
        try:
            date = published - dt.timedelta(days=back)
        except OverflowError:
            continue
        if date.day == day:
            return date
    return None


def stated_year(m: re.Match[str]) -> int | None:
    """Return the year that a dateline names, in group `year` or as a Juche year in `juche`, or None."""
    if m["year"]:
        return int(m["year"])
    return int(m["juche"]) + JUCHE_BEFORE_FIRST_YEAR if m["juche"] else None


def is_settled(day: dt.date, at: dt.datetime) -> bool:
    """Return whether no more articles of a day were added at a timestamp: a week after the day."""
    return day <= day_in_pyongyang(at) - _SETTLED


def utc_now() -> dt.datetime:
    """Return the current time, in UTC and whole milliseconds."""
    return to_milliseconds(dt.datetime.now(dt.UTC))


def to_milliseconds(timestamp: dt.datetime) -> dt.datetime:
    """Return a timestamp truncated to whole milliseconds, the precision of MongoDB."""
    return timestamp.replace(microsecond=timestamp.microsecond // 1000 * 1000)


@overload
def midnight(day: dt.date) -> dt.datetime: ...
@overload
def midnight(day: None) -> None: ...
def midnight(day: dt.date | None) -> dt.datetime | None:
    """Return a date as it is stored in MongoDB, as 00:00 UTC of that day; None for None."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) if day else None


def iso_time(timestamp: dt.datetime, precision: str = "seconds") -> str:
    """Return a timestamp as ISO 8601 in UTC with Z. precision: seconds or milliseconds, as in MongoDB."""
    return timestamp.astimezone(dt.UTC).isoformat(timespec=precision).replace("+00:00", "Z")
