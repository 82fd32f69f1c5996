"""English datelines: "Pyongyang, November 11 (KCNA) --", with the typing errors of thirty years."""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kcna_spider.text.datelines.base import Case, Found, Grammar
from kcna_spider.text.datelines.places import place_name
from kcna_spider.text.datelines.years import stated_year

_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
_STEMS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
_PLACE = r"(?P<place>[A-Za-z][A-Za-z.'\u2019\-]*(?:[ \u00a0]{1,3}[A-Za-z(][A-Za-z.'\u2019\-)]*){0,5}?)"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,7}"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?![\d:/])"
# One agency or two in any order, with misprints: KCNA, KNS, KNS-KCNA, KCNA-KNS, "KNS/KCNA", "KNS KCNA", "KCNA and KNS".
_AGENCIES = r"[KNSCA]{2,5}\s{0,2}(?:[-\u2010-\u2015/,&]|and\s|\s)\s{0,2}[KNSCA]{3,5}"
_AGENCY = rf"(?P<agency>{_AGENCIES}|KNS[KCNA]{{3,5}}|KNS|[KCNA]{{3,5}})(?:[\s-]{{0,3}}correspondent|\w{{0,4}})"
_DASHES = r"[-\u2013\u2014\u2015\u2212\uff0d?]"
_DASH = rf"(?P<dash>[.,:]?\s?{_DASHES}{{1,4}}(?:\s?{_DASHES}{{1,3}})?|:(?=\s))?"
_OPEN, _CLOSE = r"[(\[{<\uff08\ufffd]", r"[)\]}>\uff09\ufffd]"
_OTHER = r"(?:\s?[-/,&]\s?[A-Za-z]{2,10}(?=\s?[)\]}]))?"  # a second agency that is none of KCNA's
_AGAIN = r"(?:\s?\([KNSCA]{3,5}\))?"
_BRACKETED = rf"(?P<open>{_OPEN}{{1,2}})?[\s,]{{0,3}}{_AGENCY}{_OTHER}\s{{0,3}}\.?(?:(?P<close>{_CLOSE}{{1,2}}){_AGAIN})?"
_YEAR = r"(?:(?:Juche\s?(?P<juche>\d{2,3})\s?)?(?:\(?(?P<year>(?:19|20)\d\d)(?!\d)\)?)?\s{0,4}[,.;]{0,2}\s{0,4})?"
_STOP = r"\s{0,4}[,.;:]{0,2}\s{0,4}"

# As nearly all are written: place, month day (agency) --. The month or the agency may be missing, not both.
_REGULAR = re.compile(
    rf"{_PLACE}{_STOP}(?:(?P<month>{_MONTH})\s{{0,4}}[.,]?\s{{0,4}})?(?P<day>{_DAY}){_STOP}{_YEAR}(?:{_BRACKETED})?\s{{0,4}}{_DASH}", re.IGNORECASE
)
# With a misprint in the month, the day before it, or no day at all: then the agency must stand between its brackets.
_IRREGULAR = re.compile(
    rf"(?:[a-z];\s{{0,3}})?{_PLACE}(?:,\s(?P=place))?{_STOP}(?:(?P<early>\d{{1,2}}(?:st|nd|rd|th)?)\s)?(?P<month>[A-Za-z][A-Za-z0-9]{{2,11}})[\s.,-]{{0,4}}"
    rf"(?P<day>{_DAY})?{_STOP}{_YEAR}{_BRACKETED}\s{{0,4}}{_DASH}",
    re.IGNORECASE,
)

_WITHOUT_PLACE = re.compile(rf"(?P<month>{_MONTH})\s{{0,4}}(?P<day>{_DAY}){_STOP}{_BRACKETED}\s{{0,4}}{_DASH}", re.IGNORECASE)


def read(head: str) -> Found | None:
    """A dateline at the start of `head`: an agency in (half a pair of) brackets, or a month, a day and a dash."""
    m = _REGULAR.match(head)
    if m and (found := _regular(m)):
        return found
    if (bare := _WITHOUT_PLACE.match(head)) and (bare["open"] and bare["close"] and bare["dash"]):
        return Found("", _STEMS[bare["month"][:3].lower()], int(re.sub(r"\D", "", bare["day"])), _agency(bare["agency"]), bare.end())
    m = _IRREGULAR.match(head)
    if not m or not (m["open"] and (m["close"] or m["dash"])):
        return None
    month = _nearest_month(m["month"])
    day = m["day"] or m["early"]
    return _found(m, month, day) if month else None


