"""The table of all benchmarks: a measurement, its reference in the same run, and their ratio."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from rich.console import Console
from rich.table import Table

_PACKAGES = ("scrapy", "pymongo", "secantusdb", "lxml", "parsel", "trafilatura", "dateparser")
_HEADS = ("", "what", "ours", "reference", "ratio", "bound", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    letter: groups rows.
    ours, reference: values with their units.
    bound: the required value, if any.
    met: whether the bound is met; None if there is no bound.
    """

    letter: str
    what: str
    ours: str
    reference: str = ""
    ratio: str = ""
    bound: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """Return the cells of the row as text."""
        return (
            self.letter,
            self.what,
            self.ours,
            self.reference,
            self.ratio,
            self.bound,
            {None: "", True: "yes", False: "NO"}[self.met],
        )


def machine() -> str:
    """Return one line about the machine and the versions of the packages."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{len(models)} cores ({models[0] if models else platform.machine()}), Python "
        f"{platform.python_version()}, {packages}"
    )


def show(rows: Sequence[Row]) -> None:
    """Print the table."""
    table = Table(*_HEADS)
    for row in rows:
        table.add_row(*row.cells())
    Console(width=170).print(table)


def as_markdown(rows: Sequence[Row], title: str) -> str:
    """Return the table in Markdown."""
    lines = [
        "| " + " | ".join(_HEADS) + " |",
        "|" + " --- |" * len(_HEADS),
        *("| " + " | ".join(row.cells()) + " |" for row in rows),
    ]
    return "\n".join([f"# {title}", "", machine(), "", *lines, ""])


def failed(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that miss their bound."""
    return [row for row in rows if row.met is False]
