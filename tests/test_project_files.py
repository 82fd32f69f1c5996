"""The files around the package agree with each other: make targets, workflows, paths, versions."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import kcna_spider
from tests.conftest import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
GITHUB = ROOT / ".github"
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *GITHUB.rglob("*.md"),
    *GITHUB.rglob("*.yml"),
]
# These need the developers' replica of the sites, which a public machine does not have.
PRIVATE = {"check-replica", "bench"}


def yaml(path: Path) -> Any:
    """Return the contents of a YAML file."""
    return YAML(typ="safe").load(path.read_text("utf-8"))


def targets_in(text: str) -> set[str]:
    """Return the make targets that a text names as commands."""
    return set(re.findall(r"(?:^|`|sudo |then |\|\| )make ([a-z-]+)", text, re.MULTILINE))


def commands_of(workflow: str) -> list[str]:
    """Return the commands in the steps of a workflow."""
    jobs = yaml(GITHUB / "workflows" / workflow)["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


def test_documented_make_targets_exist() -> None:
    named = {target for document in DOCUMENTS for target in targets_in(document.read_text("utf-8"))}
    assert {"demo", "lint", "package", "test"} <= named <= TARGETS


def test_the_workflows_run_what_ci_run_runs() -> None:
    public = {
        target
        for name in ("ci.yml", "audit.yml")
        for line in commands_of(name)
        for target in targets_in(line)
    }
    ours = targets_in((ROOT / ".ci" / "run").read_text("utf-8"))
    assert {"lint", "audit", "demo", "docs", "prose", "test", "package"} <= ours
    assert public - {"system-build", "docs-links"} == ours - PRIVATE
    assert all(
        re.fullmatch(r"(sudo )?make .*", line)
        for name in ("ci.yml", "audit.yml")
        for line in commands_of(name)
    )


def test_the_tested_python_versions_are_those_of_the_package() -> None:
    matrix = yaml(GITHUB / "workflows" / "ci.yml")["jobs"]["tests"]["strategy"]["matrix"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    assert matrix["python"] == named
    assert project["requires-python"] == f">={named[0]}"


def test_the_hooks_before_a_commit_are_those_of_make_lint() -> None:
    (local,) = yaml(ROOT / ".pre-commit-config.yaml")["repos"]
    hooks = {
        hook["entry"].replace(" --force-exclude", "").replace(".venv/bin/python", "$(RUN)")
        for hook in local["hooks"]
    }
    (recipe,) = re.findall(r"^lint:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert hooks == {line.strip().removesuffix(" .") for line in recipe.splitlines() if "$(RUN)" in line}


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md", "docs/how-to/install.md"])
def test_paths_and_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    paths = re.findall(r"`((?:kcna_spider|tests|docs|\.ci)/[\w./]*\w)`", text)
    missing = [path for path in paths if not re.search(r"XX|SITE", path) and not (ROOT / path).exists()]
    assert missing == []
    headings = {
        re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings
        elif not target.startswith("https://"):
            assert (ROOT / target).exists(), target


def test_one_version_and_one_repository() -> None:
    citation = yaml(ROOT / "CITATION.cff")
    assert citation["version"] == kcna_spider.__version__
    assert citation["repository-code"] == kcna_spider.USER_AGENT_URL
    for document in DOCUMENTS:
        links = re.findall(r"https://github\.com/[\w-]+/kcna_spider", document.read_text("utf-8"))
        assert set(links) <= {kcna_spider.USER_AGENT_URL}, document


def test_the_changelog_has_the_version() -> None:
    headings = re.findall(r"^## \[(.+?)\](.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == ("Unreleased", "")
    assert headings[1][0] == kcna_spider.__version__
    assert all(re.fullmatch(r" - \d{4}-\d\d-\d\d", day) for _, day in headings[1:])


def test_lines_of_code_are_at_most_110_characters_long() -> None:
    """Check the files that ruff does not read; tables of words and stored pages are data."""
    names = ("Makefile", "Dockerfile", "*.yml", ".github/**/*.yml", "docker/*", ".ci/*", "docs/style/*.json")
    pages = ("kcna_spider/**/*.css", "kcna_spider/**/*.html")
    found = [path for name in (*names, *pages) for path in ROOT.glob(name)]
    assert len(found) > 40
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in found
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 110
    ]
    assert not long
