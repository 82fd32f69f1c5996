"""Architecture: import direction, no cycles, names and sizes of files."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from scrapy import Spider

from kcna_spider.sites import SITE_MODULES

PACKAGE = Path(__file__).parent.parent / "kcna_spider"
FILES = sorted(PACKAGE.rglob("*.py"))
# The parts are in the order of the data flow: each may import only itself and the parts before it.
FLOW = (
    ("__init__", "exceptions", "paths", "file_lock", "settings"),
    ("text",),
    ("sites",),
    ("items",),
    ("photos",),
    ("layouts",),
    ("loaders",),
    ("site_adapter",),
    ("store",),
    ("archives",),
    ("extensions",),
    ("export",),
    ("report",),
    ("downloadermiddlewares",),
    ("pipelines",),
    ("base_spiders",),
    ("distributed",),
    ("spiders",),
    ("search",),
    ("store_command", "archive_file_command", "logformatter", "archive_reader", "reparse_run"),
    ("web",),
    ("sample_site",),
    ("commands", "__main__"),
)
RANKS = {part: rank for rank, parts in enumerate(FLOW) for part in parts}
# A part must not import these libraries.
FORBIDDEN = {
    "sites": ("scrapy", "pymongo", "lxml"),
    "text": ("scrapy", "pymongo", "lxml"),
    "layouts": ("scrapy", "pymongo", "datetime", "os", "time"),
    "store": ("scrapy",),
    "export": ("scrapy",),
    "report": ("scrapy",),
    "search": ("scrapy",),
    "search/people": ("scrapy", "pymongo", "bson", "sqlite3", "os", "pathlib", "time", "random"),
    "web": ("scrapy", "pymongo"),
    "base_spiders": ("pymongo",),
    "spiders": ("pymongo",),
    "distributed": ("pymongo",),
}
# Several folders share these names on purpose: a site has a module in each of three folders.
SHARED_NAMES = {"__init__", "base", *SITE_MODULES}


@cache
def tree_of(file: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imports(file: Path) -> set[str]:
    """Return the modules in the imports of a file, with their full names and with the imported names.

    Imports for annotations only (`if TYPE_CHECKING`) have no effect at run time, so they do not count.
    """
    found = set()
    tree = tree_of(file)
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in (node for node in ast.walk(tree) if node not in typing_only):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def module(file: Path) -> str:
    """Return the dotted name of a file."""
    return ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def part_of(name: str) -> str:
    """Return the part of the package to which a module belongs."""
    return name.split(".")[1] if "." in name else "__init__"


@pytest.mark.parametrize("file", FILES, ids=module)
def test_imports_run_one_way(file: Path) -> None:
    rank = RANKS[part_of(module(file))]
    ours = [name for name in imports(file) if name.startswith("kcna_spider.") and part_of(name) in RANKS]
    wrong = [name for name in ours if RANKS[part_of(name)] > rank]
    assert not wrong, f"{module(file)} imports {wrong}"


@pytest.mark.parametrize("part", FORBIDDEN)
def test_what_a_part_never_imports(part: str) -> None:
    files = list((PACKAGE / part).rglob("*.py"))
    assert files
    for file in files:
        wrong = [
            name
            for name in imports(file)
            for bad in FORBIDDEN[part]
            if name == bad or name.startswith(bad + ".")
        ]
        assert not wrong, f"{file.name} imports {wrong}"


@pytest.mark.process
def test_distributed_is_loaded_only_where_it_is_switched_on() -> None:
    code = (
        "import sys; import kcna_spider.spiders.kcna_kp; "
        "print([n for n in sys.modules if 'distributed' in n or n == 'redis'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_file_name_twice() -> None:
    """Check all files except commands, whose modules have the names of the commands."""
    files = [file for file in FILES if file.parent.name != "commands"]
    names = [file.stem for file in files if file.stem not in SHARED_NAMES]
    assert sorted(set(names)) == sorted(names), [name for name in names if names.count(name) > 1]


@pytest.mark.parametrize("name", ["kcnawatch", "kcna_kp", "kcna_co_jp", "wayback"])
def test_at_most_two_classes_between_a_spider_and_scrapys(name: str) -> None:
    found = importlib.import_module(f"kcna_spider.spiders.{name}")
    spiders = [
        v
        for v in vars(found).values()
        if isinstance(v, type) and issubclass(v, Spider) and v.__module__ == found.__name__
    ]
    (spider,) = spiders
    between = [cls for cls in spider.__mro__[1:] if issubclass(cls, Spider) and cls is not Spider]
    assert len(between) <= 2


def test_only_spiders_in_spiders() -> None:
    files = list((PACKAGE / "spiders").glob("*.py"))
    assert files
    for file in files:
        assert file.stem == "__init__" or "Spider(ArchiveSpider):" in file.read_text(encoding="utf-8"), (
            file.name
        )


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
    files = list((PACKAGE / "spiders").glob("*.py"))
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert ".css(" not in text, file.name
        assert ".xpath(" not in text, file.name


def test_files_and_functions_are_small() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") <= 350, file.name
        assert max(map(len, text.split("\n"))) <= 110, file.name  # ruff allows longer comments for tools.
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 45, f"{file.name}: {node.name}"


def test_modules_say_what_they_are_for() -> None:
    for file in FILES:
        assert ast.get_docstring(tree_of(file)), file


@pytest.mark.process
def test_one_article_runs_through_few_files_and_functions() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.article_path"],
        check=False,
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
