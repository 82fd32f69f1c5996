"""Derive activities, with day, place, kind and confidence, from the persons who took part."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from kcna_spider.search.people import event_phrases as phrases
from kcna_spider.search.people.activity import Activity, Text
from kcna_spider.search.people.activity_kinds import kind_from
from kcna_spider.search.people.event_days import day_in
from kcna_spider.search.people.event_filters import LEAD
from kcna_spider.search.people.event_places import place_of
from kcna_spider.search.people.event_references import with_references
from kcna_spider.search.people.event_series import separate
from kcna_spider.search.people.event_tours import with_stops
from kcna_spider.search.people.found import ACTED, COMPANIONS, PRESENT, SPOKE, Found
from kcna_spider.search.people.other_places import (
    ceremony_site,
    country_of,
    mourning_site,
    opened_site,
    terminal,
)
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentences import Sentence

_MOST_EVIDENCE = 6  # sentences
_HELD = re.compile(
    r"\b(?:held|took place|takes place|given|opened|met|performed|staged|laid|arranged|closed)\b"
)
_FOREIGN_MINISTER = re.compile(
    r"(?<![Vv]ice )(?<!-)\b(?:[Ff]oreign [Mm]inister\b|[Mm]inister of [Ff]oreign [Aa]ffairs)"
)
_MINISTER = re.compile(r"(?:DPRK |acting )*minister\b", re.IGNORECASE)
_DEPUTY = re.compile(r"(?:DPRK |first |acting )*(?:vice|deputy)[- ](?:foreign )?minister\b", re.IGNORECASE)
_AFTER = 70  # characters after a name that may continue the title before it
# Titles of the highest offices. A speaker with one may be the principal before persons who were present.
_SENIOR = re.compile(
    r"^[Cc]hairman of the (?:DPRK )?(?:Supreme People's Assembly|SPA)\b"
    r"|^(?:DPRK )?[Vv]ice-[Pp]resident(?: of the DPRK)?$|\b(?:Political Bureau"
    r"|[Vv]ice-[Cc]hairman of the (?:WPK|(?:C\.? ?C\.?|Central Committee)(?:,| of)? (?:the )?(?:WPK|Workers))"
    r"|[Pp]olitburo|[Pp]residium|National Defence Commission|State Affairs Commission)\b"
    r"|\b(?<!-)(?:[Pp]remier|[Vv]ice-[Pp]remier)\b|\b[Ss]ecretary of the (?:WPK|(?:C\.? ?C\.?"
    r"|Central Committee)"
    r"(?:,| of)? (?:the )?(?:WPK|Workers))"
)


def activities_from(text: Text, found: list[Found], all_sentences: list[Sentence]) -> list[Activity]:
    """Return the activities of the persons found. all_sentences: the sentences of the article."""
    activities: list[Activity] = []
    groups = list(separate(text, found))
    ends = [group[0].sentence.start for group in groups[1:]] + [len(text.body)]
    for group, end in zip(groups, ends, strict=True):
        if not activities:
            best = _deciding(group)
            first = _activity(text, group, best, all_sentences)
            later = [one for one in all_sentences if best.sentence.start < one.start < end]
            activities += with_stops(text, first, best, later)
            if len(activities) == 1:
                others = [one for one in later if all(one != other.sentence for other in group)]
                activities = with_references(text, activities[0], best, others)
        elif any(one.rank < COMPANIONS for one in group):
            # The title and the first sentences are about the first activity.
            number = all_sentences.index(group[0].sentence)
            # The sentence before a list of those present names the event.
            here = all_sentences[max(number - (group[0].rank == PRESENT), 0) :]
            one = _activity(replace(text, title=""), group, _deciding(group), here)
            if one.day_from != "text":
                one = replace(one, day=activities[0].day, day_from=activities[0].day_from)
            activities.append(one)
    return activities


def _activity(text: Text, found: list[Found], best: Found, all_sentences: list[Sentence]) -> Activity:
    """Return the activity of the persons found.

    all_sentences: the sentences of the article that may be about the activity.
    """
    principal = best.people[0].name
    shown = [one for one in found if one.rank < COMPANIONS]
    present = [m.name for one in shown if one.rank == PRESENT for m in one.people]
    first = [one.people[0].name for one in shown] + present
    if leaders := [name for name in first if name in data()["leaders"]]:
        principal = leaders[0]
    names = [m.name for one in found for m in one.people]
    companions = tuple(name for name in dict.fromkeys(names) if name != principal)
    told = list(dict.fromkeys(one.sentence for one in found))
    before = [s for s in all_sentences if s.start < best.sentence.start]
    lead = [s for s in before if s in before[:LEAD] or s is before[-1]] + [best.sentence]
    if best.rank != ACTED:  # A sentence before a list of those present names the event.
        held = next((one for one in reversed(before[-LEAD:]) if _HELD.search(one.text)), None)
        lead = [held, *(one for one in lead if one != held)] if held else lead
    # A speaker may name another day than that of the meeting.
    is_speech = best.rank == SPOKE and not best.reason.endswith((' to"', ' by"'))
    reporting = list(dict.fromkeys([*lead, best.sentence] if is_speech else [best.sentence, *lead]))
    reporting += [one for one in told if one not in reporting]
    day, day_from = _day(text, reporting)
    return Activity(
        principal, companions, day, day_from, _place(text, best, lead, told),
        kind_from(text, lead, best, found),
        _confidence(text, best, principal, day_from),
        tuple(s.text for s in sorted(told, key=lambda s: s.start)[:_MOST_EVIDENCE]),
        tuple(dict.fromkeys(one.reason for one in found)),
    )  # fmt: skip


def _deciding(found: list[Found]) -> Found:
    """Return the finding whose first person is the principal, unless a leader took part.

    Persons who were present or acted precede speakers, except a speaker with a higher office.
    """
    ranked = [one for one in found if one.rank < COMPANIONS]
    strong = [one for one in ranked if one.rank < SPOKE]
    if strong and strong[0].people[0].titles:
        listed = {mention.name for mention in strong[0].people}
        speakers = (one for one in ranked if one.rank == SPOKE and one.people[0].name not in listed)
        return next((one for one in speakers if _is_higher(one, strong[0])), strong[0])
    return (strong or ranked)[0]


def _is_higher(one: Found, other: Found) -> bool:
    """Return whether a person has a higher office, such as a minister than a vice-minister."""
    if any(map(_MINISTER.match, one.people[0].titles)) and any(map(_DEPUTY.match, other.people[0].titles)):
        return True
    return _office(one) > _office(other)


def _office(found: Found) -> int:
    """Return the level of the first person's office: 2 for the highest, 1 for a foreign minister, else 0."""
    first = found.people[0]
    end = first.end - found.sentence.start
    after = found.sentence.text[end : end + _AFTER]  # "Secretary Kim A of the Central Committee of the ..."
    if any(_SENIOR.search(title) or _SENIOR.search(title + after) for title in first.titles):
        return 2
    return int(any(_FOREIGN_MINISTER.search(title) for title in first.titles))


