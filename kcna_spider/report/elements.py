"""What the report's page is made of: sections of charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a caption; the first cell of a row names it.

    open: shown at once, the others on a click.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and its text alternative."""

    svg: str
    says: str

    @property
    def drawing(self) -> Markup:
        """The drawing, unescaped for the template: Vega escapes the names in it."""
        return Markup(self.svg)  # noqa: S704


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    key: str
    title: str
    about: str
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
