"""Find the further sites of a tour. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kcna_spider.search.people.activity import Activity, Text
from kcna_spider.search.people.appearance_groups import contains
from kcna_spider.search.people.event_days import day_in, is_about_the_past
from kcna_spider.search.people.event_kinds import kind_of
from kcna_spider.search.people.event_places import place_of
from kcna_spider.search.people.found import ACTED, Found
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentences import Sentence

_NAME = (
    r"(?:the |an? )?(?:newly[- ](?:built|established) |modern |new )?(?P<name>(?!Unit['’])[A-Z][\w'’.-]*"
    r"(?: (?!to\b|and\b|where\b|which\b|on\b|for\b|in\b|at\b|by\b|from\b|its\b"
    r"|newly\b)[\w'’.-]+){0,7}? (?:[Ff]actory|[Mm]ill|[Ff]arm"
    r"|[Pp]lant|[Mm]ine|[Cc]omplex|[Uu]niversity(?: of [A-Z]\w+)?|[Ss]chool|[Hh]ospital"
    r"|[Ee]nterprise|[Tt]heatre|[Ss]tudio|[Ii]nstitute|[Ss]hipyard|[Dd]ockyard|[Rr]anch|[Oo]rchard"
    r"|[Cc]amp|[Ss]tation|[Tt]emple|[Cc]olliery|Works|Smelter(?:y)?|[Pp]ort|Airport|Museum|Market|Hotel"
    r"|[Uu]nit (?:[Nn]o\. ?)?\d+|[Ss]tadium|[Pp]ark)"
    r"(?: (?:[A-Z][\w-]+ ){0,3}(?:Factory|Plant|Complex|Enterprise|Institute|Station|Museum))?)\b(?!['’])"
)
_TOURED = (
    r"(?:visited|inspected|(?:went|moved|proceeded)(?: over| on)? to|dropped in at|called at|toured"
    r"|(?:gave|provided) (?:field|on-the-spot|on-site|on-spot|onsite) guidance to|(?:looked|went) a?round)"
)
_SURVEYED = (
    r"(?:(?:made (?:an? )?(?:field|on-the-spot|on-site) survey|learned|surveyed"
    r"|(?:acquainted|(?:got )?familiari[sz]ed) (?:him|her|them)sel(?:f|ves))\b[^.;]{0,120}? (?:at|of|in"
    r"|to|with|about))"
)
_WHO = (
    r"(?:[Hh]e|[Ss]he|(?P<they>[Tt]hey)|(?:[Tt]he )?(?:[\w-]+ ){0,6}?(?P<who>\w+)(?: and (?:his"
    r"|her) party)?)"
)
_WHEN = (
    r"^(?P<when>[A-Z][^,.]{2,80}, |On the same day |On [A-Z]\w+ \d{1,2} |That day |The same day |Then |Later "
    r"|Earlier )?"
)
_CUES = r"(?P<cue>(?:also |then |next |later |afterwards |first )*)"
_STOP = re.compile(rf"{_WHEN}{_WHO} {_CUES}(?:{_TOURED}|{_SURVEYED}) {_NAME}")
_ROUND = re.compile(rf"^(?P<when>)(?P<cue>)Going round {_NAME}[^.]*?, {_WHO} \w+")
# A sentence on an earlier or parallel visit, whether or not it names the site.
_ELSEWHERE = re.compile(
    rf"^(?:Earlier|Meanwhile|In the meantime|Before that|(?:On )?[Tt]he same day),? {_WHO} {_CUES}"
    rf"(?:{_TOURED}|{_SURVEYED}) "
)
_ACT = re.compile(rf"{_WHEN}{_WHO} {_CUES}(?:{_TOURED}|{_SURVEYED}|met) ")
_SAME_DAY = re.compile(r"(?:On )?[Tt]he same day\b")
_LEG = re.compile(
    r"^The (?P<which>first|next|second|third|last|final) leg of (?:his|the) (?:[a-z-]+ ){0,3}was (?:the "
    r"|an? )?"
    r"(?:newly[- ]built |modern )?(?P<name>[^,.]{3,80}?)(?= in | on | which | newly | now | built "
    r"| of the |,|\.|$)"
)
_CUE = re.compile(
    r"\b(?:same day|[Tt]hat day|[Tt]hen|[Ll]ater|[Nn]ext|also|afterwards|Earlier|After|Meanwhile"
    r"|In the meantime)\b|^On [A-Z]\w+ \d"
)
# Acts that begin a tour of an official.
_OFFICIAL_TOUR = re.compile(
    r'"(?:visited|inspected|toured|looked round|went round|learned about|acquainted|familiar'
    r"|(?:made|gave|conducted|provided) (?:an? )?(?:field|on-|spot|inspection|the spot))"
)
# Words for many sites that the report names by the region.
_REGION = re.compile(
    r"\b(?:different|various|several|many) (?:\w+ )?(?:fields|units|domains|sectors|places)\b|\bwork in\b"
    r"|\bindustrial (?:sector|establishments)|\b(?:guidance to|visited) [A-Z]\w+(?: [A-Z]\w+)? Province\b"
)
_PARTS = re.compile(r",? and (?:the )?|, (?:the )?")
_MOST_STOPS = 5
_OWN_KINDS = ("military", "visit", "diplomacy")  # kinds that the sentence on a site may give to its activity


def with_stops(text: Text, activity: Activity, found: Found, later: Sequence[Sentence]) -> list[Activity]:
    """Return an activity; if it is a tour, also one for each other site in later sentences.

    found: the finding that decided the activity. later: the sentences after that of the finding that belong
    to the activity.
    """
    is_leader = activity.principal in data()["leaders"]
    if not is_leader and not (found.rank == ACTED and _OFFICIAL_TOUR.match(found.reason)):
        return [activity]
    tour = _Tour(text, found, activity)
    for sentence in later:
        if len(tour.activities) <= _MOST_STOPS and not is_about_the_past(sentence.text, text.reported):
            tour.add(sentence)
    return tour.activities


class _Tour:
    """The activities of a tour, one for each site.

    found: the finding that decided the first of them. by_region: whether its sentence names a region with
    many sites. has_site: whether the place of the first activity is known to be a site.
    """

    def __init__(self, text: Text, found: Found, activity: Activity) -> None:
        self.text, self.found = text, found
        self.activities = [activity]
        self.by_region = bool(_REGION.search(found.sentence.text))
        self.has_site = not self.by_region
        self.titles = " ".join(title for m in found.people[:1] for title in m.titles).lower()

    def add(self, sentence: Sentence) -> None:
        """Add an activity if a sentence reports another site."""
        if leg := _LEG.match(sentence.text):
            self._add_leg(leg, sentence)
            return
        stop = _STOP.match(sentence.text) or _ROUND.match(sentence.text)
        if stop and self._is_principal(stop):
            self._add_stop(stop, sentence)
        elif self._is_elsewhere(sentence):
            self._add_place(sentence)

    def _is_elsewhere(self, sentence: Sentence) -> bool:
        """Return whether a sentence is on an earlier or parallel visit, or on another day."""
        match = _ELSEWHERE.match(sentence.text)
        if not match and self._is_other_day(sentence):
            match = _ACT.match(sentence.text)
        return match is not None and self._is_principal(match)

    def _add_place(self, sentence: Sentence) -> None:
        """Add an activity at the place that a sentence names, although it is no site with a proper name."""
        place = place_of(sentence.text, None, frozenset(m.written for m in self.text.mentions))
        if place or _SAME_DAY.match(sentence.text):
            self.activities = _with_stop(self.activities, place[0] if place else None, sentence, self.text)

    def _set_first(self, site: str) -> None:
        """Set the place of the first activity, which the first sentence does not name."""
        self.activities = [replace(self.activities[0], place=site)]
        self.has_site = True

    def _is_other_day(self, sentence: Sentence) -> bool:
        first = self.activities[0]
        day = day_in(sentence.text, self.text.reported) if first.day_from == "text" else None
        return day is not None and day != first.day

    def _add_leg(self, leg: re.Match[str], sentence: Sentence) -> None:
        if not _is_own(leg["name"], self.text.title):
            return
        if leg["which"] == "first" and len(self.activities) == 1:
            self._set_first(leg["name"])
        else:
            self.activities = _with_stop(self.activities, leg["name"], sentence, self.text)

    def _add_stop(self, stop: re.Match[str], sentence: Sentence) -> None:
        name, first = stop["name"], self.activities[0]
        is_first = len(self.activities) == 1
        if is_first and not self.has_site:
            self._set_first(name)
            return
        is_another = self.by_region or self._is_other_day(sentence)
        if not is_another and not _CUE.search(f"{stop['when'] or ''}{stop['cue']}"):
            if is_first and (first.place is None or name.startswith(f"{first.place} ")):
                self.activities = [replace(first, place=name)]
            elif not _is_part(name, self.found.sentence.text):
                return
        self.activities = _with_stop(self.activities, name, sentence, self.text)

    def _is_principal(self, match: re.Match[str]) -> bool:
        """Return whether the subject of a sentence is the principal.

        It is "he", "they" if the principal is an official, or ends with a name or an office of the principal.
        """
        who, names = match["who"], self.activities[0].principal.split()
        if match["they"]:
            return self.activities[0].principal not in data()["leaders"]
        return who is None or who in names or (who.islower() and who in self.titles)


def _is_own(name: str, title: str) -> bool:
    """Return whether a site has a proper name or is in the title, unlike "the workers' hostel"."""
    return name != name.lower() or " ".join(name.split()[-2:]).lower() in title.lower()


def _with_stop(
    activities: list[Activity], name: str | None, sentence: Sentence, text: Text
) -> list[Activity]:
    """Return the activities with one more at a site, unless one of them was there. name: the site, or None.

    If the place of the first activity lists several sites, the site is removed from it.
    """
    first = activities[0]
    parts = _PARTS.split(first.place or "")
    others = [part for part in parts if not contains(part, name or "")]
    if any(contains(one.place or "", name or "") for one in activities[1:]):
        return activities
    if len(others) < len(parts):
        if not others:
            return activities
        activities = [replace(first, place=" and ".join(others)), *activities[1:]]
    own = kind_of("", [], sentence.text)
    another = replace(
        first,
        place=name,
        kind=own if own in _OWN_KINDS else first.kind,
        evidence=(sentence.text,),
        reasons=(f'"{sentence.text[: sentence.text.find(name or ".")].strip()}"',),
    )
    if day := day_in(sentence.text, text.reported):
        another = replace(another, day=day, day_from="text")
    return [*activities, another]


def _is_part(name: str, sentence: str) -> bool:
    """Return whether a sentence names a site together with others: "the Haksan and Sindok mills"."""
    first, *_, last = name.split(" ")
    return f" {first} " in sentence and last.lower() in sentence.lower()
