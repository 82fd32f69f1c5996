"""The normal spelling of places in languages that write capitals."""

from __future__ import annotations

from rapidfuzz.distance import DamerauLevenshtein

_PYONGYANG = "pyongyang"
_NOT_PYONGYANG = {"pyonggang", "pyongsong", "phyongsong", "phyonggang", "pyongsan", "phyongsan"}
_SMALL_WORDS = {"of", "the", "and", "in", "on", "at", "de", "del", "la", "las", "los", "el", "y"}


def place_name(raw: str) -> str:
    """Return a place in its normal spelling: single blanks, a name's capitals, no misprint of Pyongyang."""
    name = " ".join(raw.split()).strip(" .,-")
    lower = name.lower()
    if lower not in _NOT_PYONGYANG and DamerauLevenshtein.distance(lower, _PYONGYANG, score_cutoff=2) <= 2:
        return "Pyongyang"
    if name.isupper() and len(name) > 3:
        name = lower
    return " ".join(
        word if i and word in _SMALL_WORDS else word[:1].upper() + word[1:]
        for i, word in enumerate(name.split())
    )
