"""The nodes of a parsed query."""

from __future__ import annotations

from dataclasses import dataclass

from kcna_spider.search.periods import Days


@dataclass(frozen=True, slots=True)
class Text:
    """A text to search for. kind: word, phrase or prefix. column: title, or None for title and body."""

    text: str
    kind: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Two words with at most `distance` other tokens between them."""

    first: str
    second: str
    distance: int


@dataclass(frozen=True, slots=True)
class Once:
    """A text that the article has, or had in an earlier revision."""

    text: Text


@dataclass(frozen=True, slots=True)
class Value:
    """A field that must have a value, such as a site or a language."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Period:
    """A date or timestamp that must be within a period. days: None for any time; negated: for no time."""

    field: str
    days: Days | None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """A part that must not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """Parts that must all hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Parts at least one of which must hold."""

    parts: tuple[Node, ...]


Node = Text | Near | Once | Value | Period | Not | All | Either
