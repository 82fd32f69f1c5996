"""Names of months in the languages that write them as words."""

from __future__ import annotations

from collections.abc import Sequence

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


def month_numbers(*languages: Sequence[str]) -> dict[str, int]:
    """Return the number of each month by the first three letters of its name."""
    return {name[:3]: number for months in languages for number, name in enumerate(months, 1)}
