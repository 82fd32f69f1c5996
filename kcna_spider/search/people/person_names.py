"""Names of persons in English texts, by their form. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from kcna_spider.search.people.people_words import common_words, data, words
from kcna_spider.search.people.title_phrases import is_title_after, is_title_before


def _by_first_letter(names: Iterable[str]) -> str:
    """Return a pattern of names that tries only those with the letter at hand."""
    rest: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        rest.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{letter}(?:{'|'.join(ends)})" for letter, ends in rest.items())


_SURNAMES = _by_first_letter(words("surnames"))
_CAPITALS = _by_first_letter(name.upper() for name in words("surnames"))
_KOREAN = re.compile(
    rf"\b(?P<surname>{_SURNAMES})\s(?P<first>[A-Z][a-z]{{0,8}})"
    r"(?:[\s-](?P<second>[A-Z][a-z]{0,5}|(?<=-)[a-z]{1,5}))?"
    rf"(?![\w-])|\b(?P<capitals>(?:{_CAPITALS})\s[A-Z]{{2,6}}\s[A-Z]{{1,6}})\b"
)
# A syllable in the spellings of the North and of the South.
_SYLLABLE = (
    "(?:kh|th|ph|ch|kk|tt|pp|ss|sh|[kntrmpsjhgdbylcw])?"
    "(?:yae|yeo|wae|woo|you|ya|yo|yu|ye|wa|wo|we|wi|oe|ae|ui|eo|eu|ee|oo|a|o|u|i|e)"
    "(?:ng|ck|rk|[knlmptr])?"
)
_ONE = re.compile(_SYLLABLE, re.IGNORECASE)
_TWO = re.compile(_SYLLABLE * 2, re.IGNORECASE)
_NO_NAMES = words("places") | words("titles") | words("things") | words("surnames")
_NAME_WORD = re.compile(r"[A-Z][a-zA-Z]*[a-z](?:[-’'][A-Za-z]+)*|(?:[A-Z]\.)+|[A-Z]")
_CONNECTORS = "de|da|dos|del|von|van|bin|al|el|ibn|la"
_RUN = re.compile(
    rf"\b[A-Z][\w’'-]*\.?(?:[A-Z]\.)*(?:[ \n](?:(?:{_CONNECTORS})[ -])?[A-Z][\w’'-]*(?:(?<=["
    rf" .][A-Z])\.)?(?:[A-Z]\.)*)*"
)
_WORD_AFTER = re.compile(r"[ \n]((?:[A-Z][\w’'-]* ?){1,4})")
_BEFORE_THING = re.compile(rf"(?:{data()['before_things']}) $")
_POSSESSIVE = re.compile(r"[’']s?$")
_LIST_GOES_ON = (", ", " a", ".", ". ", ".\n")  # after a person of a list
_WORD = re.compile(r"\S+")
_INITIALS = re.compile(r"(?:[A-Z]\.?)+")
_PREPOSITION = re.compile(r"\b(?:the|of|in|at|an?|for) $")
_TITLE_FOLLOWS = re.compile(r", (?:the |an? )?[a-z]")
_NOT_GIVEN = ("In", "To", "At", "On", "Is", "A", "I", "No", "He", "We", "Be", "Do", "Or", "As", "An")
_NOT_GIVEN_CAPITALS = (
    "The",
    "And",
    "In",
    "To",
    "On",
    "Of",
    "By",
    "His",
    "Way",
    "Met",
    "With",
    "At",
    "Was",
    "Has",
)
_MOST_WORDS = 5
_SHORTEST = 3  # letters of a family name alone
# Spellings that the grammar does not find: the family name is last.
_KNOWN = re.compile(
    "|".join(rf"\b{name}\b" for group in data()["united"] for name in group if "Rhee" in name)
)
_REACH = 160  # characters before a name in which its title may be


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the text writes it, and where. korean: it has the form of a Korean name."""

    start: int
    end: int
    text: str
    korean: bool


def names_in(text: str, *, heading: bool = False) -> list[Name]:
    """Return the names of persons in a text, in its order. heading: every word has a capital letter."""
    taken = bytearray(len(text))  # 1 for each character of a Korean name, or of the name of a thing
    found = list(_korean_names(text, heading, taken))
    found += _other_names(text, taken)
    return sorted(found, key=lambda name: name.start)


def _korean_names(text: str, heading: bool, taken: bytearray) -> Iterator[Name]:
    """Yield Korean names, and mark them and the names of things as taken."""
    for match in _KOREAN.finditer(text):
        if match["capitals"]:
            written = match["capitals"].title()
            surname, first, second = written.split()
            if first in _NOT_GIVEN_CAPITALS or second in _NOT_GIVEN_CAPITALS:
                continue
            if _is_korean(surname, first, second, text, match.start(), match.end()):
                _take(taken, match.start(), match.end())
                yield Name(match.start(), match.end(), " ".join(written.split()), True)
            continue
        surname, first, second = match["surname"], match["first"], match["second"] or ""
        end = match.end()
        if second and (not _ONE.fullmatch(second) or second in _NOT_GIVEN):
            second, end = "", match.end("first")
        if _is_thing(text, match.start(), end, heading):
            _take(taken, match.start(), end)
        elif _is_korean(surname, first, second, text, match.start(), end):
            _take(taken, match.start(), end)
            parts = [surname, first, second.capitalize()] if second else [surname, first]
            # KCNA writes two syllables apart; a Chinese name has them in one word.
            yield Name(match.start(), end, " ".join(parts), bool(second) or bool(_ONE.fullmatch(first)))


