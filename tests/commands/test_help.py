"""The help of every command."""

from __future__ import annotations

import itertools
import os
import pkgutil

import pytest

from kcna_spider import commands
from tests.conftest import ROOT
from tests.processes import run_scrapy

COMMANDS = [module.name for module in pkgutil.iter_modules(commands.__path__)]


@pytest.mark.process
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("columns", ["60", "80", "100", "140"])
def test_help_has_its_own_headings_only(command: str, columns: str) -> None:
    """Check the headings, because Scrapy formats any line that ends with a colon as one."""
    _, output = run_scrapy([command, "-h"], os.environ | {"COLUMNS": columns}, ROOT, 60)
    lines = output.splitlines()
    headings = [before for before, line in itertools.pairwise(lines) if line and set(line) in ({"="}, {"-"})]
    assert headings == ["Usage", "Options", "Global Options"]
