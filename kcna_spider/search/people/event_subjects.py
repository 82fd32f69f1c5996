"""Find the persons who are the subject of a sentence, and their act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kcna_spider.search.people import act_phrases
from kcna_spider.search.people.activity import Mention
from kcna_spider.search.people.event_lists import END_OF_LIST, HONORIFIC, HONORIFIC_ENDS
from kcna_spider.search.people.found import ACTED, SPOKE, Found
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentences import Sentence
from kcna_spider.search.people.title_phrases import title_before

_BETWEEN = 360  # characters between a name, with its titles, and its verb
_CLAUSE = 40  # least characters between two persons of different clauses
_NOT_SUBJECT = re.compile(
    r"\b(?:by|from|for|with|under|about|that|as|than|sent|message|letter|to|(?<!-)said|when|while|after"
    r"|before|if|whether|quoting|how|what)\b"
    r"|[’']s \w|\b(?:visited|inspected|met|attended|held|given|was|were|is|are)\b"
)
_STOPS = re.compile(
    r"[;:]|\b(?:that|which|where|when|while|after|because|has|had|have|(?<!-)said|sent|received|will"
    r"|would|to be"
    r"|whom)\b|\b(?:was|were|is|are)\b(?! (?:concurrently|also|an?|the) \w+)"
)
_DEPENDS = re.compile(
    r"\b(?:of|to|by|from|for|with|and|as|in|at|on|over|about|under|like|between|against|of the) (?:the )?$"
)
# An age or a relation such as "wife of" after a name: the person is no official.
_NO_OFFICIAL = re.compile(
    r",? \(?\d\d(?:,|\))|, (?:the )?(?:wife|widow|husband|son|daughter|mother|father) of "
)
_JOINED = re.compile(r"(?:,| and\b|together with|along with)[^,]*$")
_OFFICIALS = re.compile(r"\b(?:[Oo]fficials|[Cc]adres|[Oo]fficers|commanders|generals)\b")
_WHO = re.compile(
    r",? who (?:is|was|are|doubles as) [^,;]{3,200}?(?=,| (?:on|met|attended|visited|made|addressed|said"
    r"|delivered|took|left|had|paid|held|stressed|stated|clarified|declared|noted|expressed|signed|presented"
    r"|awarded|arrived|spoke|\w+day)\b| and (?:[A-Z]|others?\b|officials\b))"
    r"| who had (?:taken part|participated) in [^,;]{3,80}?(?= (?:were|was|watched|attended)\b)"
    r"|, who (?:left|went|flew|visited|attended|participated|came)\b[^;]{3,200}?(?=, )"
)
# Phrases that may precede a subject, although words such as "before" or "at" otherwise rule one out.
_AT_WHICH = re.compile(
    r"^.*\b(?:at|during) which $|^(?:Upon|Prior to|Before|After|During|Following) [^,]{3,80}, (?:the )?$"
    r"|^Authorized by (?:the |their )?governments? (?:of \w+ \w+ )?$"
)
# Beginnings of the alternatives of _AT_WHICH, except the first one.
_OPENINGS = ("Upon", "Prior to", "Before", "After", "During", "Following", "Authorized by")
_DEPENDING = 20  # characters; no match of _DEPENDS is longer
_PLAIN_GAP = re.compile(r"[’']s? \w|^ (?:University|Square|Youth|and the)\b")
# Words for what a person said elsewhere than at the meeting.
_NOT_AT_MEETING = re.compile(r"\bKCNA\b|\binterview|\b(?:statement|article|message|letter|told|paper)\b")
_VERBS = re.compile(r"\b(?:was|were|is|are|has|had|have|died)\b(?! (?:concurrently|also|an?|the) \w+)")
_WITH = re.compile(
    r"\b(?:accompanied by|together with|along with|accompanying|including|met|received|with|by"
    r"|greeted|meets|receives|welcomed)\b"
)


def acted(sentence: Sentence, inside: Sequence[Mention]) -> Iterator[Found]:
    """Yield the first subject that an act follows, with the persons named beside the act."""
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
    for pattern, rank in ((act_phrases.ACT, ACTED), (act_phrases.SPEECH, SPOKE)):
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
            and not _PLAIN_GAP.match(sentence.text, m.end - sentence.start)
            and _is_beside(sentence.text, m.start - sentence.start)
        )
        return Found(sentence, subject + others, f'"{match[0]}"', rank)
    return None


def speaker(sentence: Sentence, inside: Sequence[Mention]) -> Found | None:
    """Return the subject of a sentence on what was said at a meeting, or None."""
    subject = _subject(sentence, inside, 0)
    if not subject or _NOT_AT_MEETING.search(sentence.text):
        return None
    end = subject[-1].end - sentence.start
    after = _WHO.sub("", sentence.text[end : end + _BETWEEN])
    said = act_phrases.SAID.search(after)
    if not said or _VERBS.search(after, 0, said.start()):
        return None
    return Found(sentence, subject, f'"{said[0]}"', SPOKE)


def _is_beside(text: str, start: int) -> bool:
    """Return whether a word such as "with" or "met" shows that a person took part too."""
    before = text[max(0, start - 200) : start]
    found = list(_WITH.finditer(before))
    return bool(found) and not END_OF_LIST.search(before[found[-1].end() :])


def _without_opening(before: str) -> str:
    """Return the text before a subject without honorifics, "at which" and openings such as "Upon arrival"."""
    if before.endswith(HONORIFIC_ENDS):
        before = HONORIFIC.sub("", before)
    if before.endswith("which ") or before.startswith(_OPENINGS):
        before = _AT_WHICH.sub("", before)
    return before


def _subject(sentence: Sentence, inside: Sequence[Mention], number: int) -> tuple[Mention, ...]:
    """Return the subject that begins with a person, or an empty tuple if the person is no subject.

    number: the index of the person. The first person of a sentence is its subject unless the words before
    rule it out. A later person is one only after a comma that ends a clause.
    """
    first = inside[number]
    if _NO_OFFICIAL.match(sentence.text, first.end - sentence.start):
        return ()
    before = sentence.text[: first.start - sentence.start]
    if before.endswith("envoy of "):
        return ()
    before = _without_titles(before, first)
    if before.endswith(" including ") and _OFFICIALS.search(before):
        before = ""
    before = _without_opening(before)
    if number:
        previous = inside[number - 1].end - sentence.start
        if not before.endswith((", ", ", and ")) or len(before) - previous < _CLAUSE:
            return ()
    elif _NOT_SUBJECT.search(before) or _DEPENDS.search(before[-_DEPENDING:]):
        return ()
    people = [first]
    for mention in inside[number + 1 :]:
        between = _WHO.sub(
            "", sentence.text[people[-1].end - sentence.start : mention.start - sentence.start]
        )
        if not _JOINED.search(between) or _STOPS.search(between) or act_phrases.ACT.search(between):
            break
        if act_phrases.SPEECH.search(between):
            break
        people.append(mention)
    return tuple(people)


def _without_titles(before: str, mention: Mention) -> str:
    """Return the text before a name without the titles that directly precede the name, joined by "and"."""
    before = re.sub(r"[()]", "", before)
    for title in mention.titles:
        if (ends := before.rstrip(", \n")).endswith(title):
            before = ends[: -len(title)]
            while before.endswith("and ") and (other := title_before(before[: -len("and ")])):
                before = before[: -len(f"{other} and ")]
    return before
