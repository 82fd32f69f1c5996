"""Turn a parsed query into SQL on the archive file.

Texts become expressions of the full-text indexes, so that FTS5 intersects their results. Fields
become conditions on the table `articles`, whose alias is `a`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kcna_spider.search.aliases import others
from kcna_spider.search.periods import Days
from kcna_spider.search.query_nodes import All, Either, Near, Node, Not, Once, Period, Text, Value
from kcna_spider.search.tokens import (
    STEMMED,
    ends_with_pair,
    folded,
    is_one_word,
    plain_letters,
    query_tokens,
    stem,
    word_forms,
)

# Suffixes of the tables: the index of word forms, and the index of words with positions.
_WORDS, _POSITIONS = "words", "index"
_IN_EARLIER = "a.number IN (SELECT article FROM revisions WHERE number IN ({0}))"
_VALUES = {
    "site": "a.number IN (SELECT article FROM copies WHERE site LIKE ? ESCAPE '\\')",
    "source": "a.number IN (SELECT article FROM copies WHERE fold(source) LIKE ? ESCAPE '\\')",
    "lang": "a.language = ?",
    "place": "fold(a.place) LIKE ? ESCAPE '\\'",
    "category": "a.number IN (SELECT article FROM categories WHERE fold(category) LIKE ? ESCAPE '\\')",
}
_EDITED = "SELECT article FROM events WHERE kind = 'edited' AND NOT trivial"
_AFTER_ALL_TIMES = "~"  # follows every character of a timestamp


@dataclass(slots=True)
class Condition:
    """A WHERE clause and its parameters.

    rank: the expression of the index with positions that ranks the hits, or None. also: other spellings that
    are searched too.
    """

    where: str
    parameters: list[Any]
    rank: str | None = None
    also: list[str] = field(default_factory=list)


def condition(query: Node | None, *, aliases: bool = True) -> Condition:
    """Return the condition of a query. None finds every article. aliases: also search other spellings."""
    if query is None:
        return Condition("1", [])
    compiler = _Compiler(aliases=aliases)
    where, parameters = compiler.where(query)
    parts = query.parts if isinstance(query, All) else (query,)
    rank = " OR ".join(f"({compiler.rank(part)})" for part in parts if _is_text(part)) or None
    return Condition(where, parameters, rank, list(dict.fromkeys(compiler.also)))


def _is_text(node: Node) -> bool:
    """Return whether a node consists of texts without negation, which the full-text indexes can find."""
    if isinstance(node, All | Either):
        return all(map(_is_text, node.parts))
    return isinstance(node, Text | Near)


class _Compiler:
    def __init__(self, *, aliases: bool) -> None:
        self.aliases = aliases
        self.also: list[str] = []

    def where(self, node: Node) -> tuple[str, list[Any]]:
        expressions = self._expressions(node) if _is_text(node) else None
        if expressions:
            return _in(expressions)
        if isinstance(node, Not):
            inner, parameters = self.where(node.part)
            return f"NOT coalesce(({inner}), 0)", parameters  # a comparison with no value is NULL
        if isinstance(node, All):
            return self._joined(self._together(node.parts), " AND ")
        if isinstance(node, Either):
            return self._joined(map(self.where, node.parts), " OR ")
        if isinstance(node, Once):
            expressions = self._text(node.text)
            (now, parameters), (before, _) = _in(expressions), _in(expressions, "revision", _IN_EARLIER)
            return f"({now} OR {before})", [*parameters, *parameters]
        assert isinstance(node, Value | Period)
        return _value(node) if isinstance(node, Value) else _period(node)

    def _together(self, parts: Iterable[Node]) -> list[tuple[str, list[Any]]]:
        """Return the conditions of parts that must all hold; parts that need the same index share one."""
        by_index: dict[str, list[str]] = {}
        rest = []
        for part in parts:
            expressions = (self._expressions(part) if _is_text(part) else None) or {}
            if len(expressions) == 1:
                ((index, expression),) = expressions.items()
                by_index.setdefault(index, []).append(expression)
            else:
                rest.append(self.where(part))
        return [*(_in({index: _all_of(found)}) for index, found in by_index.items()), *rest]

    def _joined(self, found: Iterable[tuple[str, list[Any]]], word: str) -> tuple[str, list[Any]]:
        conditions = list(found)
        return (
            word.join(f"({where})" for where, _ in conditions),
            [parameter for _, parameters in conditions for parameter in parameters],
        )

    def _expressions(self, node: Node) -> dict[str, str] | None:
        """Return an expression per index whose union finds a node of texts, or None if it is impossible."""
        if isinstance(node, Text):
            return self._text(node)
        if isinstance(node, Near):
            first, second = (_phrase(text) for text in (node.first, node.second))
            # After a run, its last pair is one more token. The order of the words is unknown, so that of two
            # words of which one is a run, one more token is allowed in the other order too.
            more = any(map(ends_with_pair, (node.first, node.second)))
            return {_POSITIONS: f"NEAR({first} {second}, {node.distance + more})"}
        assert isinstance(node, All | Either)
        by_index: dict[str, list[str]] = {}
        for part in map(self._expressions, node.parts):
            if part is None or (isinstance(node, All) and len(part) > 1):
                return None
            for index, expression in part.items():
                by_index.setdefault(index, []).append(expression)
        if isinstance(node, Either):
            return {index: _one_of(some) for index, some in by_index.items()}
        return {index: _all_of(some) for index, some in by_index.items()} if len(by_index) == 1 else None

    def _text(self, node: Text) -> dict[str, str]:
        found: dict[str, list[str]] = {}
        if node.kind == "word" and is_one_word(node.text):
            forms = word_forms(node.text, in_title=node.column == "title")
            found[_WORDS] = [_quoted([form]) for form in forms]
        else:
            found[_POSITIONS] = [_exact(node)]
        for other in self._others(node):
            found.setdefault(_POSITIONS, []).append(_exact(other))
        return {index: _one_of(some) for index, some in found.items()}

    def _others(self, node: Text) -> list[Text]:
        """Return the other spellings of a text, and add them to `also`."""
        if not self.aliases or node.kind == "prefix":
            return []
        spellings = others(node.text)
        self.also += spellings
        return [Text(other, "phrase", node.column) for other in spellings]

    def rank(self, node: Node) -> str:
        """Return the expression of the index with positions that ranks the hits of a node.

        That index has no stems, so the expression matches words that begin with the stem.
        """
        if isinstance(node, All | Either):
            return _one_of(map(self.rank, node.parts))
        if isinstance(node, Near):
            return _one_of([_phrase(node.first), _phrase(node.second)])
        assert isinstance(node, Text)
        texts = [node, *self._others(node)]
        if node.kind == "word" and is_one_word(node.text):
            texts += [
                Text(stem(plain_letters(node.text.lower()), language)[1:], "prefix", node.column)
                for language in STEMMED
            ]
        return _one_of(map(_exact, texts))


def _in(
    expressions: dict[str, str], name: str = "article", condition: str = "a.number IN ({0})"
) -> tuple[str, list[Any]]:
    """Return the condition that one of the expressions finds an article, or an earlier text of it."""
    selects = [f"SELECT rowid FROM {name}_{index} WHERE {name}_{index} MATCH ?" for index in expressions]
    return condition.format(" UNION ALL ".join(selects)), list(expressions.values())


def _one_of(expressions: Iterable[str]) -> str:
    return " OR ".join(f"({expression})" for expression in expressions)


def _all_of(expressions: Iterable[str]) -> str:
    return " AND ".join(f"({expression})" for expression in expressions)


def _exact(node: Text) -> str:
    phrase = _phrase(node.text, prefix=node.kind == "prefix")
    return f"title : {phrase}" if node.column == "title" else phrase


def _phrase(text: str, *, prefix: bool = False) -> str:
    tokens, is_beginning = query_tokens(text)
    return _quoted(tokens) + (" *" if prefix or is_beginning else "")


def _quoted(tokens: list[str]) -> str:
    return '"' + " ".join(tokens).replace('"', '""').replace("\x00", " ") + '"'


def _value(node: Value) -> tuple[str, list[Any]]:
    if node.field == "lang":
        return _VALUES["lang"], [node.value.lower()]
    escaped = (
        (folded(node.value) or "")
        .replace("\\", "\\\\")
        .replace("%", "\\%")
        .replace("_", "\\_")
        .replace("*", "%")
    )
    return _VALUES[node.field], [escaped]


def _period(node: Period) -> tuple[str, list[Any]]:
    if node.field == "changed":  # all edits of all copies, also those before the latest one
        where, parameters = _within("at", node.days, _AFTER_ALL_TIMES)
        found = f"a.number IN ({_EDITED} AND {where})"
        return (f"NOT {found}" if node.negated else found), parameters
    if node.field == "withdrawn":
        where, parameters = _within("a.withdrawn_at", node.days, _AFTER_ALL_TIMES)
        return (f"NOT coalesce(({where}), 0)" if node.negated else where), parameters
    return _within("a.published", node.days)


def _within(column: str, days: Days | None, end: str = "") -> tuple[str, list[Any]]:
    """Return the condition that a day or a timestamp is within a period. days: None for any.

    end: added to the last day, so that all timestamps of that day precede it.
    """
    first, last = (days.first, days.last) if days else (None, None)
    bounds = [(">=", first.isoformat())] if first else []
    bounds += [("<=", last.isoformat() + end)] if last else []
    where = " AND ".join(f"{column} {sign} ?" for sign, _ in bounds)
    return where or f"{column} IS NOT NULL", [day for _, day in bounds]
