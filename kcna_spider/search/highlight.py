"""Find the matches of a query in a text, and cut the snippet with the most matches."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kcna_spider.search.aliases import others
from kcna_spider.search.query_nodes import All, Either, Near, Node, Once, Text
from kcna_spider.search.tokens import PAIRED, STEMMED, is_one_word, plain_letters, stem, text_parts

_WORD = re.compile(r"[^\W_]+")
# Letters of scripts with blanks between words
_LETTERS = re.compile(rf"(?:(?![{PAIRED}])[^\W_])+")
# From here on nothing is decomposed, except Latin letters: the parts of Hangul syllables are no diacritics.
_HANGUL, _VIETNAMESE = "\u1100", ("\u1e00", "\u1eff")
_LONGEST_WORD = 30  # characters; a snippet may begin that much earlier, at the start of a word
_LENGTH, _BEFORE = 240, 40  # characters of a snippet, and of its text before the first mark


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a snippet. marked: whether it matches the query."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class _Term:
    """A compiled term. after_word, before_word: whether it may begin after, or end before, another letter.

    is_prefix: whether the rest of the last word belongs to it.

    The ends are checked here and not by the pattern, because a pattern with classes of letters takes
    milliseconds to compile, and a query may have a thousand spellings.
    """

    pattern: re.Pattern[str]
    after_word: bool
    before_word: bool
    is_prefix: bool

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the matches in a folded text as (start, end), without overlaps."""
        at = 0
        while match := self.pattern.search(text, at):
            start, end = match.span()
            if (
                end == start
                or (not self.after_word and start and _LETTERS.match(text, start - 1))
                or (not self.before_word and _LETTERS.match(text, end))
            ):
                at = start + 1
                continue
            if self.is_prefix and (rest := _LETTERS.match(text, end)):
                end = rest.end()
            yield start, end
            at = end


@dataclass(frozen=True, slots=True)
class Highlighter:
    """The compiled terms of a query. terms: applied to folded texts. stems: those of the query's words."""

    terms: tuple[_Term, ...]
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
        words = [
            plain_letters(text.text.lower())
            for text in texts
            if text.kind == "word" and is_one_word(text.text)
        ]
        return cls(
            tuple(map(_term, texts)),
            frozenset(stem(word, language) for word in words for language in STEMMED),
        )

    def marks(self, text: str, language: str) -> list[tuple[int, int]]:
        """Return the matches in a text as (start, end), in order and without overlaps."""
        folded = _folded(text)
        found = [span for term in self.terms for span in term.spans(folded)]
        if language in STEMMED and self.stems:
            found += [
                word.span()
                for word in _WORD.finditer(plain_letters(text))
                if stem(word[0].lower(), language) in self.stems
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


def _term(text: Text) -> _Term:
    pattern, before = "", ""
    parts = text_parts(_folded(text.text))
    for kind, part in parts:
        if before:
            pattern += r"[\W_]+" if before == kind == "word" else r"[\W_]*"
        pattern += re.escape(part)
        before = kind
    is_prefix = text.kind == "prefix"
    ends_with_run = not parts or parts[-1][0] == "run"
    return _Term(
        re.compile(pattern or "(?!)"),
        after_word=not parts or parts[0][0] == "run",
        before_word=ends_with_run or is_prefix,
        is_prefix=is_prefix,
    )


def _folded(text: str) -> str:
    """Return a text in lower case without diacritics, with the same number of characters."""
    return "".join(map(_folded_character, text))


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    character = plain_letters(character)
    is_latin = character < _HANGUL or _VIETNAMESE[0] <= character <= _VIETNAMESE[1]
    base = unicodedata.normalize("NFD", character)[0] if is_latin else character
    small = base.lower()
    return small if len(small) == 1 else base
