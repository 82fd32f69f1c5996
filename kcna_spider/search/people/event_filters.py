"""Which sentences are news, and which persons may appear. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from kcna_spider.search.people import event_phrases as phrases
from kcna_spider.search.people.activity import Text
from kcna_spider.search.people.event_days import day_in, is_about_the_past
from kcna_spider.search.people.event_participants import ACTED, COMPANIONS, PRESENT, SPOKE, Found
from kcna_spider.search.people.mentions import Mention
from kcna_spider.search.people.people_words import data

LEAD = 4  # sentences at the beginning that report a leader's activity
_SOUTH = re.compile(r"\b[Ss]outh Korea|\bpuppet|\bSeoul\b|\bChongwadae\b")
_NORTH = re.compile(
    r"\bDPRK\b|\bKPA\b|Korean People's Army|General Secretary|\bnorth(?:ern)? side|\bPyongyang\b|\bWPK\b"
)
_NOT_OFFICE = re.compile(
    r"\bsouth (?:[Kk]orea|side)|\bpuppet|Chongryon|Koreans in|\bin Japan|[Oo]verseas|[Mm]artyr"
    r"|[Hh]eroine|compatriot|Pomminryon"
    r"|traitor|\bworker\b(?![’'])|\bfarmer\b(?![’'])|\bstudent\b|\bresident\b|Hanchongryon"
    r"|Grand National Party|Seoul"
    r"|Confederation of Koreans"
)
# What only a person who was there does: enough without a day or a title.
_STRONG = re.compile(r'"(?:greet|welcom|watch|enjoy|attend|inspect|gave|had|held|saw)')
ELSEWHERE = re.compile(
    r"\b(?:by|of) Koreans (?:in|abroad)|\b[iI]n S(?:\.|outh) Korea\b|\b[iI]n south Korea"
    r"|\bin Seoul\b|Chongryon Official"
)
# Groups whose members hold no office in the DPRK, and delegations of other countries.
_OVERSEAS = re.compile(
    r"Koreans? (?:in|[Rr]esid|[Nn]ational)|[Cc]ompatriot|[Oo]verseas|AINDF|Democratic Front"
    r"|Federation of Koreans"
    r"|Association of Koreans|[Rr]esiding|\bof China\b|Chongryon|\b[Ww]idow|the south side"
)
_FOREIGN_GROUP = re.compile(
    r"\b(?:Cambodian|Chinese|Japanese|American|U\.S\.|Russian|Lao|Vietnamese|[Ss]outh Korean)\b"
)
_TOLD = re.compile(r"\b(?:said|recalled|noted|stressed|hoped|pointed out|praised)\b")
_BESIDE = 80  # characters before a person that may name a group


def is_news(sentence: str, reported: dt.date) -> bool:
    """Return whether a sentence is about the North, and not about the past or the future."""
    if _SOUTH.search(sentence) and not _NORTH.search(sentence):
        return False
    told = _TOLD.split(sentence, maxsplit=1)[0]  # what a speaker tells of the past is no news
    return not is_about_the_past(told, reported) and not phrases.NOT_NEWS.search(told)


def persons_of(text: Text) -> list[Mention]:
    """Return the mentions of persons of the DPRK who may appear."""
    died = {name: dt.date.fromisoformat(day) for name, day in data()["died"].items()}
    elsewhere = set(data()["not_dprk"])
    for mention in text.mentions:
        if any(_NOT_OFFICE.search(title) for title in mention.titles):
            elsewhere.add(mention.name)
    elsewhere -= set(data()["leaders"])
    return [
        m
        for m in text.mentions
        if m.korean and m.name not in elsewhere and died.get(m.name, dt.date.max) >= text.reported
    ]


def counts(found: Found, number: int, is_message: bool, persons: Sequence[Mention], text: Text) -> bool:
    """Return whether what a sentence shows is an activity: not a leader's past one, not a message.

    number: of the sentence in the article. is_message: whether the title says that it is about a message.
    """
    first = found.people[0].name
    if first in data()["leaders"]:
        return _leader_counts(found, number, is_message, text)
    if found.rank == ACTED and _is_of_others(found):
        return False
    is_film = "documentary" in text.title.lower()
    if is_message and not is_film and found.rank != PRESENT and " to" not in found.reason:
        return False
    has_title = any(m.titles for m in persons if m.name == first)
    has_title = has_title or "officials including" in found.sentence.text
    return has_title or found.rank in (PRESENT, COMPANIONS)


def _leader_counts(found: Found, number: int, is_message: bool, text: Text) -> bool:
    """Return whether a leader's act is news: near the beginning, with a day or the leader in the title."""
    first = found.people[0].name
    in_title = any(m.field == "title" and m.name == first for m in text.mentions)
    dated = bool(day_in(found.sentence.text, text.reported))
    if is_message or number >= LEAD * (1 + in_title):
        return False
    if found.rank == SPOKE:
        return in_title and dated
    if found.reason.startswith('"') and found.reason.endswith((' of"', ' by"')):
        return in_title or (dated and number == 0)
    return in_title or dated or bool(_STRONG.match(found.reason))


def _is_of_others(found: Found) -> bool:
    """Return whether a delegation or person is of Koreans overseas or of another country."""
    before = found.sentence.text[: found.people[0].start - found.sentence.start]
    if found.reason.startswith('"led by"'):
        return bool(_OVERSEAS.search(before) or _FOREIGN_GROUP.search(before))
    return bool(_OVERSEAS.search(" ".join(found.people[0].titles) + before[-_BESIDE:]))
