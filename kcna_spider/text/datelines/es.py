"""Spanish datelines: "Pyongyang, 4 de octubre (ACNC) --"; until about 2011 "(ATCC)"."""

from __future__ import annotations

import re

from kcna_spider.text.datelines.base import Found, Grammar
from kcna_spider.text.dates import stated_year
from kcna_spider.text.months import SPANISH, month_numbers
from kcna_spider.text.normalize import place_name

_MONTH_STEMS = month_numbers(SPANISH) | {"set": 9}
_LETTER = r"[A-Za-z\u00c0-\u00ff]"
_PLACE = rf"{_LETTER}[A-Za-z\u00c0-\u00ff.'\-]*(?:[ \u00a0]{{1,3}}{_LETTER}[A-Za-z\u00c0-\u00ff.'\-]*){{0,5}}"
_MONTH = r"(?:ene|feb|mar|abr|may|jun|jul|ago|sept?|set|oct|nov|dic)[a-z]{0,7}"
_DASH = r"[-\u2013\u2014\u2015\u2212\uff0d?]"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}?)\s{{0,4}}[,.;:]{{0,2}}\s{{0,4}}"
    r"(?P<day>\d{1,2}[\u00ba\u00b0o]?|primero|1ro)\.?\s{0,4}(?:de\s{1,4})?"
    rf"(?P<month>{_MONTH})\s{{0,4}}[.,;]{{0,2}}\s{{0,4}}"
    r"(?:(?:del?\s{1,4})?(?:juche\s{0,2}(?P<juche>\d{2,3})\s{0,2})?"
    r"\(?(?P<year>(?:19|20)\d\d)?(?!\d)\)?\s{0,4}[.,;]{0,2}\s{0,4})?"
    r"(?:(?P<open>[(\[{])?\s{0,3}(?:corresponsal\s{1,4}de\s{1,4}(?:la\s{1,4})?)?"
    r"(?P<agency>[ACNT]{3,5})\b(?:\s?[-/,&y]{1,2}\s?[A-Z]{3,8})?\s{0,3}(?P<close>[)\]}])?)?"
    rf"\s{{0,4}}(?P<dash>[.,:]?\s?{_DASH}{{1,4}}(?:\s?{_DASH}{{1,3}})?)?",
    re.IGNORECASE,
)


def read(head: str) -> Found | None:
    """Return the dateline at the start of `head`, or None.

    It must have a day, a month, and an agency in brackets, one of which may be missing, or else a long dash.
    """
    m = _DATELINE.match(head)
    if not m:
        return None
    if not (m["agency"] and (m["open"] or m["close"] or m["dash"])) and (
        m["agency"] or len((m["dash"] or "").strip()) < 2
    ):
        return None
    day = 1 if m["day"].lower().startswith("primero") else int(re.sub(r"\D", "", m["day"]))
    agency = m["agency"] and ("ATCC" if "T" in m["agency"].upper() else "ACNC")
    return Found(
        place_name(m["place"]), _MONTH_STEMS[m["month"][:3].lower()], day, agency, m.end(), stated_year(m)
    )


GRAMMAR = Grammar(
    language="es",
    read=read,
    starts=re.compile(_LETTER),
    end_mark=re.compile(r"\s*-\s*0\s*-\s*\Z"),
)
