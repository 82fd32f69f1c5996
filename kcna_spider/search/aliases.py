"""Other spellings of names, from `aliases.toml`. Pure except for reading that file."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import Any

_MOST_SPELLINGS = 16


def others(text: str) -> list[str]:
    """Return the other spellings of a searched text: those of a name, and those of Korean syllables in it."""
    names, spellings = _aliases()
    found = [*names.get(_folded(text), ()), *_respelled(text, spellings)]
    return [other for other in dict.fromkeys(found) if other != text]


def _respelled(text: str, spellings: list[list[str]]) -> list[str]:
    """Return a text with each occurrence of the syllables in either spelling.

    A text with many such syllables has the spellings with all of them as in one part of Korea, and some
    others.
    """
    pairs = {written: tuple(pair) for pair in spellings for written in pair}
    pattern = "|".join(map(re.escape, sorted(pairs, key=len, reverse=True)))
    choices = [pairs.get(part, (part,)) for part in re.split(f"({pattern})", text)]
    whole = ([choice[0] for choice in choices], [choice[-1] for choice in choices])
    return ["".join(chosen) for chosen in (*whole, *islice(product(*choices), _MOST_SPELLINGS))]


def name_of(text: str) -> str | None:
    """Return the first spelling of a name in `aliases.toml`, or None for any other text."""
    return _first_spellings().get(_folded(text))


@cache
def name_groups() -> list[list[str]]:
    """Return the spellings of each name, the English one first."""
    return [[str(name) for name in group] for group in _data()["names"]]


@cache
def _first_spellings() -> dict[str, str]:
    return {_folded(name): group[0] for group in name_groups() for name in group}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("kcna_spider.search").joinpath("aliases.toml").read_text(encoding="utf-8"))


@cache
def _aliases() -> tuple[dict[str, list[str]], list[list[str]]]:
    names: dict[str, list[str]] = {}
    for group in name_groups():
        for name in group:
            folded = _folded(name)
            names[folded] = [other for other in group if _folded(other) != folded]
    return names, _data()["spellings"]


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())
