"""The persons whom a sentence shows to have taken part in something. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kcna_spider.search.people import event_phrases as phrases
from kcna_spider.search.people.mentions import Mention
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentences import Sentence
from kcna_spider.search.people.title_phrases import title_before

_BETWEEN = 360  # characters between a name, with its titles, and its verb
_LIST_GAP = 230  # characters between two persons of a list
_NOT_SUBJECT = re.compile(
    r"\b(?:by|from|for|with|under|about|that|as|than|sent|message|letter|to|said|when|while|after"
    r"|before|if|whether|quoting|how|what)\b"
    r"|[’']s \w|\b(?:visited|inspected|met|attended|held|given|was|were|is|are)\b"
)
_STOPS = re.compile(
    r"[;:]|\b(?:that|which|where|when|while|after|because|was|were|is|are|has|had|have|said|sent"
    r"|received|will|would|to be|whom)\b"
    r"(?! (?:concurrently|also|an?|the) \w+)"
)
_HONORIFIC = re.compile(
    r"(?:\b(?:[Rr]espected|[Gg]reat|[Bb]eloved|[Dd]ear|[Ss]upreme|[Ll]eader|[Cc]omrade|[Ff]atherly"
    r"|[Mm]arshal|General|President) )+$"
)
_DEPENDS = re.compile(
    r"\b(?:of|to|by|from|for|with|and|as|in|at|on|over|about|under|like|between|against|of the) (?:the )?$"
)
_JOINED = re.compile(r"(?:,| and\b|together with|along with)[^,]*$")
_WHO = re.compile(
    r",? who (?:is|was|doubles as) [^,;]{3,160}?(?=,| (?:on|met|attended|visited|made|\w+day)\b)"
)
_PLAIN_GAP = re.compile(r"[’']s? \w|^ (?:University|Square|Youth|and (?:the|his))\b")
_WATCHED = re.compile("attended|watched|appreciated|enjoyed|participated")
_SAID = re.compile("made|delivered|read|addressed|given|laid")
_NOT_IN_PERSON = re.compile("made|delivered|read|addressed|given|laid|headed|conveyed|handed")
_WITH = re.compile(
    r"\b(?:accompanied by|together with|along with|accompanying|including|met|received|with|by"
    r"|greeted|meets|receives|welcomed)\b"
)
_END_OF_LIST = re.compile(
    r"[;:]|\b(?:that|who|which) (?:said|noted)|\b(?:praised|handed|laid|wreath|gift|message|letter"
    r"|birthday|leadership|teachings|instructions|anniversary|died|passed away)\b"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Persons who took part. rank: the lowest of an article names the principal; COMPANIONS never does."""

    sentence: Sentence
    people: tuple[Mention, ...]
    reason: str
    rank: int


PRESENT, ACTED, SPOKE, COMPANIONS = 0, 1, 2, 9


