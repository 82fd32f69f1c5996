"""Searches that take too long, and titles that look like formulas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kcna_spider.web.app import create_app
from tests.search.test_people_rows import new_file
from tests.search.texts import document, documents
from tests.web.conftest import Site, serving

ADVICE = "make the query narrower"


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield a server of many articles whose time limit is over at the first check."""
    path = tmp_path_factory.mktemp("limited") / "archive.sqlite"
    new_file(path, documents(2000)).close()
    with serving(create_app(path, -1.0)) as site:
        yield site


@pytest.mark.parametrize("path", ["/?q=lang:en+changed:no", "/search.csv?q=lang:en+changed:no"])
def test_a_page_that_takes_too_long(limited: Site, path: str) -> None:
    status, headers, body = limited.get(path)
    assert status == 503
    assert headers["content-type"].startswith("text/html")
    assert ADVICE in body
    assert ".sqlite" not in body


def test_a_call_of_the_api_that_takes_too_long(limited: Site) -> None:
    status, _, body = limited.get("/api/v1/counts?by=month")
    assert status == 503
    assert ADVICE in json.dumps(json.loads(body))
    assert ".sqlite" not in body


def test_titles_in_csv_are_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    new_file(path, [document(1, "en", '=HYPERLINK("http://evil.example")', "A farm.")]).close()
    with serving(create_app(path, 5.0)) as site:
        (row,) = csv.DictReader(io.StringIO(site.get("/search.csv?q=farm")[2]))
    assert row["title"] == '\'=HYPERLINK("http://evil.example")'
