"""Find names of persons in English texts by their form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kcna_spider.search.people.korean_names import Name, korean_names, take
from kcna_spider.search.people.people_words import common_words, data, without_possessive, words
from kcna_spider.search.people.title_phrases import is_title_after, is_title_before

_NO_NAMES = words("places") | words("titles") | words("things") | words("surnames")
_NAME_WORD = re.compile(r"[A-Z][a-zA-Z]*[a-z](?:[-’'][A-Za-z]+)*|(?:[A-Z]\.)+|[A-Z]")
_CONNECTORS = "de|da|dos|del|von|van|bin|al|el|ibn|la"
# A pattern that begins with a set of characters, not with \b, is searched much faster.
_RUN = re.compile(
    rf"[A-Z](?<!\w.)[\w’'-]*\.?(?:[A-Z]\.)*(?:[ \n](?:(?:{_CONNECTORS})[ -])?[A-Z][\w’'-]*(?:(?<=["
    rf" .][A-Z])\.)?(?:[A-Z]\.)*)*"
)
_WORD = re.compile(r"\S+")
_INITIALS = re.compile(r"(?:[A-Z]\.?)+")
_PREPOSITION = re.compile(r"\b(?:the|of|in|at|an?|for) $")
_TITLE_FOLLOWS = re.compile(r", (?:the |an? )?[a-z]")
_MOST_WORDS = 5
_SHORTEST = 3  # letters of a family name alone
# Spellings that the patterns do not find, such as one with the family name last.
_KNOWN = re.compile(
    "|".join(rf"\b{name}\b" for group in data()["united"] for name in group if "Rhee" in name)
)
_REACH = 160  # characters before a name in which its title may be


def names_in(text: str, *, heading: bool = False) -> list[Name]:
    """Return the names of persons in the order of a text. heading: whether all its words are capitalised."""
    taken = bytearray(len(text))  # 1 for each character of a Korean name, or of the name of a thing
    found = list(korean_names(text, heading, taken))
    found += _other_names(text, taken)
    return sorted(found, key=lambda name: name.start)


def _other_names(text: str, taken: bytearray) -> Iterator[Name]:
    for match in _KNOWN.finditer(text) if "Rhee" in text else ():
        if not taken[match.start()]:
            take(taken, match.start(), match.end())
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
            parts = ((0, len(run.rstrip())),)  # Before a title, English words may be a name.
        for first, last in parts:
            if name := _other_name(text, offset + first, offset + last):
                yield name


def _other_name(text: str, start: int, last: int) -> Name | None:
    """Return a span of capitalised words as a name, or None if no title or list shows that it is one."""
    written = without_possessive(text[start:last])
    end = start + len(written)
    several = " " in written or "." in written.rstrip(".")
    before = text[max(0, start - _REACH) : start]
    # The longest preposition has three letters, and a character before it decides whether it is a word.
    if (written.isupper() and _INITIALS.fullmatch(written)) or _PREPOSITION.search(before[-5:]):
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
    """Return the start and end of each part of a run of capitalised words that may be a name.

    Common words and places divide the run. The second value is whether the whole run may be a name.
    """
    found = list(_WORD.finditer(run))
    parts = tuple(_divided((word, _is_name_word(word[0])) for word in found))
    whole = 1 < len(found) <= _MOST_WORDS and all(_may_be_name(word[0]) for word in found)
    return parts, bool(parts) and whole


def _free_parts(run: str, offset: int, taken: bytearray) -> tuple[tuple[int, int], ...]:
    """Return the parts of a run that may be a name and are not taken."""
    words_of_run = _WORD.finditer(run)
    free = ((word, not taken[offset + word.start()] and _is_name_word(word[0])) for word in words_of_run)
    return tuple(_divided(free))


def _divided(found: Iterable[tuple[re.Match[str], bool]]) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sequence of words of a name, with the connectors between them."""
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
    plain = without_possessive(word)
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