def _is_korean(surname: str, first: str, second: str, text: str, start: int, end: int) -> bool:
    if not _is_given(first, bool(second)):
        return False
    if second:
        return True
    if surname in words("ambiguous_surnames") or first.lower() in common_words():
        return False
    in_list = (
        text[max(0, start - 5) : start].endswith((", ", " and ")) and text[end : end + 2] in _LIST_GOES_ON
    )
    return in_list or is_title_after(text, end) or is_title_before(text[max(0, start - _REACH) : start])


@lru_cache(maxsize=1 << 14)
def _is_given(first: str, followed: bool) -> bool:
    """Return whether a word is a given name, or the first syllable of one."""
    if first in words("places"):
        return False
    return bool(_ONE.fullmatch(first) or (not followed and _TWO.fullmatch(first)))


def _is_thing(text: str, start: int, end: int, heading: bool) -> bool:
    """Return whether a name is a part of the name of a thing: Kim Il Sung Square, Order of Kim Il Sung."""
    if _BEFORE_THING.search(text, max(0, start - 20), start):
        return True
    after = _WORD_AFTER.match(text, end, end + 60)
    if not after:
        return False
    following = [_POSSESSIVE.sub("", word).lower() for word in after[1].split()]
    if heading:  # "Kim Jong Un Visits Mill" has a verb between
        second = following[1:2] if not following[0].endswith("s") else []
        following = following[:1] + second
    return any(word in words("things") for word in following)


def _take(taken: bytearray, start: int, end: int) -> None:
    taken[start:end] = b"\1" * (end - start)


def _other_names(text: str, taken: bytearray) -> Iterator[Name]:
    for match in _KNOWN.finditer(text) if "Rhee" in text else ():
        if not taken[match.start()]:
            _take(taken, match.start(), match.end())
            yield Name(match.start(), match.end(), match[0], False)
    for match in _RUN.finditer(text):
        run, offset = match[0], match.start()
        parts, may_be_name = _parts_of(run)
        if not parts:
            continue
        end = match.end()
        if taken.find(1, offset, end) >= 0:
            parts = _free_parts(run, offset, taken)
        elif may_be_name and is_title_after(text, end):
            parts = ((0, len(run.rstrip())),)  # before a title, the words of a name may be English words too
        for first, last in parts:
            if name := _other_name(text, offset + first, offset + last):
                yield name


def _other_name(text: str, start: int, last: int) -> Name | None:
    """Return the name that words without a Korean name are, if a title is beside them."""
    written = _POSSESSIVE.sub("", text[start:last])
    end = start + len(written)
    several = " " in written or "." in written.rstrip(".")
    before = text[max(0, start - _REACH) : start]
    if _INITIALS.fullmatch(written) or _PREPOSITION.search(before):
        return None
    if several:
        is_name = is_title_after(text, end) or is_title_before(before)
    else:
        is_name = _is_surname(written, before, text, end)
    return Name(start, end, " ".join(written.split()), False) if is_name else None


def _is_surname(written: str, before: str, text: str, end: int) -> bool:
    if written in words("surname_alone"):
        return True
    if len(written) < _SHORTEST or written in words("surnames"):
        return False
    begins = not before or before[-1] == "\n" or before.endswith((". ", "and "))
    return is_title_before(before, directly=True) or (
        begins and bool(_TITLE_FOLLOWS.match(text, end)) and is_title_after(text, end)
    )


@lru_cache(maxsize=1 << 16)
def _parts_of(run: str) -> tuple[tuple[tuple[int, int], ...], bool]:
    """Return begin and end of the words of a run of capitalised words that may be a name.

    Common words and places divide the run. The second value is whether the whole run may be a name.
    """
    found = list(_WORD.finditer(run))
    parts = tuple(_divided((word, _is_name_word(word[0])) for word in found))
    whole = 1 < len(found) <= _MOST_WORDS and all(_may_be_name(word[0]) for word in found)
    return parts, bool(parts) and whole


def _free_parts(run: str, offset: int, taken: bytearray) -> tuple[tuple[int, int], ...]:
    """Return the parts of a run outside of Korean names."""
    words_of_run = _WORD.finditer(run)
    free = ((word, not taken[offset + word.start()] and _is_name_word(word[0])) for word in words_of_run)
    return tuple(_divided(free))


def _divided(found: Iterable[tuple[re.Match[str], bool]]) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each sequence of words that are of a name, connectors within included."""
    begin = last = -1
    for word, is_name in found:
        if is_name:
            begin, last = (word.start() if begin < 0 else begin), word.end()
        elif begin >= 0 and word[0] not in _CONNECTORS.split("|"):
            yield begin, last
            begin = -1
    if begin >= 0:
        yield begin, last


@lru_cache(maxsize=1 << 16)
def _may_be_name(word: str) -> bool:
    return bool(_NAME_WORD.fullmatch(word)) and not (word in _NO_NAMES or word.lower() in _NO_NAMES)


@lru_cache(maxsize=1 << 16)
def _is_name_word(word: str) -> bool:
    plain = _POSSESSIVE.sub("", word)
    if not _NAME_WORD.fullmatch(plain) or plain in words("places"):
        return False
    small = plain.lower()
    stems = (
        small,
        small.removesuffix("s"),
        small.removesuffix("ed"),
        small.removesuffix("es"),
        small.split("-")[0],
    )
    return not any(stem in common_words() for stem in stems)
