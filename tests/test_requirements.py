"""The lock has a version and hashes for everything that requirements.txt needs."""

from __future__ import annotations

import re
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def asked() -> list[Requirement]:
    """Return the lines of requirements.txt."""
    lines = (
        line.partition("#")[0].strip()
        for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    )
    return [Requirement(line) for line in lines if line]


def locked() -> dict[str, set[str]]:
    """Return the versions of each package in requirements.lock that have a hash.

    A package may have one version for each Python.
    """
    found: dict[str, set[str]] = {}
    for name, number in re.findall(
        r"^([\w.-]+)==(\S+)(?: ;[^\n\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", LOCK, re.MULTILINE
    ):
        found.setdefault(canonicalize_name(name), set()).add(number)
    return found


def test_every_requirement_has_two_bounds_and_is_locked() -> None:
    pins = locked()
    for requirement in asked():
        operators = {one.operator for one in requirement.specifier}
        assert operators == {"=="} or {">=", "<"} <= operators or requirement.name == "tzdata", requirement
        assert all(
            requirement.specifier.contains(pin, prereleases=True)
            for pin in pins[canonicalize_name(requirement.name)]
        ), requirement


def test_every_locked_package_has_hashes() -> None:
    assert len(re.findall(r"^[\w.-]+==", LOCK, re.MULTILINE)) == sum(map(len, locked().values())) > 50


@pytest.mark.parametrize("python", ["3.11.0", "3.11.2", "3.12.0", "3.13.0", "3.14.0"])
def test_the_lock_holds_what_any_python_asks_for(python: str) -> None:
    """Check every Python: on 3.11.2 of Debian 12, one package needs another that later ones do not."""
    here = {"python_full_version": python, "python_version": ".".join(python.split(".")[:2]), "extra": ""}
    pins = locked()
    for name in pins:
        with suppress(PackageNotFoundError):  # Only another Python needs this package.
            for line in requires(name) or ():
                one = Requirement(line)
                assert (one.marker and not one.marker.evaluate(here)) or canonicalize_name(
                    one.name
                ) in pins, f"{name} needs {line}"


def test_what_is_installed_meets_the_requirements() -> None:
    for requirement in asked():
        assert requirement.specifier.contains(version(requirement.name), prereleases=True), requirement
