"""Separate the activities of one article. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kcna_spider.search.people.activity import Activity, Text
from kcna_spider.search.people.appearance_groups import contains
from kcna_spider.search.people.event_days import day_in, is_about_the_past
from kcna_spider.search.people.found import ACTED, PRESENT, Found
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentences import Sentence

# Words that introduce another activity.
_CUE = re.compile(
    r"^(?:Meanwhile|Earlier|Later|(?:On )?(?:[Tt]he|[Tt]hat|[Tt]his) (?:same )?day|Also (?:leaving|departing"
    r"|arriving|coming|returning)|In the evening|In another)\b"
    r"|\b(?:also|too,) (?:met|had (?:a|an|separate)|held|received|visited|left|arrived|paid a|came back"
    r"|returned|toured|inspected|hosted|flew|called on|laid|departed|conversed)\b|\bseparately\b"
    r"|\b(?:on|at|in) the same (?:day|evening)\b"
)
_ON_A_DAY = re.compile(r"^On (?:[A-Z][a-z]+\.? \d+|\w+day)\b")
_HOSTED_AFTER = re.compile(r"^(?:After|At the end of|Upon|Then\b)[^.]*\b(?:hosted|gave|arranged) an? ")
_MET = re.compile(
    r'"(?:met|meets|received|had|held|hosted|gave|arranged|visited|conversed|called|talk|led by|.* between'
    r"|paid|left|arrived|came|returned|inspected|toured|laid|flew|departed)"
)
_MET_GUESTS = ('"met', '"had a', '"had talk', '"received', '"conversed')
_MET_BEFORE = re.compile(
    r'"(?:met|had a|had talk|received|conversed|(?:(?:was|were) )?(?:greeted|met|welcomed)\b.* by"$)'
)
ALSO_LEAVING = re.compile(r"^Also (?:leaving|departing|arriving|coming|returning)\b")
# Words for members of the same party, who have no activity of their own.
_SAME_PARTY = re.compile(r"\b(?:entourage|suite|accompan)")
_NAME = (
    r"(?:the |an? )?(?:newly[- ](?:built|established) |modern |new )?(?P<name>(?!Unit['’])[A-Z][\w'’.-]*"
    r"(?: (?!to\b|and\b|where\b|which\b|on\b|for\b)[\w'’.-]+){0,7}? (?:[Ff]actory|[Mm]ill|[Ff]arm|[Pp]lant"
    r"|[Mm]ine|[Cc]omplex|[Uu]niversity(?: of [A-Z]\w+)?|[Ss]chool|[Hh]ospital"
    r"|[Ee]nterprise|[Tt]heatre|[Ss]tudio|[Ii]nstitute|[Ss]hipyard|[Dd]ockyard|[Rr]anch|[Oo]rchard"
    r"|[Cc]amp|[Ss]tation|[Tt]emple|[Cc]olliery"
    r"|[Uu]nit (?:[Nn]o\. ?)?\d+|[Ss]tadium|[Pp]ark))\b(?!['’])"
)
_STOP = re.compile(
    r"^(?P<when>[A-Z][^,.]{2,80}, |On the same day |That day |Then |Later |Earlier )?"
    r"(?:[Hh]e|(?:the )?(?:[\w-]+ ){0,4}(?P<leader>Kim Jong (?:Il|Un))) "
    r"(?P<cue>(?:also |then |next |later |afterwards )*)"
    r"(?:visited|inspected|(?:went|moved|proceeded)(?: over| on)? to|dropped in at|called at|toured"
    r"|(?:gave|provided) (?:field|on-the-spot|on-site|on-spot|onsite) guidance to|(?:looked|went) round) "
    + _NAME
)
_LEG = re.compile(
    r"^The (?P<which>first|next|second|third|last|final) leg of (?:his|the) (?:[a-z-]+ ){0,3}was (?:the "
    r"|an? )?"
    r"(?:newly[- ]built |modern )?(?P<name>[^,.]{3,80}?)(?= in | on | which | newly | now | built "
    r"| of the |,|\.|$)"
)
_CUE_OF_STOP = re.compile(
    r"\b(?:same day|[Tt]hat day|[Tt]hen|[Ll]ater|[Nn]ext|also|afterwards|Earlier|After)\b"
)
# Words for a tour that counts as one activity, because the report names many sites by the region.
_REGION = re.compile(
    r"\b(?:different|various|several|many) (?:\w+ )?(?:fields|units|domains|sectors|places)\b|\bwork in\b"
    r"|\bindustrial (?:sector|establishments)|\b(?:guidance to|visited) [A-Z]\w+(?: [A-Z]\w+)? Province\b"
)
_OFFICIALS_IN_TITLE = re.compile(r"(?:[Ss]enior |[Pp]arty |DPRK )*(?:[Oo]fficials|[Cc]adres)\b")
# A sentence on another gathering, directly before a list of those present.
_HELD = re.compile(r"\b(?:(?:was|were) (?:also )?held|took place|met at)\b[^.\n]*\.\s*$")
_BEFORE_LIST = 500  # characters before a list that are searched
_PARTS = re.compile(r",? and (?:the )?|, (?:the )?")
_MOST_STOPS = 4


def separate(text: Text, found: Sequence[Found]) -> Iterator[list[Found]]:
    """Yield the findings of each activity of an article, in the order of the text."""
    group: list[Found] = []
    for one in found:
        if group and (_begins_another(text, one, group) or _is_of_officials(text, one, group)):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _begins_another(article: Text, one: Found, group: Sequence[Found]) -> bool:
    """Return whether a finding belongs to another activity than the group before it."""
    text = one.sentence.text
    if one.rank == PRESENT and any(other.rank == PRESENT for other in group):
        start = one.sentence.start
        return bool(_HELD.search(article.body, max(0, start - _BEFORE_LIST), start))
    if one.rank not in (PRESENT, ACTED) or not _MET.match(one.reason):
        return False
    if ALSO_LEAVING.match(text):
        return all(one.people[0].name != other.people[0].name for other in group)
    if _SAME_PARTY.search(text) or any(other.sentence is one.sentence for other in group):
        return False
    if _CUE.search(text) or _HOSTED_AFTER.match(text) or _is_of_another(one, group):
        return True
    return bool(_ON_A_DAY.match(text)) and _differ(
        day_in(text, article.reported), day_in(group[0].sentence.text, article.reported)
    )


def _differ(one: dt.date | None, other: dt.date | None) -> bool:
    return one is not None and other is not None and one != other


def _is_of_another(one: Found, group: Sequence[Found]) -> bool:
    """Return whether another official met other guests: "Kim A met ... Ri B met ..."."""
    return (
        one.reason.startswith(_MET_GUESTS)
        and bool(_MET_BEFORE.match(group[0].reason))
        and all(one.people[0].name != mention.name for other in group for mention in other.people)
    )


def _is_of_officials(text: Text, one: Found, group: Sequence[Found]) -> bool:
    """Return whether a finding begins the officials' activity in an article whose title is about officials.

    Such an article first reports a leader's activity.
    """
    leaders = data()["leaders"]
    return (
        group[0].people[0].name in leaders
        and one.rank == ACTED
        and one.people[0].name not in leaders
        and _OFFICIALS_IN_TITLE.match(text.title) is not None
        and all(mention.field != "title" for mention in text.mentions)
    )


def with_stops(text: Text, activity: Activity, found: Found, later: Sequence[Sentence]) -> list[Activity]:
    """Return an activity; if it is a leader's, also one for each other site in later sentences.

    found: the finding that decided the activity. later: the sentences after that of the finding.
    """
    if activity.principal not in data()["leaders"] or _REGION.search(found.sentence.text):
        return [activity]
    legs = [(leg, one) for one in later if (leg := _LEG.match(one.text)) and _is_own(leg["name"], text.title)]
    if legs:
        return _with_legs(activity, legs)
    activities = [activity]
    for sentence in later:
        stop = _STOP.match(sentence.text)
        if not stop or stop["leader"] not in (None, activity.principal) or len(activities) > _MOST_STOPS:
            continue
        if is_about_the_past(sentence.text, text.reported):
            continue
        name, first = stop["name"], activities[0]
        if not _CUE_OF_STOP.search(f"{stop['when'] or ''}{stop['cue']}"):
            if len(activities) == 1 and (first.place is None or name.startswith(f"{first.place} ")):
                activities = [replace(first, place=name)]
            elif not _is_part(name, found.sentence.text):
                continue
        activities = _with_stop(activities, name, sentence)
    return activities


def _is_own(name: str, title: str) -> bool:
    """Return whether a site has a proper name or is in the title, unlike "the workers' hostel"."""
    return name != name.lower() or " ".join(name.split()[-2:]).lower() in title.lower()


def _with_legs(activity: Activity, legs: list[tuple[re.Match[str], Sentence]]) -> list[Activity]:
    """Return an activity for each leg of a tour, after the given one if that is the first leg."""
    activities: list[Activity] = [] if legs[0][0]["which"] == "first" else [activity]
    for leg, sentence in legs:
        if not activities:
            activities.append(replace(activity, place=leg["name"]))
        else:
            activities = _with_stop(activities, leg["name"], sentence)
    return activities


def _with_stop(activities: list[Activity], name: str, sentence: Sentence) -> list[Activity]:
    """Return the activities with one more at a site, unless one of them was there.

    If the place of the first activity lists several sites, the site is removed from it.
    """
    first = activities[0]
    parts = _PARTS.split(first.place or "")
    others = [part for part in parts if not contains(part, name)]
    if any(one.place and contains(one.place, name) for one in activities[1:]):
        return activities
    if len(others) < len(parts):
        if not others:
            return activities
        activities = [replace(first, place=" and ".join(others)), *activities[1:]]
    reason = f'"{sentence.text[: sentence.text.find(name)].strip()}"'
    return [*activities, replace(first, place=name, evidence=(sentence.text,), reasons=(reason,))]


def _is_part(name: str, sentence: str) -> bool:
    """Return whether a sentence names a site together with others: "the Haksan and Sindok mills"."""
    first, *_, last = name.split(" ")
    return f" {first} " in sentence and last.lower() in sentence.lower()
