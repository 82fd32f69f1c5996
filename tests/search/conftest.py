"""An archive file with the tests' own texts, made without a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.search.about import write_about
from kcna_spider.search.reader import Reader
from kcna_spider.search.tables import create
from kcna_spider.search.writer import Writer
from tests.search.texts import BEGIN, documents, edited, revision


@pytest.fixture(scope="session")
def articles() -> list[dict[str, Any]]:
    """Return the stored articles; the first has an earlier text, and every fifth was edited twice."""
    found = [edited(one) if number % 5 == 0 else one for number, one in enumerate(documents())]
    found[0] |= {"revision": 2}
    return found


@pytest.fixture(scope="session")
def archive_file(tmp_path_factory: pytest.TempPathFactory, articles: list[dict[str, Any]]) -> Path:
    """Return the path of an archive file with these articles."""
    path = tmp_path_factory.mktemp("search") / "archive.sqlite"
    writer = Writer(path)
    create(writer.base)
    writer.write(articles, [revision(articles[0], 1, "A zeppelin flew."), revision(articles[0], 2, "x")])
    write_about(writer.base, "a test", BEGIN)
    writer.close()
    return path


@pytest.fixture
def reader(archive_file: Path) -> Iterator[Reader]:
    """Yield a reader of the archive file."""
    opened = Reader(archive_file)
    yield opened
    opened.close()
