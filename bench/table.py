"""The table that all benchmarks end in: what was measured, its reference in the same run, and their ratio."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from rich.console import Console
from rich.table import Table

_PACKAGES = ("scrapy", "pymongo", "secantusdb", "lxml", "parsel", "trafilatura", "dateparser")
_HEADS = ("", "what", "ours", "reference", "ratio", "asked for", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line. letter: groups lines. ours, reference: with their units. bound: what is asked for.

    met: None where nothing is.
    """

    letter: str
    what: str
    ours: str
    reference: str = ""
    ratio: str = ""
    bound: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """As text."""
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
    """Return what it was measured on, in a line."""
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
    """Return the same for a file."""
    lines = [
        "| " + " | ".join(_HEADS) + " |",
        "|" + " --- |" * len(_HEADS),
        *("| " + " | ".join(row.cells()) + " |" for row in rows),
    ]
    return "\n".join([f"# {title}", "", machine(), "", *lines, ""])


def failed(rows: Sequence[Row]) -> list[Row]:
    """Return those that miss their bound."""
    return [row for row in rows if row.met is False]
