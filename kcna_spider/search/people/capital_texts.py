"""Write texts in capitals in lower case, with capitals for names.

All articles of the first week of March 1997 are in capitals.
"""

from __future__ import annotations

import re
from functools import cache

from kcna_spider.search.people.people_words import words

_FIRST = 400  # first characters of a text in capitals, which have no letter in lower case
_WORD = re.compile(r"[A-Z]+")
_ABBREVIATIONS = frozenset(
    ("CPC", "DPRK", "GFTUK", "KCNA", "KPA", "NDFSK", "SPA", "UN", "WPK", "S", "U", "N", "C", "E", "P")
)
_DAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
_MONTHS = frozenset(
    ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
     "november", "december")
)  # fmt: skip
_ORGANISATIONS = re.compile(
    r"\b(?:workers[’']? party of Korea|korean people[’']s army|(?:central|people[’']s) committee"
    r"|general secretary"
    r"|supreme people[’']s assembly|national defence commission"
    r"|ministry of (?:the )?people[’']s armed forces)\b",
    re.IGNORECASE,
)
_BEGINNING = re.compile(r"(?:^|[.!?:][\"”]?\s+)[a-z]")


def in_mixed_case(text: str) -> str:
    """Return a text of the same length, in lower case with capitals for names if it was in capitals."""
    if not text[:_FIRST].isupper():
        return text
    mixed = _BEGINNING.sub(lambda match: match[0].upper(), _WORD.sub(_mixed, text))
    mixed = _names().sub(lambda match: match[0].title(), mixed)
    return _ORGANISATIONS.sub(lambda match: _title(match[0]), mixed)


def _title(name: str) -> str:
    """Return a name with a capital for each of its words. str.title() writes "Workers'S"."""
    return " ".join(word if word == "of" else word.capitalize() for word in name.split(" "))


def _mixed(match: re.Match[str]) -> str:
    word = match[0]
    if word in _ABBREVIATIONS and not match.string.startswith(("'", "’"), match.start() - 1):
        return word
    return word.capitalize() if word.lower() in _capitalised() else word.lower()


@cache
def _capitalised() -> frozenset[str]:
    """Return the words with a capital, in lower case."""
    names = words("countries") | words("places")
    return _DAYS | _MONTHS | {name.lower() for name in names}


@cache
def _names() -> re.Pattern[str]:
    """Return the pattern of Korean names in lower case, such as "kim jong il"."""
    clear, ambiguous = (
        "|".join(sorted(map(str.lower, names), key=len, reverse=True))
        for names in (words("surnames") - words("ambiguous_surnames"), words("ambiguous_surnames"))
    )
    syllable = (
        "(?:kh|th|ph|ch|kk|[kntmpsjhgdbrlyw])?(?:yo|ya|yu|ye|we|wi|wa|wo|ui|oe|ae|[aeiou])(?:ng|[knlmp])?"
    )
    other = "(?!(?:be|do|go|a|in|on|an|un|am|he|no|so|me|we|to) )"
    return re.compile(
        rf"\b(?:(?:{clear})|(?:{ambiguous})(?= {other})) {syllable} {syllable}\b", re.IGNORECASE
    )
