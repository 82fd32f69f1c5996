"""What a parsed query consists of. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kcna_spider.search.periods import Days


@dataclass(frozen=True, slots=True)
class Text:
    """A word, a phrase, or the beginning of a word. column: title, or None for title and body."""

    text: str
    kind: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Two words with at most `distance` other words between them."""

    first: str
    second: str
    distance: int


@dataclass(frozen=True, slots=True)
class Once:
    """A text that the article has, or had in an earlier revision."""

    text: Text


@dataclass(frozen=True, slots=True)
class Value:
    """A field with a value."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Period:
    """A field with days. days: None for yes, whenever; negated: for no."""

    field: str
    days: Days | None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """Parts that must all hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Parts of which one must hold."""

    parts: tuple[Node, ...]


Node = Text | Near | Once | Value | Period | Not | All | Either
