"""The persons whom a sentence shows to have taken part in something. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kcna_spider.search.people import event_phrases as phrases
from kcna_spider.search.people.activity import Mention
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentences import Sentence
from kcna_spider.search.people.title_phrases import title_before

_BETWEEN = 360  # characters between a name, with its titles, and its verb
_LIST_GAP = 230  # characters between two persons of a list
_BESIDE = 150  # characters between a phrase and the person it is about
_CLAUSE = 40  # characters between two persons of different clauses
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
# An age, or whose relative a person is, after the name: no official.
_NO_OFFICIAL = re.compile(
    r",? \(?\d\d(?:,|\))|, (?:the )?(?:wife|widow|husband|son|daughter|mother|father) of "
)
_OTHER_GROUP = re.compile(r"\b(?:[Ss]outh Korea|Koreans in|Chongryon|compatriots)\b.*\b(?:led|headed) by\b")
_OF = re.compile(r"\b(?:of|from|to|on|about|under|for|in|showing|depicting|depicted|praising)(?: the)? $")
_JOINED = re.compile(r"(?:,| and\b|together with|along with)[^,]*$")
_OFFICIALS = re.compile(r"\b(?:[Oo]fficials|[Cc]adres|[Oo]fficers|commanders|generals)\b")
_WHO = re.compile(
    r",? who (?:is|was|doubles as) [^,;]{3,160}?(?=,| (?:on|met|attended|visited|made|addressed|said"
    r"|delivered|took|left|had|paid|held|\w+day)\b)"
)
_PLAIN_GAP = re.compile(r"[’']s? \w|^ (?:University|Square|Youth|and the)\b")
_BY_PARTS = (
    " by",
    "guidance of",
    "direction of",
    "presence of",
    "attendance of",
    "participation of",
)  # of the passive phrases
_WATCHED = re.compile("attended|watched|appreciated|enjoyed|participated")
_SAID = re.compile("made|delivered|read|addressed|given|laid")
_PASSIVE = re.compile(
    r"\b(?:was|were|been|is|are|also|personally|place|held|conducted|launch\w*|drill|met)[ ,]*$"
)
_NOT_IN_PERSON = re.compile("made|delivered|read|addressed|given|laid|conveyed|handed|arranged|hosted")
# What a person says elsewhere than at the meeting of the article.
_NOT_AT_MEETING = re.compile(r"\bKCNA\b|\binterview|\b(?:statement|article|message|letter|told|paper)\b")
_VERBS = re.compile(r"\b(?:was|were|is|are|has|had|have|died)\b(?! (?:concurrently|also|an?|the) \w+)")
_WITH = re.compile(
    r"\b(?:accompanied by|together with|along with|accompanying|including|met|received|with|by"
    r"|greeted|meets|receives|welcomed)\b"
)
_END_OF_LIST = re.compile(
    r":|\b(?:from|on) (?:the )?(?!DPRK|north|Korean|WPK|KPA)\w+ side\b|\b(?:that|who|which) (?:said|noted)"
    r"|\b(?:praised|handed|laid|portraits?|pictures?|photos?|flags?|statues?|paintings?|wreathe?s?"
    r"|baskets?|gifts?|messages?|letters?"
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
    if (present := phrases.PRESENT.search(text)) and (people := _listed(sentence, inside, present.end())):
        rank = COMPANIONS if "ccompan" in present[0] else PRESENT
        if "together with" in present[0]:  # "Present there together with Ri Ho were"
            begin, end = (sentence.start + position for position in present.span())
            people = (*(m for m in inside if begin <= m.start < end), *people)
        yield Found(sentence, people, "list of those present", rank)
        if rank == PRESENT or not present.start():
            return
    yield from _acted(sentence, inside)
    for match in phrases.BY.finditer(text) if any(part in text for part in _BY_PARTS) else ():
        people = _listed(sentence, inside, match.end())
        if people and people[0].name in data()["leaders"] and not _is_in_person(match):
            continue
        if people:
            yield Found(sentence, people, f'"{match[0]}"', _rank_of(match[0]))
    yield from _delegations(sentence, inside)
    yield from _objects(sentence, inside)
    yield from _opening_speech(sentence, inside)


def _is_in_person(match: re.Match[str]) -> bool:
    """Return whether a leader did in person what a passive phrase says: "was guided by", not "given by"."""
    if match[0].endswith("of"):
        return True
    return not _NOT_IN_PERSON.match(match[0]) and bool(_PASSIVE.search(match.string, 0, match.start()))


def listed_after(sentence: Sentence, inside: Sequence[Mention], before: str) -> Found | None:
    """Return the persons of a sentence "Among them were ...", after one that reports what officials did."""
    match = phrases.AMONG_THEM.match(sentence.text)
    if not match or not phrases.OFFICIALS_ACT.search(before):
        return None
    people = _listed(sentence, inside, match.end())
    return Found(sentence, people, "list of those present", PRESENT) if people else None


def _rank_of(phrase: str) -> int:
    """Return the rank of those after a passive phrase: present, in a list; escorts; speakers."""
    for pattern, rank in ((_WATCHED, PRESENT), (_SAID, SPOKE)):
        if pattern.match(phrase):
            return rank
    return COMPANIONS if phrase.startswith("accompanied") else ACTED


def _acted(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield the subject of the sentence or of a clause, with those named beside, if an act follows."""
    for first in range(len(inside)):
        subject = _subject(sentence, inside, first)
        if not subject:
            continue
        if found := _act_of(sentence, inside, subject):
            yield found
            return


