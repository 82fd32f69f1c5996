"""Find lists of persons, such as those present, in a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kcna_spider.search.people import event_phrases as phrases
from kcna_spider.search.people.activity import Mention
from kcna_spider.search.people.found import COMPANIONS, PRESENT, Found
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentences import Sentence
from kcna_spider.search.people.title_phrases import is_title_before

_FINITE = re.compile(
    r"(?<!who )\b(?:was|were|said|made|gave|spoke|met|went|visited|attended|held|took|had|is|has)\b(?! also)"
)
LIST = "list of those present"  # the reason of a finding
_LIST_GAP = 330  # characters between two persons of a list
HONORIFIC = re.compile(
    r"(?:\b(?:[Rr]espected|[Gg]reat|[Bb]eloved|[Dd]ear|[Ss]upreme|[Ll]eader|[Cc]omrade|[Ff]atherly"
    r"|[Mm]arshal|General|President|Secretary|Secy\.) )+$"
)
# Each match of HONORIFIC ends with one of these. A text with another end is not searched.
HONORIFIC_ENDS = (
    "espected ", "reat ", "eloved ", "ear ", "upreme ", "eader ", "omrade ", "atherly ", "arshal ",
    "General ", "President ", "Secretary ", "Secy. ",
)  # fmt: skip
_WITH_OTHERS = re.compile(
    "ccompan|(?:entourage|retinue|suite|party) includ|(?:[Rr]eturning|[Ll]eaving|[Dd]eparting|[Aa]rriving)"
)
_OTHER_GROUP = re.compile(
    r"\b(?:[Ss]outh Korea|south side|overseas side|Koreans in|Chongryon|compatriots)\b.*\b(?:led|headed) by\b"
    r"|\b(?:Chinese|Vietnamese|Cambodian|Lao|Laotian|Mongolian|Malaysian|Singaporean|Japanese|of China"
    r"|of Vietnam"
    r"|of Cambodia|of Laos|of Mongolia|of Japan)\b[^,]*\b(?:led|headed) by\b"
)
_OF = re.compile(r"\b(?:of|from|to|on|about|under|for|in|showing|depicting|depicted|praising)(?: the)? $")
END_OF_LIST = re.compile(
    r":|\b(?:from|on) (?:the )?(?!DPRK|north|Korean|WPK|KPA)\w+ side\b|\b(?:that|who|which) (?:said|noted)"
    r"|\b(?:praised|handed|laid|portraits?|pictures?|photos?|flags?|statues?|paintings?|wreathe?s?"
    r"|baskets?|gifts?|messages?|letters?"
    r"|birthday|received by|leadership|teachings|instructions|anniversary|died|passed away)\b"
)


def present(sentence: Sentence, inside: Sequence[Mention]) -> Found | None:
    """Return the persons in a list of those present or accompanying somebody, or None."""
    match = phrases.PRESENT.search(sentence.text)
    if not match or not (people := listed(sentence, inside, match.end())):
        return None
    if "together with" in match[0]:  # "Present there together with Ri Ho were"
        begin, end = (sentence.start + position for position in match.span())
        people = (*(m for m in inside if begin <= m.start < end), *people)
    return Found(sentence, people, LIST, COMPANIONS if _WITH_OTHERS.search(match[0]) else PRESENT)


def listed_after(sentence: Sentence, inside: Sequence[Mention], before: str) -> Found | None:
    """Return the persons of a list that continues the sentence before, or None.

    Such a sentence begins with "Among them were", or has no verb. before: the sentence before.
    """
    match = phrases.AMONG_THEM.match(sentence.text)
    if match and (phrases.OFFICIALS_ACT.search(before) or phrases.INCLUDED.match(before)):
        people = listed(sentence, inside, match.end())
    elif phrases.PRESENT.match(before) and phrases.AND_OFFICIALS.search(sentence.text):
        people = _goes_on(sentence, inside)
    else:
        return None
    return Found(sentence, people, LIST, PRESENT) if people else None


def _goes_on(sentence: Sentence, inside: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the persons of a sentence without a verb, which continues the list of the sentence before."""
    people = listed(sentence, inside, 0)
    first = people[0].start - sentence.start if people else _LIST_GAP
    begins = not sentence.text[:first] or is_title_before(sentence.text[:first], directly=True)
    return people if begins and not _FINITE.search(sentence.text, first) else ()


def listed(sentence: Sentence, inside: Sequence[Mention], begin: int) -> tuple[Mention, ...]:
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
        if len(gap) > _LIST_GAP or END_OF_LIST.search(gap) or re.search(r"[’']s $", gap):
            break
        if (
            _OTHER_GROUP.search(gap)
            or _OF.search(HONORIFIC.sub("", gap))
            or re.match(r"[’']s? ", sentence.text[mention.end - sentence.start :])
        ):
            continue
        people.append(mention)
        last = mention.end - sentence.start
    return tuple(people)


def named_next(
    sentence: Sentence, inside: Sequence[Mention], begin: int, reach: int, *, leaders: bool = False
) -> tuple[Mention, ...]:
    """Return the first person of a list, if within `reach` characters, else an empty tuple.

    leaders: whether the person may be a leader.
    """
    first = listed(sentence, inside, begin)[:1]
    if not first or first[0].start - sentence.start > begin + reach:
        return ()
    if first[0].name in data()["leaders"] and not leaders:
        return ()
    between = sentence.text[begin : first[0].start - sentence.start]
    return () if " by " in between else first  # "handed to an official by Ri Ho" names the other side


def _is_quoted(text: str, begin: int, position: int) -> bool:
    """Return whether a position is within a quotation that starts at or after `begin`."""
    return text.count('"', begin, position) % 2 == 1
