"""Names of months in the languages that write them as words."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

_SHORTEST = 4  # letters of a misprint

ENGLISH = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
SPANISH = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
RUSSIAN = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


def nearest_month(word: str, months: Sequence[str]) -> int | None:
    """Return the number of the month that a misprint ("Mmarch", "mazro") means, or None.

    At most two letters may be wrong. months: their names in the language of the word.
    """
    found = process.extractOne(word.lower(), months, scorer=DamerauLevenshtein.distance, score_cutoff=2)
    if found is None or (found[1] and len(word) < _SHORTEST):
        return None
    return int(found[2]) + 1


def month_numbers(*languages: Sequence[str]) -> dict[str, int]:
    """Return the number of each month by the first three letters of its name."""
    return {name[:3]: number for months in languages for number, name in enumerate(months, 1)}
