"""Other words for a search that found nothing: those of the archive that are written nearly the same."""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kcna_spider.search.query_nodes import All, Either, Node, Text
from kcna_spider.search.reader import Reader
from kcna_spider.search.tokens import is_one_word

_SHORTEST = 4  # letters of a word that may be misspelt
_MOST_WRONG = 2  # letters
_MOST_TERMS = 200_000  # with one first letter
_VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab('main', 'article_index', 'col')"


def suggestion(reader: Reader, text: str, query: Node) -> str | None:
    """Return the query with its unknown words corrected, None where there is nothing better."""
    corrected = text
    for word in _words(query):
        if better := _nearest(reader, word):
            corrected = re.sub(rf"\b{re.escape(word)}\b", better, corrected)
    return corrected if corrected != text else None


def _words(node: Node) -> list[str]:
    if isinstance(node, Text):
        long = len(node.text) >= _SHORTEST and node.kind == "word" and is_one_word(node.text)
        return [node.text] if long else []
    return [word for part in node.parts for word in _words(part)] if isinstance(node, All | Either) else []


def _nearest(reader: Reader, word: str) -> str | None:
    """Return the most frequent of the nearest words with the same first letter; None for a known word."""
    lower = word.lower()
    reader.rows(_VOCABULARY)
    rows = dict(
        reader.rows(
            "SELECT term, sum(doc) FROM words WHERE term >= ? AND term < ? GROUP BY term LIMIT ?",
            (lower[0], chr(ord(lower[0]) + 1), _MOST_TERMS),
        )
    )
    if lower in rows:
        return None
    found = process.extract(
        lower, rows.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=_MOST_WRONG, limit=50
    )
    return min(found, key=lambda one: (one[1], -rows[one[0]]))[0] if found else None
