"""English datelines: "Pyongyang, November 11 (KCNA) --", with the typing errors of thirty years."""

from __future__ import annotations

import re

from kcna_spider.text.datelines.base import DASHES, FULL_WIDTH, MOST_WORDS, Found, Grammar
from kcna_spider.text.dates import stated_year
from kcna_spider.text.months import ENGLISH, month_numbers, nearest_month
from kcna_spider.text.normalize import place_name

_STEMS = month_numbers(ENGLISH)
_LETTERS = r"A-Za-z\u00c0-\u024f"
_PLACE = (
    rf"(?P<place>[{_LETTERS}][{_LETTERS}.'\u2019\-]*"
    rf"(?:[ \u00a0]{{1,3}}[{_LETTERS}(][{_LETTERS}.'\u2019\-)]*){{0,5}}?)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,7}"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?![\d:/])"
# One agency or two in any order, with misprints: KCNA, KNS, KNS-KCNA, KCNA-KNS, "KNS/KCNA", "KNS KCNA",
# "KCNA and KNS".
_AGENCIES = r"[KNSCA]{2,5}\s{0,2}(?:[-\u2010-\u2015/,&]|and\s|\s)\s{0,2}[KNSCA]{3,5}"
_AGENCY = (
    rf"(?P<agency>{_AGENCIES}|KNS[KCNA]{{3,5}}|KNS|[KCNA]{{3,5}})(?:[\s-]{{0,3}}correspondents?|\w{{0,4}})"
)
_DASHES = rf"[{DASHES}?]"
_DASH = rf"(?P<dash>[.,:]?\s?{_DASHES}{{1,4}}(?:\s?{_DASHES}{{1,3}}(?!\s?[0O]))?|:(?=\s))?"
# Full-width brackets of Shift_JIS, read in another encoding, may leave their second byte, "i" or "j".
_OPEN, _CLOSE = r"(?:[(\[{<\uff08]|\ufffdi?)", r"(?:[)\]}>\uff09]|\ufffdj?)"
# A second agency that is not KCNA or KNS, or "special correspondent", up to the closing bracket
_OTHER = r"(?:\s?[-/,& ]\s?[A-Za-z0-9][A-Za-z0-9 ,.]{1,25}(?=\s?[)\]}]))?"
_OF_SPANISH = sorted("ACNC")
_AGAIN = r"(?:\s?\([KNSCA]{3,5}\))?"
_BRACKETED = (
    rf"(?P<open>{_OPEN}{{1,2}})?[\s,]{{0,3}}{_AGENCY}{_OTHER}\s{{0,3}}\.?"
    rf"(?:(?P<close>{_CLOSE}{{1,2}}){_AGAIN})?"
)
_YEAR = (
    r"(?:(?:Juche?\s?(?P<juche>\d{2,3})\s?)?(?:\(?(?P<year>(?:19|20)\d\d)(?!\d)\)?)?"
    r"(?:\s?\(Juche?\s?\d{2,3}\))?"
    r"\s{0,4}[,.;]{0,2}\s{0,4})?"
)
_WEEKDAY = (
    r"(?:(?:(?<=,)|(?<=,\s))(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]?\s{1,3})?"
)
_STOP = r"\s{0,4}[,.;:]{0,2}\s{0,4}"

# The usual form: place, month day (agency) --. Either the month or the agency may be missing.
_REGULAR = re.compile(
    rf"{_PLACE}{_STOP}{_WEEKDAY}(?:(?P<month>{_MONTH})\s{{0,4}}[.,]?\s{{0,4}})?"
    rf"(?P<day>{_DAY}){_STOP}{_YEAR}(?:{_BRACKETED})?\s{{0,4}}{_DASH}",
    re.IGNORECASE,
)
# The month is misprinted, the day precedes it, or there is no day; the agency must then be in brackets.
_IRREGULAR = re.compile(
    rf"(?:[a-z];\s{{0,3}})?{_PLACE}(?:,\s(?P=place))?{_STOP}"
    r"(?:(?P<early>\d{1,2}(?:st|nd|rd|th)?)\s(?:of\s)?)?"
    r"(?P<month>[A-Za-z][A-Za-z0-9]{2,11})[\s.,-]{0,4}"
    rf"(?P<day>{_DAY})?{_STOP}{_YEAR}{_BRACKETED}\s{{0,4}}{_DASH}",
    re.IGNORECASE,
)

