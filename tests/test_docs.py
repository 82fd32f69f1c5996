"""The documentation: its steps are run, and its tables are complete."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


STEP = re.compile(r"^## \d+\. [^\n]*`([^`\n]+)`\n.*?```\w+\n(.*?)```", re.MULTILINE | re.DOTALL)
# A new site may break these tests: those of its own pages, and those of all sites.
CONCERNED = (
    "tests/layouts",
    "tests/sites",
    "tests/test_structure.py",
    "tests/test_hostile.py",
    "tests/commands/test_page.py",
)


def test_adding_a_site_word_for_word(tmp_path: Path) -> None:
    """Check the guide with a copy of the project.

    The test writes the files of the guide into the copy. As the guide says, its tests fail once and then
    pass.
    """
    copy = tmp_path / "project"
    ignored = shutil.ignore_patterns(".git", ".venv", "build", "data", "*_cache", ".hypothesis")
    shutil.copytree(DOCS.parent, copy, ignore=ignored)
    steps = STEP.findall((DOCS / "how-to" / "add-a-site.md").read_text(encoding="utf-8"))
    assert len(steps) == 7
    for name, text in steps:
        file = copy / name
        assert not file.exists(), "the document must not change an existing file"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments], cwd=copy, capture_output=True, text=True, check=False
        )

    first = run("pytest", "-q", "-n0", "tests/layouts/test_pages.py")
    assert "had no expectation" in first.stdout
    second = run(
        "pytest",
        "-q",
        "-n0",
        "-k",
        "mirror or not test_pages and not test_nesting and not test_paragraphs and not test_one_article",
        *CONCERNED,
    )
    assert second.returncode == 0, second.stdout
    expected = json.loads((copy / "tests/pages/mirror/article_2026/bakery.json").read_text(encoding="utf-8"))[
        "expected"
    ]
    assert expected[0]["paragraphs"] == [
        "Pyongyang, July 18 (KCNA) -- A new bakery was opened here.",
        "It bakes bread.",
    ]
    for linter in (("check",), ("format", "--check")):
        linted = run("ruff", *linter, "kcna_spider")
        assert linted.returncode == 0, linted.stdout
    assert "mirror" in run("scrapy", "list").stdout


def test_every_stat_is_documented() -> None:
    """Check that docs/reference/stats.md has the stats of the code."""
    text = (DOCS / "reference" / "stats.md").read_text(encoding="utf-8")
    package = DOCS.parent / "kcna_spider"
    names = {
        name
        for file in package.rglob("*.py")
        for name in re.findall(
            r"(?:\binc|_inc|_count|inc_value|set_value)\(\s*f?\"([^\"]+)\"", file.read_text(encoding="utf-8")
        )
    }
    names |= {
        f"articles/{name}"
        for file in package.rglob("*.py")
        for name in re.findall(r"(?:self|spider)\.count\(\"([^\"]+)\"", file.read_text(encoding="utf-8"))
    }
    scheduler = (package / "distributed" / "scheduler.py").read_text(encoding="utf-8")
    shared = set(re.findall(r"_count\(\"(\w+)\"", scheduler))
    assert len(shared) == 4
    names = (names - shared) | {f"distributed/{name}" for name in shared}
    assert len(names) > 40
    documented = re.findall(r"`([^`\n]+)`", text)
    missing = [
        name
        for name in names
        if not (
            any(one.startswith(name.partition("{")[0]) for one in documented)
            if "{" in name
            else name in documented
        )
    ]
    assert missing == []
