"""Other spellings of names, from `aliases.toml`. Pure but for reading that file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


def others(text: str) -> list[str]:
    """Return the other spellings of a searched text: of the name that it is, and of its Korean syllables."""
    names, spellings = _aliases()
    found = list(names.get(_folded(text), ()))
    for pair in spellings:
        for written in pair:
            if written in text:
                found += [text.replace(written, other) for other in pair if other != written]
    return [other for other in dict.fromkeys(found) if other != text]


@cache
def _aliases() -> tuple[dict[str, list[str]], list[list[str]]]:
    data = tomllib.loads(files("kcna_spider.search").joinpath("aliases.toml").read_text(encoding="utf-8"))
    names: dict[str, list[str]] = {}
    for group in data["names"]:
        for name in group:
            folded = _folded(name)
            names[folded] = [other for other in group if _folded(other) != folded]
    return names, data["spellings"]


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())
