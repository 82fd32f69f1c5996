"""Find the persons who took part in something according to a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kcna_spider.search.people import event_phrases as phrases
from kcna_spider.search.people.activity import Mention
from kcna_spider.search.people.event_lists import listed, named_next, present
from kcna_spider.search.people.event_subjects import acted
from kcna_spider.search.people.found import ACTED, COMPANIONS, PRESENT, SPOKE, Found
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentences import Sentence

_BESIDE = 150  # characters between a phrase and the person it is about
# Parts of the passive phrases. A sentence without any of them is not searched.
_BY_PARTS = (
    " by", "guidance of", "direction of", "presence of", "attendance of", "participation of", "company with",
    "together with", "along with",
)  # fmt: skip
_WATCHED = re.compile("attended|watched|appreciated|enjoyed|participated")
_SAID = re.compile("made|delivered|read|addressed|given|laid")
_RECALLED = re.compile(r"\b(?:which|that) (?:was|were) (?:\w+ )?$")  # "which was watched by Kim Jong Il"
_PASSIVE = re.compile(r"\b(?:was|were|been|also|personally|place|held|conducted|launch\w*|drill|met)[ ,]*$")
_ADDRESS = re.compile(r"\b(?:[Rr]eport|[Ss]peech|[Aa]ddress|[Ll]ecture|[Rr]emarks)")
_BETWEEN = " between "  # talks that a leader held in person
_OTHER_SPEAKER = re.compile(r"(?:the|he|she|they|it)\b")  # "In his speech, the king wished Ri Ho"
_NOT_IN_PERSON = re.compile("made|delivered|read|addressed|given|laid|conveyed|handed|arranged|hosted")


def participants(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield the findings of each rule. inside: the mentions of persons of the DPRK in the sentence."""
    if one := present(sentence, inside):
        yield one
        if one.rank == PRESENT or phrases.PRESENT.match(sentence.text):
            return
    yield from acted(sentence, inside)
    yield from _passive(sentence, inside)
    yield from _delegations(sentence, inside)
    yield from _objects(sentence, inside)
    yield from _second_receivers(sentence, inside)
    yield from _opening_speech(sentence, inside)


def _passive(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield the persons after a passive verb: "was attended by"."""
    if not any(part in sentence.text for part in _BY_PARTS):
        return
    for match in phrases.BY.finditer(sentence.text):
        if match[0].startswith(("made", "delivered")) and not _ADDRESS.search(
            sentence.text, 0, match.start()
        ):
            continue  # "hats made by"
        people = listed(sentence, inside, match.end())
        if people and (people[0].name not in data()["leaders"] or _is_in_person(match)):
            yield Found(sentence, people, f'"{match[0]}"', _rank_of(match[0]))


def _is_in_person(match: re.Match[str]) -> bool:
    """Return whether a passive phrase reports an act in person: "was guided by", not "given by"."""
    if match[0].endswith(("of", "with")):
        return True
    if _RECALLED.search(match.string, 0, match.start()):
        return False
    return not _NOT_IN_PERSON.match(match[0]) and bool(_PASSIVE.search(match.string, 0, match.start()))


def _rank_of(phrase: str) -> int:
    """Return the rank of the persons after a passive phrase."""
    for pattern, rank in ((_WATCHED, PRESENT), (_SAID, SPOKE)):
        if pattern.match(phrase):
            return rank
    return COMPANIONS if phrase.startswith("accompanied") else ACTED


def _delegations(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield the heads of delegations, if the sentence reports what a delegation did or who met it."""
    for match in phrases.LED_BY.finditer(sentence.text):
        people = named_next(sentence, inside, match.end(), _BESIDE)
        act = people and phrases.LED_ACT.search(sentence.text)
        if act:
            is_group = phrases.GROUP.search(sentence.text, 0, match.start())
            yield Found(sentence, people, f'"led by", "{act[0]}"', ACTED if is_group else SPOKE)


def _objects(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield persons whom guests met, persons who handed over or were handed something, and speakers."""
    for pattern, parts, reach, rank in _OBJECTS:
        if not any(part in sentence.text for part in parts):
            continue
        for match in pattern.finditer(sentence.text):
            if people := named_next(sentence, inside, match.end(), reach, leaders=_BETWEEN in match[0]):
                yield Found(sentence, people, f'"{match[0].strip()}"', rank)


def _second_receivers(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield further persons who were handed something: "handed to Kim A by B, and to Ri C by D"."""
    if "and to " not in sentence.text or not (handed := phrases.HANDED_TO.search(sentence.text)):
        return
    for match in phrases.AND_TO.finditer(sentence.text, handed.end()):
        if people := named_next(sentence, inside, match.end(), _BESIDE):
            yield Found(sentence, people, '"and to"', SPOKE)


def _opening_speech(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield the speaker of a sentence that begins "In a report, ..." or "Addressing the meeting, ..."."""
    match = phrases.IN_A_SPEECH.match(sentence.text)
    if not match or _OTHER_SPEAKER.match(sentence.text, match.end()):
        return
    if people := named_next(sentence, inside, match.end(), _BESIDE):
        yield Found(sentence, people, f'"{match[0].strip()}"', SPOKE)


# Each row has a pattern of the phrase before a person, parts of the phrase without which a sentence is not
# searched, the greatest distance of the name in characters, and the rank.
_OBJECTS = (
    (
        phrases.TALKS,
        (
            "alks ",
            "iews were",
            " in hono",
            "credentials",
            " call",
            "meeting",
            "receiving",
            "met ",
            "received",
        ),
        200,
        ACTED,
    ),
    (phrases.MET_OFFICIAL, ("met ", "received", "informed ", " with ", "visited"), 80, ACTED),
    (phrases.MET_HEAD, ("met ", "received ", "conversed with "), 130, ACTED),
    (phrases.MET, ("met ", " with "), 0, ACTED),
    (phrases.HANDED_TO, ("handed", "presented", "conveyed", "delivered", "given", "passed"), 150, SPOKE),
    (phrases.AND_BETWEEN, ("alks were", "alks took"), 150, ACTED),
    (phrases.HANDED_BY, (" to ",), 150, SPOKE),
    (phrases.HANDED_TO_BY, (" by ",), 80, SPOKE),
    (phrases.WHEN_CALLED, ("when ",), 80, ACTED),
    (phrases.SAID_BY, ("said ", "declared ", "stressed ", "noted "), 60, SPOKE),
    (phrases.ASKED, ("asked ",), 80, SPOKE),
    (phrases.ADDRESS_BY, (" by ",), 150, SPOKE),
    (phrases.SPEECH_OF, (" of ",), 80, SPOKE),
)
