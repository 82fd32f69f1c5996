"""The house: data flows one way, nothing imports up, nothing in a circle, no room too large."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kcna_spider"
FILES = sorted(PACKAGE.rglob("*.py"))
# What a part may never import: the libraries and the parts of the project that lie above it or beside it.
FORBIDDEN = {
    "sites": ("scrapy", "pymongo", "kcna_spider.layouts", "kcna_spider.items", "kcna_spider.store", "kcna_spider.base_spiders"),
    "text": ("scrapy", "pymongo", "lxml", "kcna_spider.layouts", "kcna_spider.store", "kcna_spider.base_spiders"),
    "layouts": (
        "scrapy",
        "pymongo",
        "datetime",
        "os",
        "time",
        "kcna_spider.store",
        "kcna_spider.base_spiders",
        "kcna_spider.loaders",
        "kcna_spider.text.datelines",
    ),
    "store": ("scrapy", "kcna_spider.base_spiders", "kcna_spider.layouts", "kcna_spider.pipelines", "kcna_spider.loaders", "kcna_spider.commands"),
    "distributed": (
        "pymongo",
        "kcna_spider.base_spiders",
        "kcna_spider.pipelines",
        "kcna_spider.commands",
        "kcna_spider.extensions",
        "kcna_spider.layouts",
    ),
    "pipelines": ("kcna_spider.base_spiders", "kcna_spider.layouts", "kcna_spider.commands", "kcna_spider.extensions"),
    "base_spiders": ("pymongo", "kcna_spider.spiders", "kcna_spider.pipelines", "kcna_spider.commands", "kcna_spider.extensions"),
    "spiders": ("pymongo", "kcna_spider.pipelines", "kcna_spider.commands", "kcna_spider.extensions"),
    "export": ("scrapy", "kcna_spider.commands", "kcna_spider.report", "kcna_spider.base_spiders"),
    "report": ("scrapy", "kcna_spider.commands", "kcna_spider.base_spiders"),
    "commands": ("kcna_spider.pipelines",),
}


def imports(file: Path) -> set[str]:
    """The modules that a file names in its imports, full and with the names taken."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def module(file: Path) -> str:
    """The dotted name."""
    return ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("part", FORBIDDEN)
def test_imports_run_one_way(part: str) -> None:
    for file in (PACKAGE / part).rglob("*.py"):
        wrong = [name for name in imports(file) for bad in FORBIDDEN[part] if name == bad or name.startswith(bad + ".")]
        assert not wrong, f"{file.name} imports {wrong}"


def test_no_circles() -> None:
    modules = {module(file): file for file in FILES}
    graph = {name: {i for i in imports(file) if i in modules and i != name} for name, file in modules.items()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join([*path, name])
        if name not in done:
            for other in graph[name]:
                visit(other, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_no_selector_in_a_spider() -> None:
    for file in (PACKAGE / "spiders").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert ".css(" not in text, file.name
        assert ".xpath(" not in text, file.name


def test_rooms_are_small() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") <= 260, file.name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 45, f"{file.name}: {node.name}"


def test_modules_say_what_they_are_for() -> None:
    for file in FILES:
        assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))), file
