"""Turn texts and queries into what SQLite's tokenizer `unicode61` splits correctly. Pure.

Hangul, kana and Han are written in runs without blanks. Each run becomes overlapping pairs of characters and
its last character, so that a phrase of pairs finds exactly what a search for the substring would find.
English and Spanish words are indexed a second time by their stems, with the language before each stem.
A change of these rules needs a new `tables.SCHEMA_VERSION`: rows of the index are removed by their words.
"""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import Any

from kcna_spider.exceptions import KcnaError

STEMMED = {"en": "english", "es": "spanish"}
# Characters of Hangul, kana and Han that `unicode61` takes for letters.
PAIRED = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f"
)
_RUN = re.compile(f"[{PAIRED}]+")
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(rf"(?P<run>[{PAIRED}]+)|(?P<word>(?:(?![{PAIRED}])[^\W_])+)")
_CACHED_STEMS = 1 << 18
_ONE_AT_A_TIME = threading.Lock()  # a stemmer keeps the word that it works on


def indexed(text: str) -> str:
    """Return a text as it is put into the index: its runs as pairs, all else unchanged."""
    return _RUN.sub(lambda run: f" {' '.join(_pairs(run[0]))} ", text).replace("\x00", " ")


def stems(text: str, language: str) -> str:
    """Return the stems of a text's words in their order; nothing for a language without stems."""
    if language not in STEMMED:
        return ""
    return " ".join([stem(word, language) for word in _WORD.findall(text.lower())])


@lru_cache(maxsize=_CACHED_STEMS)
def stem(word: str, language: str) -> str:
    """Return a word's stem after its language, as "enmissil" for "missiles"."""
    with _ONE_AT_A_TIME:
        return language + str(_stemmer(language).stemWord(word))


@cache
def _stemmer(language: str) -> Any:
    try:
        import snowballstemmer
    except ModuleNotFoundError as error:
        raise KcnaError(f"the search needs {error.name}: pip install 'kcna_spider[search]'") from None
    return snowballstemmer.stemmer(STEMMED[language])


def query_tokens(text: str) -> tuple[list[str], bool]:
    """Return the tokens that a query's text stands for, and whether the last one is only a beginning.

    A single character of a run is the beginning of a pair. Without any token the text finds nothing.
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
    return [(part.lastgroup or "", part[0]) for part in _PART.finditer(text)]


def is_one_word(text: str) -> bool:
    """Return whether a text is one word of a script with blanks, which may have a stem."""
    return _WORD.fullmatch(text) is not None and _RUN.search(text) is None


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run))]
