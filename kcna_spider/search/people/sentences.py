"""Split a text into sentences with their positions."""

from __future__ import annotations

import re
from dataclasses import dataclass

_END = re.compile(r"\n+|[.!?](?P<quote>[\"”’')]*)[ ]+(?=[\"“(]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mt|Mts|Dr|Prof|Gen|Col|Lt|Maj|Mr|Mrs|Ms|No|St|vs|Rev|Co|Ltd|no|e\.p|a\.m|p\.m|Secy|Comm|Lieut)"
    r"|\b[A-Z](?:\.[A-Z])*)\.$"
)
# "On Jun. 5" does not end a sentence, "with Kim Chol Jun. He" does.
_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.$")
# A line that ends within a sentence: some texts of 1997 to 2009 have wrapped lines as paragraphs.
_WRAP = re.compile(
    r"\n(?:(?<=[a-z,\d ]\n)|(?<= DPRK\n))\n?"
    r"(?=(?!(?:Present|Invited|Attending|The|It|They|He|She|Among|In|At|On|Also|This|A) )[A-Za-z\d])"
)
_EQUALS = re.compile(r"(?<=[a-z)])=(?= \w)")  # "Kim A, secretary of the committee= Ri B, chairman"
_LONGEST_ABBREVIATION = 12  # characters that are searched for an abbreviation
_LONGEST = 4_000  # characters of a sentence; the longest of some 160,000 has 3,010


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a body. start, end: character positions in the body."""

    start: int
    end: int
    text: str


def unwrapped(body: str) -> str:
    """Return a text with spaces for line ends within a sentence. The positions stay the same.

    Damaged wide spaces (U+FFFD and "@"), as in 2005, become spaces too. Equals signs between the persons of a
    list, as in 1997, become semicolons.
    """
    body = body.replace("\ufffd@", "  ")
    body = _EQUALS.sub(";", body) if "= " in body else body
    return _WRAP.sub(lambda match: " " * len(match[0]), body) if "\n" in body else body


def sentences(body: str) -> list[Sentence]:
    """Return the sentences of a text. An abbreviation does not end one.

    A sentence is cut after 4,000 characters, because the rules compare its persons with each other.
    """
    found, start = [], 0
    for match in _END.finditer(body):
        end = match.start()
        if body[end] != "\n":
            end += 1
            begin = max(0, end - _LONGEST_ABBREVIATION)
            is_month = body[match.end()].isdigit() and _MONTH.search(body, begin, end)
            if is_month or _ABBREVIATION.search(body, begin, end):
                continue
            end = match.end("quote")
        found += _cut(body, start, end)
        start = match.end()
    return found + _cut(body, start, len(body))


def _cut(body: str, start: int, end: int) -> list[Sentence]:
    if body.startswith(" ", start, end):
        start = end - len(body[start:end].lstrip(" "))
    begins = range(start, end, _LONGEST)
    return [Sentence(begin, stop := min(begin + _LONGEST, end), body[begin:stop]) for begin in begins]