def _day(text: Text, reporting: list[Sentence]) -> tuple[dt.date, str]:
    for sentence in reporting:
        if day := day_in(sentence.text, text.reported):
            return day, "text"
    return text.reported, "dateline" if text.reported == text.dateline else "published"


def _place(text: Text, best: Found, lead: list[Sentence], seen: list[Sentence]) -> str | None:
    """Return the place of an activity, or None. seen: the sentences with persons who took part."""
    if site := next(filter(None, (terminal(one.text) for one in seen)), None):
        return site
    if site := mourning_site(best.sentence.text, text.body):
        return site
    if phrases.TRAVELLED.match(best.reason) and (site := ceremony_site(text.body)):
        return site
    names = frozenset(m.written for m in text.mentions)
    reporting = [one.text for one in dict.fromkeys(lead) if one != best.sentence]
    told = best.sentence.text
    if best.rank == PRESENT or best.reason.endswith(' by"'):  # The titles in the list name other places.
        told = told[: best.people[0].start - best.sentence.start]
    ordered = [told, *reporting] if best.rank == ACTED else [*reporting, told]
    found = [place_of(one, text.place, names) for one in ordered]
    known = [place for place in found if place]
    exact = [place for place, is_site in known if is_site]
    if not exact and (site := opened_site(text.body)):
        return site
    if not known:
        return next(filter(None, (country_of(one, names) for one in [told, *reporting])), None)
    return (exact or [place for place, _ in known])[0]


def _confidence(text: Text, best: Found, principal: str, day_from: str) -> str:
    """Return "high", "medium" or "low"; docs/explanation/appearances.md states the rules."""
    in_title = any(m.field == "title" and m.name == principal for m in text.mentions)
    if best.rank == SPOKE:
        return "low"
    if best.rank == PRESENT or (in_title and best.rank == ACTED):
        return "high" if day_from == "text" or in_title else "medium"
    return "medium"
