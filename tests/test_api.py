"""The public API: its names, their documentation, and the documented samples."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import kcna_spider
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import ROOT, Crawler

NAMES = {
    "ArchiveReader",
    "ArgumentError",
    "Article",
    "ArticleLoader",
    "AvailabilityCheck",
    "Dateline",
    "Fetched",
    "KcnaError",
    "ListedPages",
    "ListingEntry",
    "ListingUpdate",
    "Photo",
    "PhotoFile",
    "PhotoSet",
    "RawArticle",
    "Reject",
    "StoreError",
    "__version__",
    "load_article",
    "open_archive",
    "parse_dateline",
}
API = ROOT / "docs" / "reference" / "python-api.md"
SAMPLES = {
    f"{file.name} {number}": text
    for file in (API, ROOT / "README.md")
    for number, text in enumerate(
        re.findall(r"^```python\n(.*?)^```", file.read_text("utf-8"), re.MULTILINE | re.DOTALL), 1
    )
}


def test_exported_names() -> None:
    """Check the names: a new one needs documentation, and removing one breaks other programs."""
    assert set(kcna_spider.__all__) == NAMES
    assert {name for name in NAMES if not hasattr(kcna_spider, name)} == set()
    assert set(dir(kcna_spider)) >= NAMES
    with pytest.raises(AttributeError, match="no attribute 'Connection'"):
        kcna_spider.Connection  # type: ignore[attr-defined]  # noqa: B018


def test_every_exported_name_is_documented() -> None:
    documented = set(re.findall(r"`(?:kcna_spider\.)?(\w+)", API.read_text("utf-8")))
    assert documented >= NAMES


def test_type_checkers_see_the_same_names() -> None:
    """Check that the imports for type checkers give the same objects as `__getattr__`."""
    tree = ast.parse(Path(str(kcna_spider.__file__)).read_text("utf-8"))
    (typed,) = (
        node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    imported = {
        alias.name: import_module(node.module or "")
        for node in typed.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(imported) == NAMES - {"__version__"}
    for name, module in imported.items():
        assert getattr(kcna_spider, name) is getattr(module, name)


def test_importing_the_package_loads_none_of_its_dependencies() -> None:
    code = (
        "import sys; before = set(sys.modules); import kcna_spider; print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in ast.literal_eval(done.stdout)}
    assert loaded - sys.stdlib_module_names == {"kcna_spider"}


def test_an_archive_is_opened_by_its_uri(archive: Archive, store: StoreSettings) -> None:
    archive.database["listings"].insert_one({"_id": "a", "site": "kcna.kp"})
    uri = archive.connection.uri_of(store.database).replace("/x", f"/{store.database}")
    with kcna_spider.open_archive(uri) as opened:
        assert opened.database.name == store.database
        assert opened.database["listings"].count_documents({}) == 1
    opened.close()


@pytest.mark.process
def test_an_archive_is_opened_by_its_folder(tmp_path: Path) -> None:
    folder = str(tmp_path / "mongodb")
    with pytest.raises(kcna_spider.StoreError, match="the database kcna holds no archive"):
        kcna_spider.open_archive(path=folder)
    Archive(StoreSettings(path=folder)).close()
    with kcna_spider.open_archive(path=folder) as opened:
        assert "articles" in opened.database.list_collection_names()
    assert not (tmp_path / "mongodb" / "server.json").exists(), "the server was not stopped"


def test_an_archive_has_one_address() -> None:
    with pytest.raises(kcna_spider.ArgumentError, match="uri or path, not both"):
        kcna_spider.open_archive("mongodb://127.0.0.1/kcna", path="data")


@pytest.mark.parametrize("name", SAMPLES)
def test_documented_samples_run(name: str, scrapy: Crawler, archive: Archive) -> None:
    """Check that each sample prints the text in the comment beside or below its `print`."""
    sample = SAMPLES[name]
    if "open_archive" in sample:
        assert scrapy("crawl", "kcna_co_jp").code == 0
        article = archive.database["articles"].find_one({"dateline": {"$ne": None}}, {"dateline": 1})
        assert article
        sample = sample.replace("Samjiyon", article["dateline"]["place"])
    # The sample must open the archive of this test, not that of the demo.
    sample = sample.replace('(path="data/demo")', "()")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", sample],
        cwd=ROOT,
        env={**os.environ, **scrapy.env()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    for said in re.findall(r"^ *print\(.*\)(?:  |\n)# (.+)$", sample, re.MULTILINE):
        assert said in done.stdout.splitlines()
    assert set(re.findall(r"(?:from|import) (kcna_spider[\w.]*)", sample)) == {"kcna_spider"}
