"""The word lists of `people.toml` and `common_words.txt`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from kcna_spider.search.aliases import name_of

_FOLDER = "kcna_spider.search.people"


@cache
def data() -> dict[str, Any]:
    """Return what `people.toml` holds."""
    return tomllib.loads(files(_FOLDER).joinpath("people.toml").read_text(encoding="utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """Return one list of `people.toml`."""
    return frozenset(data()[name].split())


@cache
def common_words() -> frozenset[str]:
    """Return English words, in small letters, that capitalised phrases of KCNA have beside names."""
    text = files(_FOLDER).joinpath("common_words.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@cache
def _united() -> dict[str, str]:
    found: dict[str, str] = {}
    for first, *others in data()["united"]:
        found |= {folded(name): first for name in (first, *others)}
    return found


def folded(name: str) -> str:
    """Return a name for comparison: small letters, no hyphens."""
    return " ".join(name.casefold().replace("-", " ").split())


@cache
def united(name: str) -> str:
    """Return the spelling that stands for a person's name."""
    found = _united().get(folded(name))
    return found or name_of(name) or name.replace("-", " ")


def without_possessive(word: str) -> str:
    """Return a word without "'s" or an apostrophe at its end."""
    if word.endswith(("'s", "’s")):
        return word[:-2]
    return word[:-1] if word.endswith(("'", "’")) else word
