"""Spanish datelines: "Pyongyang, 4 de octubre (ACNC) --"; until about 2011 "(ATCC)"."""

from __future__ import annotations

import re

from kcna_spider.text.datelines.base import DASHES, FULL_WIDTH, MOST_WORDS, Found, Grammar
from kcna_spider.text.dates import stated_year
from kcna_spider.text.months import SPANISH, month_numbers, nearest_month
from kcna_spider.text.normalize import place_name

_MONTH_STEMS = month_numbers(SPANISH) | {"set": 9}
_LETTER = r"[A-Za-z\u00c0-\u00ff]"
_PLACE = rf"{_LETTER}[A-Za-z\u00c0-\u00ff.'\-]*(?:[ \u00a0]{{1,3}}{_LETTER}[A-Za-z\u00c0-\u00ff.'\-]*){{0,5}}"
_MONTH = r"(?:ene|feb|mar|abr|may|jun|jul|ago|sept?|set|oct|nov|dic)[a-z]{0,7}"
_MISPRINTED = r"[a-z]{4,12}"
_DASH = rf"[{DASHES}?]"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}?)\s{{0,4}}[,.;:]{{0,2}}\s{{0,4}}"
    r"(?:(?P<day>\d{1,2}\.?[\u00ba\u00b0o]?|primero|1e?ro?)\.?\s{0,4}(?:de\s{1,4})?"
    rf"(?P<month>{_MONTH}|{_MISPRINTED})|(?P<month2>{_MONTH})\s{{1,4}}(?P<day2>\d{{1,2}})(?!\d)"
    r"|(?P<day3>\d{1,2})(?=\s?\())\s{0,4}[.,;]{0,2}\s{0,4}"
    r"(?:(?:del?\s{1,4})?(?:juche\s{0,2}(?P<juche>\d{2,3})\s{0,2})?"
    r"(?:\(?(?P<year>(?:19|20)\d\d)(?!\d)\)?)?\s{0,4}[.,;]{0,2}\s{0,4})?"
    r"(?:(?P<open>[(\[{])?\s{0,3}(?:corresponsal(?:es)?\s{1,4}(?:de\s{1,4}(?:la\s{1,4})?)?)?"
    r"(?:KNS\s?-\s?)?(?P<agency>[ACNKT]{3,5})\b\.?"
    r"(?:\s?[-/,&y ]{1,2}\s?[A-Z]{3,15}(?=\s?[)\]}]))?\s{0,3}(?P<close>[)\]}])?)?"
    rf"\s{{0,4}}(?P<dash>[.,:]?\s?{_DASH}{{1,4}}(?:\s?{_DASH}{{1,3}}(?!\s?[0O]))?|:(?=\s))?",
    re.IGNORECASE,
)


def read(head: str) -> Found | None:
    """Return the dateline at the start of `head`, or None.

    It must have a day, a month, and an agency in brackets, one of which may be missing, or else a long dash.
    """
    if not head.isascii():
        head = head.translate(FULL_WIDTH)  # of the same length
    m = _DATELINE.match(head)
    if not m:
        return None
    day, month = m["day"] or m["day2"] or m["day3"], m["month"] or m["month2"]
    bracketed = bool(m["open"] and m["agency"] and m["close"])
    number = _month_number(month, bracketed=bracketed) if month else None
    place = place_name(m["place"])
    if not place or place.lower() in SPANISH or (number is None and not (m["day3"] and bracketed)):
        return None
    if not m["agency"] and place.count(" ") >= MOST_WORDS:
        return None
    if not (m["agency"] and (m["open"] or m["close"] or m["dash"])) and (
        m["agency"] or len((m["dash"] or "").strip()) < 2
    ):
        return None
    first = 1 if day.lower().startswith("primero") else int(re.sub(r"\D", "", day))
    return Found(place, number, first, _agency(m["agency"]), m.end(), stated_year(m))


def _agency(word: str | None) -> str | None:
    if word is None:
        return None
    letters = word.upper()
    return "KCNA" if "K" in letters else "ATCC" if "T" in letters else "ACNC"


def _month_number(word: str, *, bracketed: bool) -> int | None:
    """Return the number of a month, or None. bracketed: whether its name may have two wrong letters."""
    if re.fullmatch(_MONTH, word, re.IGNORECASE):
        return _MONTH_STEMS[word[:3].lower()]
    return nearest_month(word, SPANISH) if bracketed else None


GRAMMAR = Grammar(
    language="es",
    read=read,
    starts=re.compile(_LETTER),
    end_mark=re.compile(r"\s*-\s*0\s*-\s*\Z"),
)
