"""Find Korean names in English texts by their form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from kcna_spider.search.people.people_words import common_words, data, without_possessive, words
from kcna_spider.search.people.title_phrases import is_title_after, is_title_before


def _by_first_letter(names: Iterable[str]) -> str:
    """Return a pattern of names that is fast because it groups them by the first letter."""
    rest: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        rest.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{letter}(?:{'|'.join(ends)})" for letter, ends in rest.items())


_SURNAMES = _by_first_letter(words("surnames"))
_CAPITALS = _by_first_letter(name.upper() for name in words("surnames"))
# Two capitalised words. A pattern that begins with a set of characters is searched much faster.
_TWO_WORDS = re.compile(r"[A-Z](?<![^\W\d].)[a-z]{0,8}(?=\s{1,2}[A-Z])")
# A last syllable in lower case, as in some texts of 1997 and 2000, if a title follows.
_MISPRINT = (
    "[a-z]{2,5}(?=, (?:the )?[a-z-]*"
    "(?:secretary|[Mm]inister|chairman|president|premier|director|member)s?\\b)"
)
_KOREAN = re.compile(
    rf"(?P<surname>{_SURNAMES})\s{{1,2}}(?P<first>[A-Z][a-z]{{0,8}})"
    rf"(?:(?:\s{{1,2}}|-)(?P<second>[A-Z][a-z]{{0,5}}|(?<=-)[a-z]{{1,5}}|{_MISPRINT}))?(?!\w|-(?:[a-z]|$))"
)
_TWO_IN_CAPITALS = re.compile(r"[A-Z](?<!\w.)[A-Z]{0,6}(?=\s{1,2}[A-Z]{2})")
_KOREAN_CAPITALS = re.compile(rf"(?:{_CAPITALS})\s{{1,2}}[A-Z]{{2,6}}\s{{1,2}}[A-Z]{{1,6}}\b")
# A syllable in the spellings of the North and of the South.
_SYLLABLE = (
    "(?:kh|th|ph|ch|kk|tt|pp|ss|sh|[kntrmpsjhgdbylcw])?"
    "(?:yae|yeo|wae|woo|you|ya|yo|yu|ye|wa|wo|we|wi|oe|ae|ui|eo|eu|ee|oo|a|o|u|i|e)"
    "(?:ng|ck|rk|[knlmptr])?"
)
_ONE = re.compile(_SYLLABLE, re.IGNORECASE)
_TWO = re.compile(_SYLLABLE * 2, re.IGNORECASE)
_WORD_AFTER = re.compile(r"[ \n]((?:[A-Z][\w’'-]* ?){1,4})")
_BEFORE_THING = re.compile(rf"(?:{data()['before_things']}) $")
_LIST_BEFORE = (", ", " and ", "were ")  # before a person of a list
_LIST_GOES_ON = (", ", " a", ".", ". ", ".\n")  # after a person of a list
_NOT_GIVEN = ("In", "To", "At", "On", "Is", "A", "I", "No", "He", "We", "Be", "Do", "Or", "As", "An")
_AFTER_GIVEN = (",", " who ", " left", " made", " met ", " said", " and ")
_NOT_GIVEN_CAPITALS = frozenset(
    ("The", "And", "In", "To", "On", "Of", "By", "His", "Way", "Met", "With", "At", "Was", "Has")
)
# Words of `places` that are syllables of given names, and ambiguous family names that are no English words.
_SYLLABLES_TOO, _NO_WORDS = ("Hong", "Sin", "San", "Kong"), ("Han", "Pang", "Chong")
_REACH = 160  # characters before a name in which its title may be


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text. start, end: character positions. korean: whether it has the form of a Korean name."""

    start: int
    end: int
    text: str
    korean: bool


def korean_names(text: str, heading: bool, taken: bytearray) -> Iterator[Name]:
    """Yield Korean names, and mark them and the names of things as taken.

    heading: whether the text is a title. taken: a byte for each character of the text, 1 if it is taken.
    """
    for match in _matches(_TWO_IN_CAPITALS, _KOREAN_CAPITALS, text):
        written = match[0].title()
        surname, first, second = written.split()
        if first in _NOT_GIVEN_CAPITALS or second in _NOT_GIVEN_CAPITALS:
            continue
        if _is_korean(surname, first, second, text, match.start(), match.end()):
            take(taken, match.start(), match.end())
            yield Name(match.start(), match.end(), " ".join(written.split()), True)
    for match in _matches(_TWO_WORDS, _KOREAN, text):
        surname, first, second = match["surname"], match["first"], match["second"] or ""
        end = match.end()
        if second and not _is_second(second, text[end : end + 5], heading):
            second, end = "", match.end("first")
        if _is_thing(text, match.start(), end, heading):
            take(taken, match.start(), end)
        elif _is_korean(surname, first, second, text, match.start(), end):
            take(taken, match.start(), end)
            parts = [surname, first, second.capitalize()] if second else [surname, first]
            # KCNA separates the two syllables of a given name; a Chinese name has them in one word.
            yield Name(match.start(), end, " ".join(parts), bool(second) or bool(_ONE.fullmatch(first)))


def _is_second(word: str, after: str, heading: bool) -> bool:
    """Return whether a word is the second syllable of a given name. after: the five characters after it.

    Words such as "On" are syllables before a comma, "who" or a verb, because a preposition has none after it.
    """
    if not _ONE.fullmatch(word):
        return False
    return word not in _NOT_GIVEN or (
        not heading and word != "I" and (word == "Do" or after.startswith(_AFTER_GIVEN))
    )


def _matches(candidates: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that begin at a candidate, without overlaps."""
    end = 0
    for candidate in candidates.finditer(text):
        start = candidate.start()
        if start >= end and (match := pattern.match(text, start)):
            end = match.end()
            yield match


def _is_korean(surname: str, first: str, second: str, text: str, start: int, end: int) -> bool:
    if not _is_given(first, bool(second)) or (first, second) == ("Hong", "Kong"):
        return False
    if second:
        return True
    if first.lower() in common_words():
        return False
    if surname in words("ambiguous_surnames"):
        return surname in _NO_WORDS and is_title_after(text, end)
    in_list = text[max(0, start - 5) : start].endswith(_LIST_BEFORE) and text[end : end + 2] in _LIST_GOES_ON
    return in_list or is_title_after(text, end) or is_title_before(text[max(0, start - _REACH) : start])


@lru_cache(maxsize=1 << 14)
def _is_given(first: str, followed: bool) -> bool:
    """Return whether a word is a given name, or the first syllable of one."""
    if first in words("places") and not (followed and first in _SYLLABLES_TOO):
        return False
    return bool(_ONE.fullmatch(first) or (not followed and _TWO.fullmatch(first)))


def _is_thing(text: str, start: int, end: int, heading: bool) -> bool:
    """Return whether a name is a part of the name of a thing: Kim Il Sung Square, Order of Kim Il Sung."""
    if _BEFORE_THING.search(text, max(0, start - 20), start):
        return True
    after = _WORD_AFTER.match(text, end, end + 60)
    if not after:
        return False
    following = [without_possessive(word).lower() for word in after[1].split()]
    if heading:  # "Kim Jong Un Visits Mill" has a verb between
        second = following[1:2] if not following[0].endswith("s") else []
        following = following[:1] + second
    return any(word in words("things") for word in following)


def take(taken: bytearray, start: int, end: int) -> None:
    """Mark the characters of a name as taken."""
    taken[start:end] = b"\1" * (end - start)
