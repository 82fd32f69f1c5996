"""Correct misspelt words of a search without hits to similar words of the archive."""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kcna_spider.search.query_nodes import All, Either, Node, Text
from kcna_spider.search.reader import Reader
from kcna_spider.search.tokens import is_one_word

_SHORTEST = 4  # letters; shorter words are not corrected
_MOST_WORDS = 5  # words of a query that are looked up
_MOST_WRONG = 2  # edits between a word and its correction
_MOST_TERMS = 200_000  # words with the same first letter that are compared
_VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab('main', 'article_index', 'col')"


def suggestion(reader: Reader, text: str, query: Node) -> str | None:
    """Return the text of a query with its unknown words corrected, or None if nothing was corrected."""
    corrected = text
    for word in _words(query)[:_MOST_WORDS]:
        if better := _nearest(reader, word):
            corrected = re.sub(rf"\b{re.escape(word)}\b", better, corrected)
    return corrected if corrected != text else None


def _words(node: Node) -> list[str]:
    if isinstance(node, Text):
        long = len(node.text) >= _SHORTEST and node.kind == "word" and is_one_word(node.text)
        return [node.text] if long else []
    return [word for part in node.parts for word in _words(part)] if isinstance(node, All | Either) else []


def _nearest(reader: Reader, word: str) -> str | None:
    """Return the nearest word with the same first letter, of equally near words the most frequent one.

    Return None if the archive contains the word, or no similar one.
    """
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
