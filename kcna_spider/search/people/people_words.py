"""The word lists of `people.toml` and `common_words.txt`."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from kcna_spider.search.aliases import name_of

_FOLDER = "kcna_spider.search.people"


@cache
def data() -> dict[str, Any]:
    """Return the contents of `people.toml`."""
    return tomllib.loads(files(_FOLDER).joinpath("people.toml").read_text(encoding="utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a list in `people.toml`."""
    return frozenset(data()[name].split())


@cache
def common_words() -> frozenset[str]:
    """Return English words in lower case that are no part of a name, although KCNA capitalises them."""
    text = files(_FOLDER).joinpath("common_words.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@cache
def _united() -> dict[str, str]:
    found: dict[str, str] = {}
    for first, *others in data()["united"]:
        found |= {folded(name): first for name in (first, *others)}
    return found


def folded(name: str) -> str:
    """Return a name for comparison: case-folded, with spaces for hyphens."""
    return " ".join(name.casefold().replace("-", " ").split())


@lru_cache(maxsize=1 << 14)
def united(name: str) -> str:
    """Return the canonical spelling of a person's name."""
    found = _united().get(folded(name))
    return found or name_of(name) or name.replace("-", " ")


def without_possessive(word: str) -> str:
    """Return a word without "'s" or an apostrophe at its end."""
    if word.endswith(("'s", "’s")):
        return word[:-2]
    return word[:-1] if word.endswith(("'", "’")) else word
