"""Optional dependencies: without an extra everything else works, and the message names the missing extra."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from kcna_spider.search.tables import create
from kcna_spider.store.archive import Archive
from tests.conftest import ROOT, Crawler, faster

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {
    "browser": ["playwright", "scrapy_playwright"],
    "report": ["altair", "vl_convert"],
    "parquet": ["pyarrow"],
    "photos": ["PIL", "imagehash"],
    "search": ["Stemmer", "starlette", "uvicorn", "icalendar"],
    "distributed": ["redis", "scrapy_redis"],
}
# This hides some packages, as if they were not installed.
BLOCKED = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name in {names!r} else real(name, *more)
from scrapy.cmdline import execute
execute(["scrapy", *{arguments!r}])
"""


def without(extra: str, scrapy: Crawler, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `scrapy` without the packages of an extra."""
    code = BLOCKED.format(names=set(EXTRAS[extra]), arguments=list(arguments))
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=scrapy.env(), capture_output=True, text=True, check=False)


def test_requirements_txt_is_the_full_set() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    full = {str(Requirement(text)) for line in lines if (text := line.partition("#")[0].strip())}
    extras = [line for name in EXTRAS for line in PROJECT["optional-dependencies"][name]]
    assert {str(Requirement(line)) for line in [*PROJECT["dependencies"], *extras]} == full


@pytest.mark.parametrize("extra", EXTRAS)
def test_a_crawl_needs_no_extra(extra: str, scrapy: Crawler) -> None:
    done = without(extra, scrapy, *faster(["crawl", "kcnawatch", "-a", "limit=2"]))
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("extra", "arguments"),
    [
        ("report", ["report"]),
        ("search", ["browse", "--file", "{folder}/archive.sqlite"]),
        ("search", ["search", "bakery", "--file", "{folder}/archive.sqlite"]),
        ("search", ["appearances", "--file", "{folder}/archive.sqlite", "-o", "{folder}/a.ics"]),
        ("parquet", ["export", "--format", "parquet", "-o", "{folder}/a.parquet"]),
        ("photos", ["crawl", "kcna_kp", "-a", "photos=1"]),
        ("photos", ["reparse", "--photos", "{folder}"]),
        ("distributed", ["crawl", "kcna_kp", "-s", "DISTRIBUTED_REDIS_URL=redis://127.0.0.1:1/0"]),
        ("browser", ["crawl", "kcnawatch", "-a", "browser=always", "-s", "DOWNLOAD_DELAY=0"]),
    ],
)
def test_what_needs_one_names_it(
    extra: str, arguments: list[str], scrapy: Crawler, archive: Archive, tmp_path: Path
) -> None:
    base = sqlite3.connect(tmp_path / "archive.sqlite")
    create(base)
    base.commit()
    base.close()
    done = without(extra, scrapy, *(argument.format(folder=tmp_path) for argument in arguments))
    assert done.returncode in (1, 2)
    assert f"pip install 'kcna_spider[{extra}]'" in done.stderr, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
