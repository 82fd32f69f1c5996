"""Parse datelines such as "Pyongyang, November 11 (KCNA) --" in six languages.

Each module with a two-letter name defines one language and is discovered by that name, so that a new language
needs only a new file. No module uses Scrapy, the clock or the network.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import pkgutil
import re
import unicodedata

from kcna_spider.text.datelines.base import DASHES, HEAD, Dateline, Found, Grammar
from kcna_spider.text.dates import full_date

__all__ = ["GRAMMARS", "Dateline", "parse_dateline", "strip_end_mark"]


def _grammars() -> dict[str, Grammar]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if len(module.name) == 2)
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return {grammar.language: grammar for grammar in (module.GRAMMAR for module in modules)}


GRAMMARS: dict[str, Grammar] = _grammars()
# Quotation marks, bullets and dashes may precede a dateline.
_OPENING = re.compile(rf"[{DASHES}\s\ufeff\u200b\u00ad\"'\u201c-\u201f\u2022\u00b7*]*")
_BLANKS = re.compile(r"\s*")
# "-0-" with other dashes or a full-width zero, or with a letter that looks like a zero after a blank
_UNIVERSAL_END = re.compile(
    rf"(?:\s*[{DASHES}]{{1,4}}\s*[0\uff10]\s*[{DASHES}]{{1,4}}"
    rf"|(?:\s+|\A)[{DASHES}][O\u041e][{DASHES}])\s*[.\u3002]?\s*\Z"
)


def parse_dateline(
    text: str, published: dt.date | None = None, language: str | None = None
) -> Dateline | None:
    """Return the dateline at the start of a text, or None.

    `text` is a paragraph or a whole text; only its first characters are read. `published` is the date of
    publication, from which the year follows; without it, `date` is None if the dateline names no year.
    `language` is an ISO 639-1 code; without one, or if it has no grammar, every language is tried.
    """
    if not text.isascii() and not unicodedata.is_normalized("NFC", text[:HEAD]):
        return _in_decomposed(text, published, language)
    start = _OPENING.match(text[:HEAD]).end()  # type: ignore[union-attr]  # it matches the empty string
    head = text[start : start + HEAD]
    grammars = (GRAMMARS[language],) if language in GRAMMARS else GRAMMARS.values()
    for grammar in grammars:
        if grammar.starts.match(head) and (found := grammar.read(head)):
            return _dateline(found, grammar, text, start, published)
    return None


def _in_decomposed(text: str, published: dt.date | None, language: str | None) -> Dateline | None:
    """Return the dateline of a text with decomposed characters; its `end` is an index into that text."""
    found = parse_dateline(unicodedata.normalize("NFC", text[: 4 * HEAD]), published, language)
    if found is None:
        return None
    end = next(n for n in range(len(text) + 1) if len(unicodedata.normalize("NFC", text[:n])) >= found.end)
    while end < len(text) and len(unicodedata.normalize("NFC", text[: end + 1])) == found.end:
        end += 1  # the last character is not complete yet
    return dataclasses.replace(found, end=end)


def _dateline(found: Found, grammar: Grammar, text: str, start: int, published: dt.date | None) -> Dateline:
    end = start + found.end
    return Dateline(
        place=found.place,
        date=full_date(found.month, found.day, published, found.year),
        agency=found.agency,
        language=grammar.language,
        raw=text[start:end].rstrip(),
        end=_BLANKS.match(text, end).end(),  # type: ignore[union-attr]  # it matches the empty string
        year_stated=found.year is not None,
    )


def strip_end_mark(text: str, language: str | None = None) -> str:
    """Return the text without the mark that ends a report: "-0-", or the mark of the language."""
    shorter = _UNIVERSAL_END.sub("", text[-HEAD:])
    if language in GRAMMARS:
        shorter = GRAMMARS[language].end_mark.sub("", shorter)
    return text[:-HEAD] + shorter if len(text) > HEAD else shorter
