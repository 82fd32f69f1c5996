"""Find further activities of a person whom a sentence does not name: "That day he also met". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kcna_spider.search.people.activity import Activity, Text
from kcna_spider.search.people.event_days import day_in
from kcna_spider.search.people.event_filters import is_news
from kcna_spider.search.people.event_kinds import kind_of
from kcna_spider.search.people.event_places import place_of
from kcna_spider.search.people.found import Found
from kcna_spider.search.people.sentences import Sentence

_OFFICE = (
    r"(?P<office>delegation|(?:[Vv]ice[- ])?(?:[Aa]mbassador|[Mm]inister|[Pp]remier|[Cc]hairman"
    r"|[Pp]resident))\b"
)
# Beginnings and parts of sentences on another activity.
_CUES = ("Meanwhile", "Earlier", "The same day", "That day", "On that day")
_SAME_DAY = "n the same day"
_ACTS = (
    r"(?:met|received|visited|paid|laid|called on|conversed|had (?:an? )?(?:\w+ )?talks?"
    r"|watched|enjoyed|attended)\b"
)
# "On the same day the DPRK vice-minister met the envoy"
_SUBJECT = re.compile(
    rf"^(?:[^,.]{{0,30}},? )?(?:[Hh]e|[Ss]he|(?P<they>[Tt]hey)|(?P<name>[A-Z][a-z]+)|[Tt]he (?:DPRK "
    rf"|Korean )?{_OFFICE})"
    rf",? (?:too,? |also )?{_ACTS}"
)
# "The president of Laos met the delegation on the same day"
_OBJECT = re.compile(
    r"\b(?:met|received|conversed|had (?:an? )?(?:\w+ )?(?:talks?|conversation)) (?:with )?"
    rf"the (?:DPRK |Korean |visiting )?{_OFFICE}"
)


def with_references(
    text: Text, activity: Activity, found: Found, later: Sequence[Sentence]
) -> list[Activity]:
    """Return an activity, and one for each sentence that reports another one of the principal.

    found: the finding that decided the activity. later: sentences after that of the finding without a finding
    of their own.
    """
    activities = [activity]
    offices = [*found.people[0].titles, "delegation" if "led by" in found.reason else ""]
    named = " ".join(offices).lower()
    is_group, surname = "led by" in found.reason, activity.principal.partition(" ")[0]
    for sentence in later:
        if not (sentence.text.startswith(_CUES) or _SAME_DAY in sentence.text):
            continue
        if not is_news(sentence.text, text.reported):
            continue
        subject = _SUBJECT.match(sentence.text)
        if subject and (subject["name"] not in (None, surname) or (subject["they"] and not is_group)):
            subject = None
        match = subject or _OBJECT.search(sentence.text)
        if not match or (match["office"] or "").lower() not in named:
            continue
        place = place_of(sentence.text, text.place, frozenset(m.written for m in text.mentions))
        day = day_in(sentence.text, text.reported)
        activities.append(
            replace(
                activity,
                companions=(),
                day=day or activity.day,
                day_from="text" if day else activity.day_from,
                place=place[0] if place else None,
                kind=kind_of("", [], sentence.text),
                evidence=(sentence.text,),
                reasons=(f'"{match[0]}"',),
            )
        )
    return activities