def participants(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield who took part, rule by rule. inside: the mentions of persons of the DPRK in the sentence."""
    text = sentence.text
    present = phrases.PRESENT.search(text)
    if present:
        people = _listed(sentence, inside, present.end())
        rank = COMPANIONS if re.search(r"ccompan", present[0]) else PRESENT
        if people:
            yield Found(sentence, people, "list of those present", rank)
        return
    subject = _subject(sentence, inside)
    if subject:
        yield from _acted(sentence, inside, subject)
    for match in phrases.BY.finditer(text):
        people = _listed(sentence, inside, match.end())
        if people and people[0].name in data()["leaders"] and _NOT_IN_PERSON.match(match[0]):
            continue
        if people:
            yield Found(sentence, people, f'"{match[0]}"', _rank_of(match[0]))
    yield from _delegations(sentence, inside)


def _rank_of(phrase: str) -> int:
    """Return the rank of those after a passive phrase: present, in a list; escorts; speakers."""
    for pattern, rank in ((_WATCHED, PRESENT), (_SAID, SPOKE)):
        if pattern.match(phrase):
            return rank
    return COMPANIONS if phrase.startswith("accompanied") else ACTED


def _acted(sentence: Sentence, inside: Sequence[Mention], subject: tuple[Mention, ...]) -> Iterator[Found]:
    end = subject[-1].end - sentence.start
    after = _WHO.sub("", sentence.text[end : end + _BETWEEN])
    shift = len(sentence.text[end : end + _BETWEEN]) - len(after)
    for pattern, rank in ((phrases.ACT, ACTED), (phrases.SPEECH, SPOKE)):
        match = pattern.search(after)
        if (
            match
            and not _STOPS.search(after[: match.start()])
            and not _PLAIN_GAP.match(after[: match.start()])
        ):
            objects = [
                m
                for m in inside
                if m.start - sentence.start > end + match.start() + shift
                and _is_beside(sentence.text, m.start - sentence.start)
            ]
            others = tuple(m for m in objects if m.name not in data()["leaders"])
            yield Found(sentence, subject + others, f'"{match[0]}"', rank)
            return


def _is_beside(text: str, start: int) -> bool:
    """Return whether a person is named as one who was there too."""
    before = text[max(0, start - 200) : start]
    found = list(_WITH.finditer(before))
    return bool(found) and not _END_OF_LIST.search(before[found[-1].end() :])


def _subject(sentence: Sentence, inside: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the persons who are the subject of a sentence: the first one, and those joined to it."""
    first = inside[0]
    before = sentence.text[: first.start - sentence.start]
    before = before.rpartition(" including ")[2] if before.endswith(" including ") else before
    before = _HONORIFIC.sub("", _without_titles(before, first))
    if _NOT_SUBJECT.search(before) or _DEPENDS.search(before):
        return ()
    people = [first]
    for mention in inside[1:]:
        between = sentence.text[people[-1].end - sentence.start : mention.start - sentence.start]
        if (
            not _JOINED.search(between)
            or phrases.ACT.search(between)
            or phrases.SPEECH.search(between)
            or _STOPS.search(between)
        ):
            break
        people.append(mention)
    return tuple(people)


def _without_titles(before: str, mention: Mention) -> str:
    """Return the text before a name without the titles that directly precede the name, joined by "and"."""
    before = re.sub(r"[()]", "", before)
    for title in mention.titles:
        if before.rstrip().endswith(title):
            before = before.rstrip()[: -len(title)]
            while before.endswith("and ") and (other := title_before(before[: -len("and ")])):
                before = before[: -len(f"{other} and ")]
    return before


def _listed(sentence: Sentence, inside: Sequence[Mention], begin: int) -> tuple[Mention, ...]:
    """Return the persons of a list that begins at a position of the sentence."""
    people: list[Mention] = []
    last = begin
    for mention in inside:
        start = mention.start - sentence.start
        if start < begin:
            continue
        gap = sentence.text[last:start]
        if len(gap) > _LIST_GAP or _END_OF_LIST.search(gap) or re.search(r"[’']s $", gap):
            break
        if re.search(
            r"\b(?:of|for|in) (?:the )?(?:\w+ )?(?:leader |President |Marshal |General |Chairman )$", gap
        ) or re.match(r"[’']s? ", sentence.text[mention.end - sentence.start :]):
            continue
        people.append(mention)
        last = mention.end - sentence.start
    return tuple(people)


def _delegations(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield heads of delegations, those whom guests met, and those who were handed something."""
    for match in phrases.LED_BY.finditer(sentence.text):
        begin, end = match.span("list")
        people = tuple(m for m in inside if begin <= m.start - sentence.start < end)
        if people:
            yield Found(sentence, people[:1], f'"led by", "{match["act"]}"', ACTED)
    for pattern, reach, rank in _OBJECTS:
        for match in pattern.finditer(sentence.text):
            first = _listed(sentence, inside, match.end())[:1]
            if not first or first[0].start - sentence.start > match.end() + reach:
                continue
            if first[0].name not in data()["leaders"]:
                yield Found(sentence, first, f'"{match[0].strip()}"', rank)


# What comes before a person who was met, handed something or spoke, and how far the name may be from it.
_OBJECTS = (
    (phrases.TALKS, 200, ACTED),
    (phrases.MET_OFFICIAL, 80, ACTED),
    (phrases.HANDED_TO, 150, SPOKE),
    (phrases.ADDRESS_BY, 150, SPOKE),
)