def _act_of(sentence: Sentence, inside: Sequence[Mention], subject: tuple[Mention, ...]) -> Found | None:
    end = subject[-1].end - sentence.start
    window = sentence.text[end : end + _BETWEEN]
    after = _WHO.sub("", window)
    shift = len(window) - len(after)
    for pattern, rank in ((phrases.ACT, ACTED), (phrases.SPEECH, SPOKE)):
        match = pattern.search(after)
        if not match or _STOPS.search(after, 0, match.start()) or _PLAIN_GAP.match(after, 0, match.start()):
            continue
        if after.endswith(", who ", 0, match.start()):
            continue  # "Ri Ho, who attended the meeting, said"
        begin = end + match.start() + shift
        others = tuple(
            m
            for m in inside
            if m.start - sentence.start > begin
            and m.name not in data()["leaders"]
            and _is_beside(sentence.text, m.start - sentence.start)
        )
        return Found(sentence, subject + others, f'"{match[0]}"', rank)
    return None


def _is_beside(text: str, start: int) -> bool:
    """Return whether a person is named as one who was there too."""
    before = text[max(0, start - 200) : start]
    found = list(_WITH.finditer(before))
    return bool(found) and not _END_OF_LIST.search(before[found[-1].end() :])


def _subject(sentence: Sentence, inside: Sequence[Mention], number: int) -> tuple[Mention, ...]:
    """Return the subject that a person begins, with those joined; empty where the person is no subject.

    number: of the person. The first one of a sentence is its subject where nothing before speaks against it;
    a later one only after a comma that ends a clause.
    """
    first = inside[number]
    if _NO_OFFICIAL.match(sentence.text, first.end - sentence.start):
        return ()
    before = sentence.text[: first.start - sentence.start]
    if before.endswith(" including ") and _OFFICIALS.search(before):
        before = ""
    before = _HONORIFIC.sub("", _without_titles(before, first))
    if number:
        previous = inside[number - 1].end - sentence.start
        if not before.endswith((", ", ", and ")) or len(before) - previous < _CLAUSE:
            return ()
    elif _NOT_SUBJECT.search(before) or _DEPENDS.search(before):
        return ()
    people = [first]
    for mention in inside[number + 1 :]:
        between = sentence.text[people[-1].end - sentence.start : mention.start - sentence.start]
        if not _JOINED.search(between) or _STOPS.search(between) or phrases.ACT.search(between):
            break
        if phrases.SPEECH.search(between):
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
        if _is_quoted(sentence.text, begin, start):
            continue
        if len(gap) > _LIST_GAP or _END_OF_LIST.search(gap) or re.search(r"[’']s $", gap):
            break
        if (
            _OTHER_GROUP.search(gap)
            or _OF.search(_HONORIFIC.sub("", gap))
            or re.match(r"[’']s? ", sentence.text[mention.end - sentence.start :])
        ):
            continue
        people.append(mention)
        last = mention.end - sentence.start
    return tuple(people)


