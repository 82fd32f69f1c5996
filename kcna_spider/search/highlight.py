"""Find the matches of a query in a text, and cut the snippet with the most matches."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kcna_spider.search.aliases import others
from kcna_spider.search.query_nodes import All, Either, Near, Node, Once, Text
from kcna_spider.search.tokens import PAIRED, STEMMED, is_one_word, stem, text_parts

_WORD = re.compile(r"[^\W_]+")
_LETTER = rf"(?![{PAIRED}])[^\W_]"  # of a script with blanks between words
_HANGUL = "\u1100"  # from here on nothing is decomposed: the parts of Hangul syllables are no diacritics
_LONGEST_WORD = 30  # characters; a snippet may begin that much earlier, at the start of a word
_LENGTH, _BEFORE = 240, 40  # characters of a snippet, and of its text before the first mark


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a snippet. marked: whether it matches the query."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Highlighter:
    """The compiled terms of a query. patterns: applied to folded texts. stems: those of the query's words."""

    patterns: tuple[re.Pattern[str], ...]
    stems: frozenset[str]

    @classmethod
    def of(cls, query: Node | None, *, aliases: bool = True) -> Highlighter:
        """Return the highlighter of a query without its excluded terms. aliases: mark other spellings too."""
        texts = [*_texts(query)]
        if aliases:
            texts += [
                Text(other, "phrase")
                for text in texts
                if text.kind != "prefix"
                for other in others(text.text)
            ]
        words = [text.text.lower() for text in texts if text.kind == "word" and is_one_word(text.text)]
        return cls(
            tuple(_pattern(text) for text in texts),
            frozenset(stem(word, language) for word in words for language in STEMMED),
        )

    def marks(self, text: str, language: str) -> list[tuple[int, int]]:
        """Return the matches in a text as (start, end), in order and without overlaps."""
        folded = _folded(text)
        found = [match.span() for pattern in self.patterns for match in pattern.finditer(folded)]
        if language in STEMMED and self.stems:
            found += [
                word.span() for word in _WORD.finditer(text) if stem(word[0].lower(), language) in self.stems
            ]
        merged: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            elif end > start:
                merged.append((start, end))
        return merged

    def snippet(self, text: str, language: str, length: int = _LENGTH) -> list[Part]:
        """Return the part of a text with the most marks, or its beginning if it has none.

        length: characters at most, without the ellipses.
        """
        marks = self.marks(text, language)
        start = _best_start(marks, length)
        # Chinese and Japanese texts have no blanks.
        start = text.rfind(" ", max(0, start - _LONGEST_WORD), start) + 1 or start
        end = min(len(text), start + length)
        parts = list(parts_of(text, marks, start, end))
        before = [Part("… ")] if start else []
        return [*before, *parts, *([Part(" …")] if end < len(text) else [])]


def parts_of(text: str, marks: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[Part]:
    """Yield a text from start to end, split at its marks; in unmarked parts line breaks become blanks."""
    at = start
    for first, last in marks:
        if first < at or last > end:
            continue
        if first > at:
            yield Part(" ".join(text[at:first].split("\n")))
        yield Part(text[first:last], marked=True)
        at = last
    if at < end:
        yield Part(" ".join(text[at:end].split("\n")))


def _best_start(marks: Sequence[tuple[int, int]], length: int) -> int:
    best, most, following = 0, 0, 0
    for number, (start, _) in enumerate(marks):
        while following < len(marks) and marks[following][1] <= start + length - _BEFORE:
            following += 1
        if following - number > most:
            best, most = max(0, start - _BEFORE), following - number
    return best


def _texts(node: Node | None) -> Iterator[Text]:
    if isinstance(node, Text):
        yield node
    elif isinstance(node, Near):
        yield from (Text(word, "word") for word in (node.first, node.second))
    elif isinstance(node, Once):
        yield node.text
    elif isinstance(node, All | Either):
        for part in node.parts:
            yield from _texts(part)


def _pattern(text: Text) -> re.Pattern[str]:
    pattern, before = "", ""
    for kind, part in text_parts(_folded(text.text)):
        if before:
            pattern += r"[\W_]+" if before == kind == "word" else r"[\W_]*"
        pattern += re.escape(part) if kind == "run" else rf"(?<!{_LETTER}){re.escape(part)}"
        if kind == "word" and text.kind != "prefix":
            pattern += rf"(?!{_LETTER})"
        before = kind
    return re.compile(pattern + (rf"(?:{_LETTER})*" if text.kind == "prefix" else ""))


def _folded(text: str) -> str:
    """Return a text in lower case without diacritics, with the same number of characters."""
    return "".join(map(_folded_character, text))


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0] if character < _HANGUL else character
    small = base.lower()
    return small if len(small) == 1 else base
