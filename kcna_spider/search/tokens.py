"""Turn texts and queries into words that SQLite's tokenizer `unicode61` splits correctly.

Hangul, kana and Han are written in runs without blanks. Each run becomes overlapping pairs of characters and
its last character, so that a phrase of pairs finds exactly what a search for the substring would find.
A second index has each word of Latin and Cyrillic letters once for each text. English and Spanish words are
indexed by their stems, with a mark of the language before each stem. Words of titles are indexed once more,
with a mark of the title. A change of these rules needs a new `tables.SCHEMA_VERSION`, because FTS5 removes a
row correctly only if it is given the words that were indexed.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from kcna_spider.exceptions import KcnaError

STEMMED = {"en": "english", "es": "spanish"}
# Marks of stems and of words in titles: Georgian letters, which no article contains.
_MARKS = {"en": "\u10d0", "es": "\u10d1", "title": "\u10d2"}
# Characters of Hangul, kana and Han that `unicode61` treats as letters.
PAIRED = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f"
)
_RUN = re.compile(f"[{PAIRED}]+")
_WORD = re.compile(r"[^\W_]+")
# A word of Latin and Cyrillic letters, which `unicode61` never splits.
_PLAIN_WORD = re.compile(
    "[0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u0481\u048a-\u0527\u1e00-\u1eff]+"
)
# Full-width forms in Japanese and Chinese texts, and the Russian letter whose dots are mostly omitted
_PLAIN = {**{number: number - 0xFEE0 for number in range(0xFF01, 0xFF5F)}, **str.maketrans("ёЁ", "еЕ")}
_PART = re.compile(rf"(?P<run>[{PAIRED}]+)|(?P<word>(?:(?![{PAIRED}])[^\W_])+)")
# Blanks for the ASCII characters that no word has: a table is three times as fast as a regular expression.
_ASCII_BLANKS = {number: " " for number in range(128) if not chr(number).isalnum()}
_CACHED_STEMS, _MOST_FORMS = 1 << 14, 1 << 18
_ONE_AT_A_TIME = threading.Lock()  # a stemmer stores its current word, so threads must not share it


def indexed(text: str) -> str:
    """Return a text for the index with positions: runs become pairs, NUL becomes a blank."""
    if not text.isascii():
        text = _RUN.sub(lambda run: f" {' '.join(_pairs(run[0]))} ", plain_letters(text))
    return text.replace("\x00", " ")


def indexed_words(title: str, body: str, language: str) -> str:
    """Return the text for the index of words: each form once, and the forms of title words also marked."""
    of_title = _words(title, language)
    marked = [_MARKS["title"] + word for word in of_title]
    return " ".join([*(_words(body, language) | of_title), *marked])


def _words(text: str, language: str) -> set[str]:
    lower = plain_letters(text).lower()
    plain = lower.isascii()
    words = lower.translate(_ASCII_BLANKS).split() if plain else _WORD.findall(_RUN.sub(" ", lower))
    return set(chain.from_iterable(map(_forms(language).__getitem__, set(words))))


class _Forms(dict[str, tuple[str, ...]]):
    """The indexed forms of each word of a language, cached because stemming takes most of the time."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= _MOST_FORMS:
            self.clear()
        self[word] = found = self._indexed(word)
        return found

    def _indexed(self, word: str) -> tuple[str, ...]:
        if not _PLAIN_WORD.fullmatch(word):
            return ()
        if self.language not in STEMMED:
            return (word,)
        # FTS5 removes the diacritics of the unstemmed word, so that it is also found without them.
        own = () if word.isascii() else (word,)
        return (stem(word, self.language), *own)


@cache
def _forms(language: str) -> _Forms:
    return _Forms(language)


def word_forms(word: str, *, in_title: bool = False) -> list[str]:
    """Return the forms in the index of words that match a query's word. in_title: only words of titles."""
    mark = _MARKS["title"] if in_title else ""
    lower = plain_letters(word).lower()
    forms = dict.fromkeys([lower, without_diacritics(lower)])
    found = [lower, *(stem(form, language) for form in forms for language in STEMMED)]
    return [mark + form for form in dict.fromkeys(found)]


def plain_letters(text: str) -> str:
    """Return a text of the same length with ASCII for full-width forms, and without the Russian letter ё."""
    return text if text.isascii() else text.translate(_PLAIN)


@lru_cache(maxsize=_CACHED_STEMS)
def folded(value: str | None) -> str | None:
    """Return a value for comparisons without case and diacritics; None for None."""
    if value is None:
        return None
    return unicodedata.normalize("NFC", without_diacritics(plain_letters(value)).casefold())


def without_diacritics(text: str) -> str:
    """Return a text decomposed (NFD) and without its combining marks."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


@lru_cache(maxsize=_CACHED_STEMS)
def stem(word: str, language: str) -> str:
    """Return the stem of a word after the mark of its language: "missil" after the mark for "missiles"."""
    with _ONE_AT_A_TIME:
        return _MARKS[language] + str(_stemmer(language).stemWord(word))


@cache
def _stemmer(language: str) -> Any:
    try:
        import Stemmer
    except ModuleNotFoundError as error:
        raise KcnaError(f"the search needs {error.name}: pip install 'kcna_spider[search]'") from None
    return Stemmer.Stemmer(STEMMED[language])


def query_tokens(text: str) -> tuple[list[str], bool]:
    """Return the tokens of a query's text, and whether the last token is a prefix.

    A last run of a single character is the prefix of a pair. A text without tokens cannot be searched.
    """
    parts = text_parts(text)
    tokens: list[str] = []
    for number, (kind, part) in enumerate(parts):
        if kind == "word":
            tokens.append(part)
        elif number < len(parts) - 1:
            tokens += _pairs(part)
        else:
            tokens += _pairs(part)[:-1] or [part]
    return tokens, bool(parts) and parts[-1][0] == "run" and len(parts[-1][1]) == 1


def text_parts(text: str) -> list[tuple[str, str]]:
    """Return the words of a text ("word") and its runs of Hangul, kana and Han ("run"), in their order."""
    return [(part.lastgroup or "", part[0]) for part in _PART.finditer(plain_letters(text))]


def is_one_word(text: str) -> bool:
    """Return whether a text is one word of Latin or Cyrillic letters, which may have a stem."""
    return _PLAIN_WORD.fullmatch(plain_letters(text)) is not None


def ends_with_pair(text: str) -> bool:
    """Return whether the last token of a text is a pair, after which the text of an article has one more."""
    parts = text_parts(text)
    return bool(parts) and parts[-1][0] == "run" and len(parts[-1][1]) > 1


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run))]
