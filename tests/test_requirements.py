"""What is deployed is what was tested: the lock names a version and hashes for everything that requirements.txt asks for."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


def asked() -> list[Requirement]:
    """The lines of requirements.txt."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line]


def locked() -> dict[str, str]:
    """Name -> version, of the lines of requirements.lock that have a hash."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {
        canonicalize_name(name): number for name, number in re.findall(r"^([\w.-]+)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    }


def test_every_requirement_has_two_bounds_and_is_locked() -> None:
    pins = locked()
    for requirement in asked():
        operators = {one.operator for one in requirement.specifier}
        assert operators == {"=="} or {">=", "<"} <= operators or requirement.name == "tzdata", requirement
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)], prereleases=True), requirement


def test_every_locked_package_has_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(re.findall(r"^[\w.-]+==", text, re.MULTILINE)) == len(locked()) > 50


def test_what_is_installed_meets_the_requirements() -> None:
    for requirement in asked():
        assert requirement.specifier.contains(version(requirement.name), prereleases=True), requirement
