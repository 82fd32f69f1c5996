"""`scrapy demo`: a wrong argument gives one line. `make demo` and `make package` run the whole demo."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Crawler


def test_an_argument_that_it_does_not_take(scrapy: Crawler) -> None:
    demo = scrapy("demo", "quickly")
    assert demo.code == 2
    assert "no such argument: quickly" in demo.output


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_database_that_does_not_open_is_one_line(scrapy: Crawler, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    demo = scrapy("demo", "--folder", str(folder))
    assert demo.code == 2
    assert "demo: The embedded database in" in demo.output
    assert "Traceback" not in demo.output
