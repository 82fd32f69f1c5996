"""The elements of the report's page: sections with charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a caption; the first cell of a row is its heading.

    open: whether the table is expanded when the page opens.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and its text alternative. svg: the drawing. says: the alternative."""

    svg: str
    says: str

    @property
    def drawing(self) -> Markup:
        """The drawing as safe markup for the template: Vega has escaped the names in it."""
        return Markup(self.svg)  # noqa: S704


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page. key: its HTML id. about: the paragraph below the title."""

    key: str
    title: str
    about: str
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
