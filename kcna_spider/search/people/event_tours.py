"""Find the further sites of a tour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kcna_spider.search.people import tour_phrases as phrases
from kcna_spider.search.people.activity import Activity, Text
from kcna_spider.search.people.appearance_groups import contains
from kcna_spider.search.people.event_days import day_in, is_about_the_past
from kcna_spider.search.people.event_places import place_of
from kcna_spider.search.people.found import ACTED, Found
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentence_kinds import kind_of
from kcna_spider.search.people.sentences import Sentence

_PARTS = re.compile(r",? and (?:the )?|, (?:the )?")
_MOST_STOPS = 5
_FIRST_WORDS = 6
_OWN_KINDS = ("military", "visit", "diplomacy")  # kinds that the sentence on a site may give to its activity


def with_stops(text: Text, activity: Activity, found: Found, later: Sequence[Sentence]) -> list[Activity]:
    """Return an activity; if it is a tour, also one for each other site in later sentences.

    found: the finding that decided the activity. later: the sentences after that of the finding that belong
    to the activity.
    """
    is_leader = activity.principal in data()["leaders"]
    if not is_leader and not (found.rank == ACTED and phrases.OFFICIAL_TOUR.match(found.reason)):
        return [activity]
    tour = _Tour(text, found, activity)
    for sentence in later:
        if len(tour.activities) <= _MOST_STOPS and not is_about_the_past(sentence.text, text.reported):
            tour.add(sentence)
            tour.after_meeting = tour.after_meeting or "consultative meeting" in sentence.text
    return tour.activities


class _Tour:
    """The activities of a tour, one for each site.

    found: the finding that decided the first of them. by_region: whether its sentence names a region with
    many sites. has_site: whether a sentence has named the first site. after_meeting: whether a sentence has
    reported a consultative meeting, which ends the visit to the first site. offices: the nouns of the
    principal's titles, such as "vice-premier".
    """

    def __init__(self, text: Text, found: Found, activity: Activity) -> None:
        self.text, self.found = text, found
        self.activities, self.kind = [activity], activity.kind
        self.by_region = bool(phrases.REGION.search(found.sentence.text))
        self.has_site, self.after_meeting = not self.by_region, False
        titles = [title.lower().replace("vice ", "vice-") for m in found.people[:1] for title in m.titles]
        self.offices = {title.partition(" of ")[0].split()[-1] for title in titles}

    def add(self, sentence: Sentence) -> None:
        """Add an activity if a sentence reports another site."""
        if leg := phrases.LEG.match(sentence.text):
            self._add_leg(leg, sentence)
            return
        show = phrases.SHOW.match(sentence.text)
        if show and self._is_principal(show):  # a performance after an inspection
            self._append(None, sentence, "performance")
            return
        home = phrases.HOME.match(sentence.text)
        if home and self._is_principal(home):
            self._append(home["name"], sentence)
            return
        stop = phrases.STOP.match(sentence.text) or phrases.ROUND.match(sentence.text)
        if stop and self._is_principal(stop):
            self._add_stop(stop, sentence)
        elif self._is_elsewhere(sentence):
            self._add_place(sentence)
        else:
            self._add_unnamed(sentence)
            self._add_area(sentence)

    def _is_elsewhere(self, sentence: Sentence) -> bool:
        """Return whether a sentence is on an earlier or parallel visit, or on another day."""
        match = phrases.ELSEWHERE.match(sentence.text)
        if not match and self.activities[0].principal not in data()["leaders"]:
            match = phrases.ALSO.match(sentence.text)
        if not match and (self._is_other_day(sentence) or phrases.SAME_DAY.search(sentence.text)):
            match = phrases.ACT.match(sentence.text)
        return match is not None and self._is_principal(match)

    def _add_place(self, sentence: Sentence) -> None:
        """Add an activity at the place that a sentence names, although it is no site with a proper name."""
        place = place_of(sentence.text, None, frozenset(m.written for m in self.text.mentions))
        alone = phrases.ALONE.match(sentence.text) or phrases.ALSO.match(sentence.text)
        if place or alone or self._is_other_day(sentence):
            self._append(place[0] if place else None, sentence)

    def _set_first(self, site: str, sentence: Sentence) -> None:
        """Set the place of the first activity, which the first sentence does not name."""
        self.activities[0] = replace(self.activities[0], place=site, kind=self._kind_of(sentence))
        self.has_site = True

    def _is_other_day(self, sentence: Sentence) -> bool:
        first = self.activities[0]
        day = day_in(sentence.text, self.text.reported) if first.day_from == "text" else None
        return day is not None and day != first.day

    def _add_leg(self, leg: re.Match[str], sentence: Sentence) -> None:
        part, _, site = leg["name"].rpartition(" of the ")
        is_same = contains(self.activities[-1].place or "", site) if part else False
        if (is_same or not _is_own(leg["name"], self.text.title)) and (
            leg["which"] == "first" or phrases.PART_OF_SITE.search(part or site)
        ):
            return
        if leg["which"] == "first" and len(self.activities) == 1:
            self._set_first(leg["name"], sentence)
        else:
            self._append(leg["name"], sentence, is_leg=True)

    def _add_stop(self, stop: re.Match[str], sentence: Sentence) -> None:
        name, first = stop["name"], self.activities[0]
        is_first = len(self.activities) == 1
        if is_first and not self.has_site and not self.after_meeting:
            self._set_first(name, sentence)
            return
        on_same_day = phrases.SAME_DAY.search(sentence.text)
        moved = phrases.MOVED.search(sentence.text, 0, stop.start("name"))
        is_another = (
            self.by_region or self.after_meeting or on_same_day or moved or self._is_other_day(sentence)
        )
        if not is_another and not phrases.CUE.search(f"{stop['when'] or ''}{stop['cue']}"):
            if is_first and (first.place is None or name.startswith(f"{first.place} ")):
                self.activities[0] = replace(first, place=name)
            elif not _is_part(name, self.found.sentence.text):
                return
        self._append(name, sentence)

    def _add_unnamed(self, sentence: Sentence) -> None:
        """Add an activity at a site without a proper name, or note that it is the first site."""
        first = phrases.FIRST_UNNAMED.match(sentence.text)
        if (
            first
            and self._is_principal(first)
            and len(self.activities) == 1
            and (not self.has_site or contains(self.activities[0].place or "", first["name"]))
        ):
            self._set_first(first["name"], sentence)
        stop = phrases.NEXT_UNNAMED.match(sentence.text)
        if stop and (stop["when"] or stop["cue"]) and not stop["they"] and self._is_principal(stop):
            self._append(stop["name"], sentence)

    def _add_area(self, sentence: Sentence) -> None:
        """Add an activity in a region, unless the tour has had one site only, or is a tour of that region."""
        area = phrases.AREA.match(sentence.text)
        if (
            area
            and (self.after_meeting or len(self.activities) > 1)
            and self._is_principal(area)
            and f" {area['name']}" not in self.found.sentence.text
        ):
            self._append(area["name"], sentence)

    def _append(
        self, name: str | None, sentence: Sentence, kind: str | None = None, *, is_leg: bool = False
    ) -> None:
        """Add an activity at a site, unless one of the activities was there.

        name: the site, or None. kind: the kind, if neither the sentence nor the tour decides it. is_leg:
        whether the sentence names another leg of the tour. If the place of the first activity lists several
        sites, the site is removed from it.
        """
        first, *others = self.activities
        if name and any(contains(one.place or "", name) for one in others):
            return
        if name and first.place and not is_leg:
            parts = _PARTS.split(first.place)
            left = [part for part in parts if not contains(part, name)]
            if not left:
                if f"{first.place} " in name:
                    self.activities[0] = replace(first, place=name)
                return
            if len(left) < len(parts):
                self.activities[0] = replace(first, place=" and ".join(left))
        another = replace(
            first,
            place=name,
            kind=kind or self._kind_of(sentence),
            evidence=(sentence.text,),
            reasons=(f'"{_before(name, sentence.text)}"',),
        )
        if day := day_in(sentence.text, self.text.reported):
            another = replace(another, day=day, day_from="text")
        self.activities.append(another)

    def _kind_of(self, sentence: Sentence) -> str:
        """Return the kind of the activity at a site: that of its sentence, or that of the tour."""
        own = kind_of("", [], sentence.text)
        return own if own in _OWN_KINDS else self.kind

    def _is_principal(self, match: re.Match[str]) -> bool:
        """Return whether the subject of a sentence is the principal.

        It is "he", "they" if the principal is an official, the name or the family name of the principal, or
        an office of the principal.
        """
        who, names = match["who"], self.activities[0].principal.split()
        if match["they"]:
            return self.activities[0].principal not in data()["leaders"]
        if who is None:
            return True
        before = match.string[: match.start("who")].rpartition(", ")[2]
        words = [*before.split(), who]
        if who.islower():
            vice = "vice-" if before.lower().endswith(("vice-", "vice ")) else ""
            return vice + who in self.offices and not {"of", "deputy"} & set(words)
        is_alone = not words[-2:-1] or words[-2].lower() in self.offices or not words[-2][0].isupper()
        return words[-len(names) :] == names or (who == names[0] and is_alone)


def _is_own(name: str, title: str) -> bool:
    """Return whether a site has a proper name or is in the title, unlike "the workers' hostel"."""
    return name != name.lower() or " ".join(name.split()[-2:]).lower() in title.lower()


def _before(name: str | None, sentence: str) -> str:
    """Return the words of a sentence before the name of a site, or its first words."""
    before = sentence.partition(name)[0] if name and name in sentence else ""
    return before.strip() or " ".join(sentence.split()[:_FIRST_WORDS])


def _is_part(name: str, sentence: str) -> bool:
    """Return whether a sentence names a site together with others: "the Haksan and Sindok mills"."""
    first, *_, last = name.split(" ")
    return f" {first} " in sentence and last.lower() in sentence.lower()
