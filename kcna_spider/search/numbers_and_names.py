"""Find the terms that a text shares with its translations: numbers, and names of the alias file."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from kcna_spider.search.aliases import name_groups

_HEAD = 6_000  # characters of a text that are read
_UNITS = {
    "천": 10**3, "千": 10**3, "만": 10**4, "万": 10**4, "萬": 10**4, "억": 10**8, "億": 10**8, "亿": 10**8,
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "mil": 10**3, "millones": 10**6,
    "тысяч": 10**3, "тыс": 10**3, "миллион": 10**6,
}  # fmt: skip
# "4,000", "4.000" and "4 000" are one number: thousands are separated differently in each language.
_GROUPED = r"[0-9]{0,2}(?:[ ,.\u00a0][0-9]{3})+(?![0-9])"
_NUMBER = re.compile(
    rf"([0-9](?:{_GROUPED}|[0-9]*(?:[.,][0-9]+)?))"
    rf"(?:\s?({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?:(?<![a-z])|(?![a-z])))?"
)
_IS_GROUPED = re.compile(rf"[0-9]{_GROUPED}")
_SEPARATORS = re.compile(r"[ ,.\u00a0]")
_WIDE = re.compile(r"[\uff10-\uff19\uff0c\uff0e]+")  # full-width digits and separators, as in Japanese
_LONGEST = 12  # characters; longer ones are no quantity
_SMALLEST = 10  # smaller numbers are in most texts
_SCRIPTS = {
    "ko": re.compile(r"[가-힣]"),
    "ja": re.compile(r"[\u3040-\u30ff\u3400-\u9fff]"),
    "zh": re.compile(r"[\u3400-\u9fff]"),
    "ru": re.compile(r"[а-яё]", re.IGNORECASE),
}
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_YEARS = range(1900, 2100)


def terms_of(title: str, body: str, language: str) -> frozenset[str]:
    """Return the numbers ("4,000") and the names in a text, each name in its first spelling."""
    text = f"{title}\n{body[:_HEAD]}"
    if language in ("ja", "zh"):
        text = _WIDE.sub(lambda wide: unicodedata.normalize("NFKC", wide[0]), text)
    pattern, names = _names(language)
    terms = {names[spelling] for spelling in pattern.findall(text)}
    terms.update([term for written, unit in _NUMBER.findall(text) if (term := _number(written, unit))])
    return frozenset(terms)


def weight_of(term: str) -> float:
    """Return the weight of a term that two texts share, from 0.5 to 3."""
    if not term[0].isdigit():
        return 1.0
    if "." in term:
        return 3.0
    digits = term.replace(",", "")
    return 0.5 if term.isdigit() and int(term) in _YEARS else float(min(len(digits) - 1, 3))


@lru_cache(maxsize=1 << 14)
def _number(written: str, unit: str) -> str | None:
    if len(written) > _LONGEST:
        return None
    if _IS_GROUPED.fullmatch(written):
        value = float(_SEPARATORS.sub("", written))
    else:
        value = float(written.replace(",", "."))
    value *= _UNITS.get(unit, 1)
    if value != int(value):
        return f"{value:g}"
    number = int(value)
    if number < _SMALLEST:
        return None
    return str(number) if number in _YEARS else f"{number:,}"


@cache
def _names(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern of the spellings in the script of a language, and the first spelling of each."""
    script = _SCRIPTS.get(language, _LATIN)
    names = {name: group[0] for group in name_groups() for name in group if script.search(name)}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True)))), names
