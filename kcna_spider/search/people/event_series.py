"""Separate the activities of one article."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from kcna_spider.search.people import event_phrases as phrases
from kcna_spider.search.people.activity import Text
from kcna_spider.search.people.event_days import day_in
from kcna_spider.search.people.event_gatherings import is_other_gathering
from kcna_spider.search.people.found import ACTED, PRESENT, Found, is_new
from kcna_spider.search.people.people_words import data

# Words that introduce another activity.
_CUE = re.compile(
    r"^(?:Meanwhile|Earlier|Later|(?:On )?(?:[Tt]he|[Tt]hat|[Tt]his) (?:same )?day|Also (?:leaving|departing"
    r"|arriving|coming|returning)|In the evening|In another)\b"
    r"|\b(?:also|too,) (?:met|had (?:a|an|separate)|held|received|visited|left|arrived|paid a|came back"
    r"|returned|toured|inspected|hosted|flew|called on|laid|departed|conversed|attended)\b|\bseparately\b"
    r"|\b(?:on|at|in) the same (?:day|evening)\b"
)
_ON_A_DAY = re.compile(r"^On (?:[A-Z][a-z]+\.? \d+|\w+day)\b")
_MET = re.compile(
    r'"(?:met|meets|received|had|held|hosted|gave|arranged|visited|conversed|called|talk|led by|.* between'
    r"|paid|left|arrived|came|returned|inspected|toured|laid|flew|departed|attended)"
)
_MET_GUESTS = ('"met', '"had a', '"had talk', '"received', '"conversed', '"hosted', '"gave a', '"arranged')
_MET_OTHERS = re.compile(
    rf"(?:met|received) (?!{phrases.MET_WITH}"
    r"(?:them\b|him\b|her\b|(?:the|his|her) (?:guests?|delegation|party|members|visitors|envoy)\b))"
)
_MET_BEFORE = re.compile(
    r'"(?:met|had a|had talk|received|conversed|(?:(?:was|were) )?(?:greeted|met|welcomed)\b.* by"$)'
)
# Words for another activity. After these words, _SAME_PARTY is not searched for.
_MEANWHILE = re.compile(r"^(?:Meanwhile|On the same day|During (?:the|his|her|their) (?:visit|stay))\b")
# "A and B separately met": each has an activity.
_SEPARATELY = re.compile(r"\b(?:separately|respectively) (?:met|received|had)\b")
ALSO_LEAVING = re.compile(r"^Also (?:leaving|departing|arriving|coming|returning)\b")
# Words for members of the same party, who have no activity of their own.
_SAME_PARTY = re.compile(r"\b(?:entourage|suite|accompan|together with)")
_AND_DELEGATION = re.compile(
    r"\band (?:an?|the|another) [^.]{0,120}\b(?:delegation|group|party)\b"
    r"|, (?:another|an? (?:\w+ ){0,6}delegation)\b"
)
# A leader's visit before a meeting that the leader guided.
_BEFORE_MEETING = re.compile(r"(?:Prior to|Before) the (?:meeting|session|conference|congress)\b")
_MEETING = re.compile(r'"(?:presid|guid|attend|convened|took part)')
_OFFICIALS_IN_TITLE = re.compile(r"(?:[Ss]enior |[Pp]arty |DPRK )*(?:[Oo]fficials|[Cc]adres)\b")
_OTHER_TALKS = ('"and between"', '", between"')
_HANDED = ('"handed', '"conveyed', '"delivered')


def separate(text: Text, found: Sequence[Found]) -> Iterator[list[Found]]:
    """Yield the findings of each activity of an article, in the order of the text."""
    group: list[Found] = []
    for one in chain.from_iterable(map(_each, found)):
        if group and (_begins_another(text, one, group) or _is_of_officials(text, one, group)):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _each(found: Found) -> list[Found]:
    """Return a finding, or one for each person who acted "separately"."""
    text, begin = found.sentence.text, found.sentence.start
    act = text.find(found.reason.strip('"'))
    before = [m for m in found.people if m.start - begin < act]
    people = [m for m in before if not text.endswith("of ", 0, m.start - begin)]
    if len(people) > 1 and _SEPARATELY.search(text) and found.reason.startswith(_MET_GUESTS):
        others = found.people[len(before) :]
        return [replace(found, people=(person, *others)) for person in people]
    return [found]


def _begins_another(article: Text, one: Found, group: Sequence[Found]) -> bool:
    """Return whether a finding belongs to another activity than the group before it."""
    if is_other_gathering(article, one, group) or _is_of_other_party(one, group):
        return True
    if one.rank == PRESENT and any(other.rank == PRESENT for other in group):
        return False
    if _is_handed(one) and _is_handed(group[0]):
        return is_new(one, group)
    if one.rank not in (PRESENT, ACTED) or not _MET.match(one.reason):
        return False
    return _is_introduced(article, one, group)


def _is_of_other_party(one: Found, group: Sequence[Found]) -> bool:
    """Return whether a finding is on other travellers or visitors, or on an official who acted separately."""
    last = group[-1]
    separately = one.sentence is last.sentence and one.reason == last.reason
    return (
        (separately and _SEPARATELY.search(one.sentence.text) is not None)
        or _is_second_delegation(one, last)
        or _is_other_journey(one, group)
        or _is_second_visit(one, group)
        or _is_meeting(one, group)
    )


def _is_introduced(article: Text, one: Found, group: Sequence[Found]) -> bool:
    """Return whether words such as "also" or another day show that a sentence reports another activity."""
    text = one.sentence.text
    if ALSO_LEAVING.match(text):
        return all(one.people[0].name != other.people[0].name for other in group)
    if any(other.sentence is one.sentence for other in group):
        return one.reason in _OTHER_TALKS or (
            one.reason.startswith('"talk') and group[-1].reason.endswith(' on"')
        )
    if _MEANWHILE.match(text) and is_new(one, group):
        return True
    if _SAME_PARTY.search(text):
        return False
    if _CUE.search(text) or _is_of_another(one, group):
        return True
    return bool(_ON_A_DAY.match(text)) and _differ(
        day_in(text, article.reported), day_in(group[0].sentence.text, article.reported)
    )


def _is_second_delegation(one: Found, other: Found) -> bool:
    """Return whether a sentence reports two delegations: "a delegation led by A left, and one led by B"."""
    if one.sentence is not other.sentence or not (one.reason[:8] == other.reason[:8] == '"led by"'):
        return False
    begin, end = (found.people[0].start - one.sentence.start for found in (other, one))
    return bool(_AND_DELEGATION.search(one.sentence.text, begin, end))


def _is_other_journey(one: Found, group: Sequence[Found]) -> bool:
    """Return whether a sentence reports the journey of other travellers."""
    both = phrases.JOURNEY.match(one.reason) and phrases.JOURNEY.match(group[0].reason)
    return bool(both) and is_new(one, group) and not _SAME_PARTY.search(one.sentence.text)


def _is_meeting(one: Found, group: Sequence[Found]) -> bool:
    """Return whether a person guided a meeting after a visit "prior to the meeting"."""
    visit = group[0].sentence.text
    return one.rank == ACTED and bool(_BEFORE_MEETING.match(visit) and _MEETING.match(one.reason))


def _is_second_visit(one: Found, group: Sequence[Found]) -> bool:
    """Return whether other persons visited the site too: "The palace was visited by Kim A"."""
    names = {m.name for other in group for m in other.people}
    return (
        one.reason.endswith('visited by"')
        and group[0].reason == '"visited"'
        and all(m.name not in names for m in one.people)
    )


def _differ(one: dt.date | None, other: dt.date | None) -> bool:
    return one is not None and other is not None and one != other


def _is_of_another(one: Found, group: Sequence[Found]) -> bool:
    """Return whether another official met other guests: "Kim A met ... Ri B met ..."."""
    met = one.reason.startswith(_MET_GUESTS) and _MET_BEFORE.match(group[0].reason) is not None
    return met and (is_new(one, group) or _is_of_other_guests(one, group))


def _is_of_other_guests(one: Found, group: Sequence[Found]) -> bool:
    """Return whether an official met further guests, after a list of those present."""
    text = one.sentence.text
    act = text.find(one.reason.strip('"'))
    return any(other.rank == PRESENT for other in group) and _MET_OTHERS.match(text, act) is not None


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


def _is_handed(found: Found) -> bool:
    """Return whether a letter was handed to a person."""
    return found.reason == '"and to"' or (found.reason.startswith(_HANDED) and found.reason.endswith(' to"'))