_WITHOUT_PLACE = re.compile(
    rf"(?P<month>{_MONTH})\s{{0,4}}(?P<day>{_DAY}){_STOP}{_YEAR}{_BRACKETED}\s{{0,4}}{_DASH}", re.IGNORECASE
)
# The place has a second part: "Washington, D.C., March 9 (KCNA) --".
_WITH_REGION = re.compile(
    rf"{_PLACE},\s(?P<region>[{_LETTERS}][{_LETTERS}.]{{1,15}}(?:\s[{_LETTERS}.]{{1,15}})?),?\s{{1,3}}"
    rf"(?P<month>{_MONTH})\s{{0,4}}(?P<day>{_DAY}){_STOP}{_YEAR}{_BRACKETED}\s{{0,4}}{_DASH}",
    re.IGNORECASE,
)


def read(head: str) -> Found | None:
    """Return the dateline at the start of `head`, or None.

    It must have an agency in brackets, one of which may be missing, or a month, a day and a dash.
    """
    if not head.isascii():
        head = head.translate(FULL_WIDTH)  # of the same length
    m = _REGULAR.match(head)
    if m and (found := _regular(m)):
        return found
    if (bare := _WITHOUT_PLACE.match(head)) and _is_whole(bare):
        return Found(
            "",
            _STEMS[bare["month"][:3].lower()],
            int(re.sub(r"\D", "", bare["day"])),
            _agency(bare["agency"]),
            bare.end(),
            stated_year(bare),
        )
    m = _IRREGULAR.match(head)
    if m and m["open"] and (m["close"] or m["dash"]):
        month = _month_number(m["month"])
        if month and (found := _found(m, month, m["day"] or m["early"])):
            return found
    m = _WITH_REGION.match(head)
    return _regular(m) if m and m["open"] and m["close"] else None


def _is_whole(m: re.Match[str]) -> bool:
    """Return whether a dateline has both brackets and a dash, and its agency is not the Spanish one."""
    return bool(m["open"] and m["close"] and m["dash"]) and sorted(m["agency"].upper()) != _OF_SPANISH


def _regular(m: re.Match[str]) -> Found | None:
    bracketed = m["agency"] and (m["open"] or m["close"])
    if not (m["agency"] or m["month"]):
        return None
    if not bracketed and not (
        m["month"] and _is_long(m["dash"]) and re.search(rf"[,.]\s*{_MONTH}", m[0], re.IGNORECASE)
    ):
        return None
    return _found(m, _STEMS[m["month"][:3].lower()] if m["month"] else None, m["day"])


def _found(m: re.Match[str], month: int | None, day: str | None) -> Found | None:
    place = place_name(m["place"])
    if place and (region := m.groupdict().get("region")):
        # A second part that is no place, and a city that needs none
        place = "" if "Pyongyang" in (place, place_name(region)) else f"{place}, {region}"
    if not place or place.lower() in ENGLISH or (not m["agency"] and place.count(" ") >= MOST_WORDS):
        return None
    if m["agency"] and sorted(m["agency"].upper()) == _OF_SPANISH:
        return None
    year = stated_year(m)
    return Found(
        place, month, int(re.sub(r"\D", "", day)) if day else None, _agency(m["agency"]), m.end(), year
    )


def _is_long(dash: str | None) -> bool:
    stripped = (dash or "").strip()
    return len(stripped) > 1 or stripped in ("\u2013", "\u2014", "\u2015")


def _month_number(word: str) -> int | None:
    """Return the number of a month that is abbreviated or misprinted ("Feb1urary"), or None."""
    if (short := word.lower()) in _STEMS or short == "sept":
        return _STEMS[short[:3]]
    return nearest_month(word, ENGLISH)


def _agency(word: str | None) -> str | None:
    if word is None:
        return None
    if word.upper() == "KNS":
        return "KNS"
    if len(word) <= 5 and word.isalpha():
        return "KCNA"
    return "KCNA-KNS" if word.upper().endswith("S") else "KNS-KCNA"


GRAMMAR = Grammar(
    language="en",
    read=read,
    starts=re.compile(rf"[{_LETTERS}\uff21-\uff3a\uff41-\uff5a]"),
    end_mark=re.compile(r"\s*-\s*0\s*-\s*\Z"),
)
