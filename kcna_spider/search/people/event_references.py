"""Find further activities of a person whom a sentence does not name: "That day he also met"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kcna_spider.search.people import act_phrases
from kcna_spider.search.people import event_phrases as phrases
from kcna_spider.search.people.activity import Activity, Text
from kcna_spider.search.people.event_days import day_in
from kcna_spider.search.people.event_filters import is_news
from kcna_spider.search.people.event_places import place_of
from kcna_spider.search.people.found import PRESENT, Found
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentence_kinds import kind_of
from kcna_spider.search.people.sentences import Sentence

_OFFICE = (
    r"(?P<office>delegation|group|team|troupe|special envoy"
    r"|(?:[Vv]ice[- ])?(?:[Ff]oreign )?(?:[Vv]ice[- ])?"
    r"(?:[Aa]mbassador|[Mm]inister|[Pp]remier|[Cc]hairman|[Pp]resident))\b"
)
# Beginnings and parts of sentences on another activity.
_CUES = (
    "Meanwhile", "Earlier", "The same day", "That day", "On that day", "Next day", "The next day",
    "This evening", "In the evening",
)  # fmt: skip
_SAME_DAY = re.compile(r"n (?:the same|that) day")
_ACTS = (
    r"(?P<act>met|received|visited|paid|laid|placed|called on|conversed|had (?:an? )?(?:\w+ )?talks?"
    r"|watched|enjoyed|attended|(?:gave|hosted|arranged) (?:an? )?(?:\w+ )?(?:reception|banquet|luncheon"
    r"|dinner)"
    r"(?! (?:for|in hono[u]?r of) (?:them|him|her|the (?:guests?|delegation|party|visitors))\b)"
    r"|convened|left|arrived|posed for|had (?:an? )?photo)\b"
)
# "On the same day the DPRK vice-minister met the envoy"
_SUBJECT = re.compile(
    r"^(?:(?:Also \w+day|Meanwhile(?:, that day)?|(?:On )?(?:[Tt]he same|[Tt]hat|(?:[Tt]he )?[Nn]ext) day"
    r"|Earlier(?: that day)?"
    r"|This evening|In the evening|On (?:[A-Z]\w+\.? \d+|\w+day)),? "
    r"|Earlier, on \w+\.? \d+,? )?"
    rf"(?:(?P<pronoun>[Hh]e|[Ss]he)|(?P<they>[Tt]hey|[Ii]t)|(?P<name>[A-Z][a-z]+)|[Tt]he (?:DPRK "
    rf"|Korean |WPK )?{_OFFICE})"
    rf"(?: and (?:his|her) (?:party|suite|entourage))?,? (?:too,? |(?P<also>(?:also |separately "
    rf"|respectively )+))?"
    rf"{_ACTS}"
)
# "The president of Laos met the delegation on the same day"
_OBJECT = re.compile(
    r"\b(?:met|received|conversed|had (?:an? )?(?:\w+ )?(?:talks?|conversation)) (?:with )?"
    rf"the (?:DPRK |Korean |visiting )?{_OFFICE}(?! of (?!the DPRK))"
)
# "He also met Ri Ho" reports another meeting, "He also met the guests" may not.
_OTHERS = re.compile(
    rf"(?:met|received) (?!{phrases.MET_WITH}(?:the |them\b|him\b|her\b))|had (?:an? )?photo|posed"
)
_SUITE = re.compile(r"\band (?:his|her) (?:party|suite|entourage)\b")
_ENVOY = re.compile("special envoy")
_MET_GUESTS = re.compile('"(?:met|received|had)')
_IN_STAY = re.compile(r"\b[Dd]uring (?:his|her|their|the) (?:stay|visit)\b")
_THEN_HE = re.compile(r"(?:He|She|They) (?:also )?(?:met|visited|paid|placed|laid|called on|had)\b")


def with_references(
    text: Text, activity: Activity, found: Found, later: Sequence[Sentence]
) -> list[Activity]:
    """Return an activity, and one for each sentence that reports another one of the principal.

    found: the finding that decided the activity. later: sentences after that of the finding without a finding
    of their own.
    """
    activities = [activity]
    named = _named(found)
    in_stay = False
    for sentence in later:
        told = sentence.text
        in_stay = _is_of_stay(told, found, after_another=in_stay)
        if not (in_stay or _is_introduced(told, found) or _is_on_other_day(told, activity, text)):
            continue
        match = _subject(told, found, named, in_stay=in_stay) or _OBJECT.search(told)
        if match and _is_one_of(match["office"], named) and is_news(told, text.reported):
            activities.append(_another(text, activity, told, match[0]))
    return activities


def _named(found: Found) -> str:
    """Return the words that may refer to the principal: titles, and a group that the principal heads."""
    group = ["delegation group team troupe"] if "led by" in found.reason else []
    return " ".join([*found.people[0].titles, *group, *_ENVOY.findall(found.sentence.text)]).lower()


def _subject(sentence: str, found: Found, named: str, *, in_stay: bool) -> re.Match[str] | None:
    """Return the match of a sentence whose subject is the principal, or None."""
    subject = _SUBJECT.match(sentence)
    if not subject or not act_phrases.ACT.match(sentence, subject.start("act")):
        return None
    is_head = "led by" in found.reason
    # "They visited different parts of Beijing during the visit" sums up, unless a delegation did.
    if subject["they"] and not (is_head or (_SUITE.search(found.sentence.text) and not in_stay)):
        return None
    if subject["name"] not in (None, found.people[0].name.partition(" ")[0]):
        return None
    return subject if _is_one_of(subject["office"], named) and _is_like(subject, found) else None


def _another(text: Text, activity: Activity, sentence: str, reason: str) -> Activity:
    """Return the activity that a sentence reports of the principal of another one."""
    place = place_of(sentence, text.place, frozenset(m.written for m in text.mentions))
    day = day_in(sentence, text.reported)
    return replace(
        activity,
        companions=(),
        day=day or activity.day,
        day_from="text" if day else activity.day_from,
        place=place[0] if place else None,
        kind=_kind(activity, sentence),
        evidence=(sentence,),
        reasons=(f'"{reason}"',),
    )


def _is_one_of(office: str | None, named: str) -> bool:
    """Return whether an office is a word of the titles of the principal, or the sentence names none."""
    if office is None:
        return True
    return all(re.search(rf"(?<![\w-]){re.escape(word)}\b", named) for word in office.lower().split())


def _is_introduced(sentence: str, found: Found) -> bool:
    """Return whether a sentence has another activity.

    "Meanwhile", "on the same day" or "also met" after a family name show it.
    """
    if sentence.startswith(_CUES) or _SAME_DAY.search(sentence):
        return True
    subject = _SUBJECT.match(sentence)
    if subject is None:
        return False
    if subject["office"] and _MET_GUESTS.match(found.reason):
        return _OTHERS.match(sentence, subject.start("act")) is not None
    if subject["office"] and subject["act"] == "arrived":
        return '"left' in found.reason or "consist" in found.reason
    if subject["pronoun"] and not _OTHERS.match(sentence, subject.start("act")):
        return False
    return bool((subject["name"] or subject["pronoun"]) and subject["also"])


def _is_like(subject: re.Match[str], found: Found) -> bool:
    """Return whether a further act may be of the principal.

    It is not if the principal was only present, or accompanied somebody, and the subject is a pronoun. What a
    leader "also" did belongs to the same visit, unless it is of the sort of the first act, such as another
    photo session.
    """
    if found.rank == PRESENT and (subject["pronoun"] or subject["they"]):
        return False  # The pronoun means the host.
    if found.people[0].name not in data()["leaders"] or not subject["also"]:
        return not found.reason.startswith('"accompanied')
    act = subject["act"].split()[0]
    return act in ("met", "received", "had", "posed") and act in found.reason


def _is_on_other_day(sentence: str, activity: Activity, text: Text) -> bool:
    """Return whether a sentence reports what the principal did on another day."""
    subject, day = _SUBJECT.match(sentence), day_in(sentence, text.reported)
    return bool(subject and day and activity.day_from == "text" and day != activity.day)


def _is_of_stay(sentence: str, found: Found, *, after_another: bool) -> bool:
    """Return whether a sentence is on what a traveller did in the country of the visit.

    after_another: whether the sentence before is.
    """
    if not phrases.TRAVELLED.match(found.reason):
        return False
    return bool(_IN_STAY.search(sentence) or (after_another and _THEN_HE.match(sentence)))


def _kind(activity: Activity, sentence: str) -> str:
    """Return the kind of another activity. A diplomat's tour of a site is diplomacy too."""
    kind = kind_of("", [], sentence)
    return activity.kind if kind == "inspection" and activity.kind == "diplomacy" else kind