def _regular(m: re.Match[str]) -> Found | None:
    bracketed = m["agency"] and (m["open"] or m["close"])
    if not (m["agency"] or m["month"]):
        return None
    if not bracketed and not (m["month"] and _is_long(m["dash"]) and re.search(rf"[,.]\s*{_MONTH}", m[0], re.IGNORECASE)):
        return None
    return _found(m, _STEMS[m["month"][:3].lower()] if m["month"] else None, m["day"])


def _found(m: re.Match[str], month: int | None, day: str | None) -> Found | None:
    place = place_name(m["place"])
    if not place or place.lower() in _MONTHS:
        return None
    year = stated_year(m)
    return Found(place, month, int(re.sub(r"\D", "", day)) if day else None, _agency(m["agency"]), m.end(), year)


def _is_long(dash: str | None) -> bool:
    stripped = (dash or "").strip()
    return len(stripped) > 1 or stripped in ("\u2013", "\u2014", "\u2015")


def _nearest_month(word: str) -> int | None:
    """The month that a misprint ("Mmarch", "Feb1urary") stands for, at most two letters off."""
    found = process.extractOne(word.lower(), _MONTHS, scorer=DamerauLevenshtein.distance, score_cutoff=2)
    if found is None or (found[1] and len(word) < 4):
        return None
    return int(found[2]) + 1


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
    starts=re.compile(r"[A-Za-z]"),
    end_mark=re.compile(r"\s*-\s*0\s*-\s*\Z"),
    write=lambda place, month, day: f"{place}, {_MONTHS[month - 1].capitalize()} {day} (KCNA) --",
    agency="KCNA",
    places=("Pyongyang", "Mt. Kumgang Resort", "New Delhi", "Samjiyon", "Ho Chi Minh City"),
    cases=(
        Case("Pyongyang, November 11 (KCNA) -- The might of the movement", "2020-11-11", "Pyongyang", "2020-11-11", "KCNA"),
        Case("PYONGYANG, MARCH 6 (KCNA) -- THE LEADER VISITED", "1997-03-06", "Pyongyang", "1997-03-06", "KCNA"),
        Case("Tokyo, May 17 (KNS-KCNA) -- A lecture meeting", "2000-05-19", "Tokyo", "2000-05-17", "KNS-KCNA"),
        Case("tokyo, May 17 (kns-KCNA) -- A lecture meeting", "2000-05-19", "Tokyo", "2000-05-17", "KNS-KCNA"),
        Case("Tokyo, May 17 (KCNA-KNS) -- A lecture meeting", "2000-05-19", "Tokyo", "2000-05-17", "KCNA-KNS"),
        Case("Tokyo, May 17 (KNS/KCNA) -- A lecture meeting", "2000-05-19", "Tokyo", "2000-05-17", "KNS-KCNA"),
        Case("Tokyo, May 17 (KCNA - KNS) -- A lecture meeting", "2000-05-19", "Tokyo", "2000-05-17", "KCNA-KNS"),
        Case("Pyongyang, November 11, 2020 (KCNA) -- The might", None, "Pyongyang", "2020-11-11", "KCNA"),
        Case("Pyongyang, November 11, 2020 (KCNA) -- The might", "2026-01-01", "Pyongyang", "2020-11-11", "KCNA"),
        Case("Pyongyang, November 11 2020 (KCNA) -- The might", "2020-11-12", "Pyongyang", "2020-11-11", "KCNA"),
        Case("Pyongyang, November 11, Juche 109 (2020) (KCNA) -- The might", "2020-11-12", "Pyongyang", "2020-11-11", "KCNA"),
        Case("Tokyo December 10 (KNS) - We received questions", "1997-12-10", "Tokyo", "1997-12-10", "KNS"),
        Case("Pyongyang, December 31 (KCNA) -- A report meeting", "2011-01-01", "Pyongyang", "2010-12-31", "KCNA"),
        Case("Pyongyang, January 1 (KCNA) -- A speech", "2016-12-31", "Pyongyang", "2017-01-01", "KCNA"),
        Case("Pyongyang, February 29 (KCNA) -- A statement", "2008-03-01", "Pyongyang", "2008-02-29", "KCNA"),
        Case("Pyongyang, February 29 (KCNA) -- A statement", "2007-03-01", "Pyongyang", None, "KCNA"),
        Case("Pyongyang, June 31 (KCNA) -- No calendar has it", "2009-07-01", "Pyongyang", None, "KCNA"),
        Case("Pyongyang, June 8 (KCNA) -- No year", None, "Pyongyang", None, "KCNA"),
        Case("Mt. Kumgang Resort, October 22 (KCNA) -- A reunion", "2015-10-23", "Mt. Kumgang Resort", "2015-10-22", "KCNA"),
        Case("jeju island, September 30 (KCNA) -- Talks", "2000-09-30", "Jeju Island", "2000-09-30", "KCNA"),
        Case("pyongyang,July 9(KCNA) -- A spokesman", "2002-07-09", "Pyongyang", "2002-07-09", "KCNA"),
        Case("Pyongyang, June 14, (KCNA) -- It hailed", "2005-06-15", "Pyongyang", "2005-06-14", "KCNA"),
        Case("Pyongyang, June 8 KCNA) -- The centre", "2004-06-09", "Pyongyang", "2004-06-08", "KCNA"),
        Case("Pyongyang, June 8 (KCNA -- The centre", "2004-06-09", "Pyongyang", "2004-06-08", "KCNA"),
        Case("Pyongyang, November 28 (KNCA) -- In order to", "2005-11-29", "Pyongyang", "2005-11-28", "KCNA"),
        Case("Pyongyang, July 23 -- The chairman", "2005-07-25", "Pyongyang", "2005-07-23", None),
        Case("Pyongyang, 14 (KCNA) -- A delegation", "2013-10-14", "Pyongyang", "2013-10-14", "KCNA"),
        Case("Pyongyang, 30 (KCNA) -- A delegation", "2013-10-02", "Pyongyang", "2013-09-30", "KCNA"),
        Case("yongyang, January 28 (KCNA) -- A committee", "2018-01-28", "Pyongyang", "2018-01-28", "KCNA"),
        Case("Pyongyang, Sept. 5 (KCNA) -- Papers carry", "1998-09-06", "Pyongyang", "1998-09-05", "KCNA"),
        Case("\u00a0\u00a0 Pyongyang, October 5 (KCNA) \u2014 He was presented", "2007-10-06", "Pyongyang", "2007-10-05", "KCNA"),
        Case("Pyongyang, October 5 \ufffdKCNA\ufffd -- He was presented", "2007-10-06", "Pyongyang", "2007-10-05", "KCNA"),
        Case("Seoul, June 22 (KCNA Correspondent) -- Talks opened", "2005-06-22", "Seoul", "2005-06-22", "KCNA"),
        Case("Pyongyang, Feb1urary 8 (KCNA) -- An exhibition", "1997-02-08", "Pyongyang", "1997-02-08", "KCNA"),
        Case("Ppyongyang, Mmarch 26 (KCNA) -- He said", "1997-03-26", "Pyongyang", "1997-03-26", "KCNA"),
        Case("Pyongyang, February 26 (KCNA9 -- Gift plants", "2000-02-26", "Pyongyang", "2000-02-26", "KCNA"),
        Case("Pyongyang, July (KCNA) - We will always remember", "1997-07-09", "Pyongyang", None, "KCNA"),
        Case("Pyongyang, Pyongyang, August 31 (KCNA) -- A party", "2011-08-31", "Pyongyang", "2011-08-31", "KCNA"),
        Case("l; Pyongyang, April 14 (KCNA) -- A photo exhibition", "2005-04-15", "Pyongyang", "2005-04-14", "KCNA"),
        Case("Pyonggang, May 3 (KCNA) -- A county, not the capital", "2005-05-03", "Pyonggang", "2005-05-03", "KCNA"),
        Case("September 10 (KCNA) -- The Institute", "2014-09-11", "", "2014-09-10", "KCNA"),
        Case("Pyongyang, March 9, Juche 113 (KCNA) -- Text", None, "Pyongyang", "2024-03-09", "KCNA"),
        Case("Pyongyang, 9th March, 2024 (KCNA) -- Text", None, "Pyongyang", "2024-03-09", "KCNA"),
        Case("Tokyo, March 9 (KCNA) (KNS) -- Text", "2024-03-10", "Tokyo", "2024-03-09", "KCNA"),
        Case("Beijing, March 9 (KCNA-Xinhua) -- Text", "2024-03-10", "Beijing", "2024-03-09", "KCNA"),
        Case("Pyongyang, March 9 (KCNA): Text", "2024-03-10", "Pyongyang", "2024-03-09", "KCNA"),
        Case("One day in May Juche 106 (2017), he met officials", "2024-01-17", None),
        Case("It was one day in April Juche 50 (1961) when he took part", "2024-04-09", None),
        Case("The Korean Central News Agency (KCNA) released a report on November 3", "2019-11-03", None),
        Case("On November 3 the meeting closed - it had lasted a day", "2019-11-03", None),
        Case("He told KCNA:", "1998-10-10", None),
        Case("May 1", "2002-05-01", None),
        Case("BACK HOME", "2002-04-13", None),
    ),
)
