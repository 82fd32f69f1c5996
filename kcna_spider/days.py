"""Days of publication as the sites write them, and KCNA's day of a moment of ours. Pure: no clock."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

# UTC+9, but UTC+8:30 from 15 August 2015 to 4 May 2018: the time zone database knows.
PYONGYANG = ZoneInfo("Asia/Pyongyang")
JUCHE_BEFORE_FIRST_YEAR = 1911  # Juche 1 is 1912
_MONTHS = {name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
_JUCHE = re.compile(r"Juche?\s*(?P<juche>\d{2,3})\.\s*(?P<month>\d{1,2})\.\s*(?P<day>\d{1,2})", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})\)?\s*[.\-/\u5e74\ub144]\s*(?P<month>\d{1,2})\s*[.\-/\u6708\uc6d4]\s*(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})(?!\d)")
_LONG = re.compile(r"(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?\s*[.,]\s*(?P<year>\d{4})")
_FORMS = (_JUCHE, _YEAR_FIRST, _DAY_FIRST, _LONG)


def parse_day(text: str | None) -> dt.date | None:
    """The calendar day in a site's own words, or None.

    >>> parse_day("(Juche113.3.9.)"), parse_day("[2026.7.19.]"), parse_day("11/12/2020"), parse_day("February 16, 2026")
    (datetime.date(2024, 3, 9), datetime.date(2026, 7, 19), datetime.date(2020, 12, 11), datetime.date(2026, 2, 16))
    """
    for form in _FORMS:
        if text and (m := form.search(text)):
            return _date(m.groupdict())
    return None


def _date(parts: dict[str, str]) -> dt.date | None:
    month = _MONTHS.get(parts["month"][:3].lower()) or (int(parts["month"]) if parts["month"].isdecimal() else 0)
    year = int(parts["year"]) if "year" in parts else int(parts["juche"]) + JUCHE_BEFORE_FIRST_YEAR
    try:
        return dt.date(year, month, int(parts["day"]))
    except ValueError:
        return None


def day_in_pyongyang(moment: dt.datetime) -> dt.date:
    """The calendar day in Pyongyang at an aware moment."""
    return moment.astimezone(PYONGYANG).date()