def _is_quoted(text: str, begin: int, position: int) -> bool:
    """Return whether a position is within a quotation that began after another position."""
    return text.count('"', begin, position) % 2 == 1


def _delegations(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield heads of delegations, in a sentence that reports what a delegation did or who met it."""
    for match in phrases.LED_BY.finditer(sentence.text):
        people = _named_next(sentence, inside, match.end(), _BESIDE)
        act = people and phrases.LED_ACT.search(sentence.text)
        if act:
            is_group = phrases.GROUP.search(sentence.text, 0, match.start())
            yield Found(sentence, people, f'"led by", "{act[0]}"', ACTED if is_group else SPOKE)


def _objects(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield those whom guests met, those who were handed something, and speakers of a passive sentence."""
    for pattern, parts, reach, rank in _OBJECTS:
        if not any(part in sentence.text for part in parts):
            continue
        for match in pattern.finditer(sentence.text):
            if people := _named_next(sentence, inside, match.end(), reach):
                yield Found(sentence, people, f'"{match[0].strip()}"', rank)


def _opening_speech(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield the speaker of a sentence that begins "In a report, ..." or "Addressing the meeting, ..."."""
    match = phrases.IN_A_SPEECH.match(sentence.text)
    if match and (people := _named_next(sentence, inside, match.end(), _BESIDE)):
        yield Found(sentence, people, f'"{match[0].strip()}"', SPOKE)


def speaker(sentence: Sentence, inside: Sequence[Mention]) -> Found | None:
    """Return who said something, if the person is the subject of a sentence; the article is of a meeting."""
    subject = _subject(sentence, inside, 0)
    if not subject or _NOT_AT_MEETING.search(sentence.text):
        return None
    end = subject[-1].end - sentence.start
    after = _WHO.sub("", sentence.text[end : end + _BETWEEN])
    said = phrases.SAID.search(after)
    if not said or _VERBS.search(after, 0, said.start()):
        return None
    return Found(sentence, subject, f'"{said[0]}"', SPOKE)


def _named_next(sentence: Sentence, inside: Sequence[Mention], begin: int, reach: int) -> tuple[Mention, ...]:
    """Return the first person of a list, who is no leader, if named within so many characters."""
    first = _listed(sentence, inside, begin)[:1]
    if not first or first[0].start - sentence.start > begin + reach or first[0].name in data()["leaders"]:
        return ()
    between = sentence.text[begin : first[0].start - sentence.start]
    return () if " by " in between else first  # "handed to an official by Ri Ho" names the other side


# What comes before a person who was met, handed something or spoke; a part of each alternative, without which
# a sentence need not be searched; how far the name may be from it.
_OBJECTS = (
    (
        phrases.TALKS,
        ("alks ", "credentials", " call on ", "meeting", "receiving", "met ", "received"),
        200,
        ACTED,
    ),
    (phrases.MET_OFFICIAL, ("met ", "received", " with ", "visited"), 80, ACTED),
    (phrases.MET, ("met ", " with "), 0, ACTED),
    (phrases.HANDED_TO, ("handed", "presented", "conveyed", "delivered", "given", "passed"), 150, SPOKE),
    (phrases.HANDED_BY, (" to ",), 150, SPOKE),
    (phrases.WHEN_CALLED, ("when ",), 80, ACTED),
    (phrases.SAID_BY, ("said ", "declared ", "stressed ", "noted "), 60, SPOKE),
    (phrases.ASKED, ("asked ",), 80, SPOKE),
    (phrases.ADDRESS_BY, (" by ",), 150, SPOKE),
    (phrases.SPEECH_OF, (" of ",), 80, SPOKE),
)
