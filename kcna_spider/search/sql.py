"""Turn a parsed query into SQL on the archive file. Pure.

What is only text becomes one expression of the full-text index, so that SQLite intersects the lists of
articles; fields become conditions on the table `articles`, which is named `a`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kcna_spider.search.aliases import others
from kcna_spider.search.query_nodes import All, Either, Near, Node, Not, Once, Period, Text, Value
from kcna_spider.search.tokens import STEMMED, is_one_word, query_tokens, stem

_COLUMNS = {None: "{title body}", "title": "title"}
_STEMS = {None: "{title_stems body_stems}", "title": "title_stems"}
_IN_INDEX = "a.number IN (SELECT rowid FROM article_index WHERE article_index MATCH ?)"
_IN_EARLIER = (
    "a.number IN (SELECT article FROM revisions WHERE number IN "
    "(SELECT rowid FROM revision_index WHERE revision_index MATCH ?))"
)
_VALUES = {
    "site": "a.number IN (SELECT article FROM copies WHERE site LIKE ? ESCAPE '\\')",
    "source": "a.number IN (SELECT article FROM copies WHERE source LIKE ? ESCAPE '\\')",
    "lang": "a.language = ?",
    "place": "a.place LIKE ? ESCAPE '\\'",
    "category": "a.number IN (SELECT article FROM categories WHERE category LIKE ? ESCAPE '\\')",
}
_TIMES = {"changed": "changed_at", "withdrawn": "withdrawn_at"}


@dataclass(slots=True)
class Condition:
    """A WHERE clause and its parameters. match: the one full-text expression to rank by, where there is one.

    also: other spellings that were searched too.
    """

    where: str
    parameters: list[Any]
    match: str | None = None
    also: list[str] = field(default_factory=list)


def condition(query: Node | None, *, aliases: bool = True) -> Condition:
    """Return the condition of a query; None is every article."""
    if query is None:
        return Condition("1", [])
    compiler = _Compiler(aliases=aliases)
    where, parameters = compiler.where(query)
    parts = query.parts if isinstance(query, All) else (query,)
    texts = [part for part in parts if _is_text(part)]
    match = " AND ".join(f"({compiler.match(part)})" for part in texts) or None
    return Condition(where, parameters, match, list(dict.fromkeys(compiler.also)))


def _is_text(node: Node) -> bool:
    """Return whether a node is text only, without a negation, so that the index alone answers it."""
    if isinstance(node, All | Either):
        return all(map(_is_text, node.parts))
    return isinstance(node, Text | Near)


class _Compiler:
    def __init__(self, *, aliases: bool) -> None:
        self.aliases = aliases
        self.also: list[str] = []

    def where(self, node: Node) -> tuple[str, list[Any]]:
        if _is_text(node):
            return _IN_INDEX, [self.match(node)]
        if isinstance(node, Not):
            inner, parameters = self.where(node.part)
            return f"NOT ({inner})", parameters
        if isinstance(node, All):
            texts = [part for part in node.parts if _is_text(part)]
            rest = [part for part in node.parts if not _is_text(part)]
            return self._joined([*([All(tuple(texts))] if texts else []), *rest], " AND ")
        if isinstance(node, Either):
            return self._joined(node.parts, " OR ")
        if isinstance(node, Once):
            match = self.match(node.text)
            return f"({_IN_INDEX} OR {_IN_EARLIER})", [match, match]
        assert isinstance(node, Value | Period)
        return _value(node) if isinstance(node, Value) else _period(node)

    def _joined(self, parts: Any, word: str) -> tuple[str, list[Any]]:
        found = [self.where(part) for part in parts]
        return (
            word.join(f"({where})" for where, _ in found),
            [parameter for _, parameters in found for parameter in parameters],
        )

    def match(self, node: Node) -> str:
        """Return the expression of the full-text index."""
        if isinstance(node, All | Either):
            word = " AND " if isinstance(node, All) else " OR "
            return word.join(f"({self.match(part)})" for part in node.parts)
        if isinstance(node, Near):
            first, second = (_phrase(text) for text in (node.first, node.second))
            return f"{_COLUMNS[None]} : NEAR({first} {second}, {node.distance})"
        assert isinstance(node, Text)
        found = [_text(node)]
        if self.aliases and node.kind != "prefix":
            for other in others(node.text):
                self.also.append(other)
                found.append(_text(Text(other, "phrase", node.column)))
        return " OR ".join(f"({one})" for one in found)


def _text(node: Text) -> str:
    exact = f"{_COLUMNS[node.column]} : {_phrase(node.text, prefix=node.kind == 'prefix')}"
    if node.kind != "word" or not is_one_word(node.text):
        return exact
    stems = " OR ".join(_quoted([stem(node.text.lower(), language)]) for language in STEMMED)
    return f"({exact}) OR {_STEMS[node.column]} : ({stems})"


def _phrase(text: str, *, prefix: bool = False) -> str:
    tokens, is_beginning = query_tokens(text)
    return _quoted(tokens) + (" *" if prefix or is_beginning else "")


def _quoted(tokens: list[str]) -> str:
    return '"' + " ".join(tokens).replace('"', '""').replace("\x00", " ") + '"'


def _value(node: Value) -> tuple[str, list[Any]]:
    if node.field == "lang":
        return _VALUES["lang"], [node.value.lower()]
    escaped = node.value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")
    return _VALUES[node.field], [escaped]


def _period(node: Period) -> tuple[str, list[Any]]:
    if node.days is None:
        return f"a.{_TIMES[node.field]} IS {'' if node.negated else 'NOT '}NULL", []
    column = f"substr(a.{_TIMES[node.field]}, 1, 10)" if node.field in _TIMES else "a.published"
    bounds = [
        (sign, day.isoformat()) for sign, day in ((">=", node.days.first), ("<=", node.days.last)) if day
    ]
    where = " AND ".join(f"{column} {sign} ?" for sign, _ in bounds)
    return where or f"{column} IS NOT NULL", [day for _, day in bounds]
