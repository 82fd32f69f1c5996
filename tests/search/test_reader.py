"""The order of hits by their match with the text, and the time limit of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader, SearchTimeoutError
from kcna_spider.search.sql import condition
from tests.search.test_people_rows import new_file
from tests.search.texts import document

# SQLite's virtual machine needs more than 10,000 instructions for it; the time limit is checked that often.
LONG = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1000000) SELECT count(*) FROM n"
IN_TITLE, THRICE, ONCE, ALSO_ONCE, STEM = range(1, 6)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """Yield a reader of five articles with forms of the word `bakery`, and of others without it.

    The titles have equal lengths, and so have the bodies.
    """
    rest = "the farm of the county has sown rice and beans"
    found = [
        document(IN_TITLE, "en", "A bakery here", f"{rest} near the new mill"),
        document(THRICE, "en", "A building here", f"{rest} bakery bakery bakery mill"),
        document(ONCE, "en", "A building here", f"{rest} near the new bakery"),
        document(ALSO_ONCE, "en", "A building here", f"{rest} near the new bakery"),
        document(STEM, "en", "A building here", f"{rest} near the new bakeries"),
        *(document(n, "en", "A building here", f"{rest} near the new mill") for n in range(6, 30)),
    ]
    new_file(tmp_path / "a.sqlite", found).close()
    with closing(Reader(tmp_path / "a.sqlite")) as opened:
        yield opened


def found(reader: Reader, word: str, order: str, limit: int = -1, skip: int = 0) -> list[int]:
    """Return the numbers of the found articles in this order."""
    hits = reader.hits(condition(parse(word)), limit, order=order, skip=skip)
    return [int(hit.id, 16) for hit in hits]


def test_the_best_match_is_first(reader: Reader) -> None:
    best = found(reader, "bakery", "best")
    assert [number for number in best if number != STEM] == [IN_TITLE, THRICE, ALSO_ONCE, ONCE]
    assert set(best) == {IN_TITLE, THRICE, ALSO_ONCE, ONCE, STEM}
    assert found(reader, "bakery", "best", 2, 1) == best[1:3]
    assert found(reader, "bakery", "newest") == [STEM, ALSO_ONCE, ONCE, THRICE, IN_TITLE]
    assert found(reader, "bakery", "oldest") == [IN_TITLE, THRICE, ONCE, ALSO_ONCE, STEM]


def test_an_article_without_a_score_is_last(reader: Reader) -> None:
    """Check articles with `bakery`, which has the stem `bakeri` but does not begin with it."""
    assert found(reader, "bakeries", "best") == [STEM, ALSO_ONCE, ONCE, THRICE, IN_TITLE]


def test_a_statement_that_takes_too_long_is_ended(reader: Reader) -> None:
    assert reader.rows(LONG) == [(1_000_000,)]
    with closing(Reader(reader.path, seconds=-1)) as limited:
        with pytest.raises(SearchTimeoutError, match="takes more than"):
            limited.rows(LONG)
        with pytest.raises(SearchTimeoutError, match="takes more than"):
            limited.dicts(LONG)
        assert limited.rows("SELECT 1") == [(1,)], "the connection must still be usable"
