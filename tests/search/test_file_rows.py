"""The rows of an export are equal from the archive file and from MongoDB."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from pathlib import Path

import pytest

from kcna_spider.export.rows import ARTICLE_COLUMNS, Wanted, article_rows
from kcna_spider.search import build
from kcna_spider.search.file_rows import file_article_rows
from kcna_spider.search.snapshot import open_current
from kcna_spider.store.archive import Archive
from tests.search.stored import PLACE, fill

MARCH = dt.date(2024, 3, 9)
WANTED = [
    Wanted(),
    Wanted(since=MARCH),
    Wanted(until=MARCH),
    Wanted(since=MARCH, until=MARCH),
    Wanted(language="ko"),
    Wanted(site="kcnawatch.org"),
    Wanted(site="kcna.co.jp"),
    Wanted(dt.date(2024, 2, 1), dt.date(2024, 4, 30), "en", "kcna.kp"),
    Wanted(language="", site=""),
    Wanted(until=dt.date.max),
]
COLUMNS = [[name] for name in ARTICLE_COLUMNS] + [["urls", "title", "sites", "id"]]


def test_every_filter_and_column(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    path = tmp_path / "archive.sqlite"
    build.rebuild(archive.database, path, PLACE, lambda _: None)
    with closing(open_current(path, archive.database, PLACE, Wanted())) as snapshot:
        for wanted in WANTED:
            stored = list(article_rows(archive.database, wanted, list(ARTICLE_COLUMNS)))
            assert list(file_article_rows(snapshot, wanted, list(ARTICLE_COLUMNS))) == stored, wanted
        for columns in COLUMNS:
            stored = list(article_rows(archive.database, Wanted(), columns))
            rows = list(file_article_rows(snapshot, Wanted(), columns))
            assert rows == stored
            assert [list(row) for row in rows] == [columns] * len(rows)
        rows = list(file_article_rows(snapshot, Wanted(), list(ARTICLE_COLUMNS)))
    check_variety(rows)


def check_variety(rows: list[dict[str, object]]) -> None:
    """Check that the archive has different values in every column that could differ."""
    for name in ("changed_at", "withdrawn_at", "dateline_place", "dateline_date"):
        assert {row[name] is None for row in rows} == {True, False}, name
    assert {row["language"] for row in rows} == {"en", "ko"}
    assert ["World", "Economy", "Africa"] in [row["categories"] for row in rows]
    assert ["kcna.kp", "kcnawatch.org"] in [row["sites"] for row in rows]
    assert any(row["urls"] != row["live_urls"] for row in rows)
    assert {row["texts"] for row in rows} == {1, 2}
    assert all(isinstance(row["first_seen"], dt.datetime) for row in rows)
    assert {row["first_seen"].microsecond for row in rows if isinstance(row["first_seen"], dt.datetime)} == {
        947000
    }


@pytest.mark.parametrize("number", [0, 1100])
def test_no_article_and_more_than_are_read_at_once(archive: Archive, tmp_path: Path, number: int) -> None:
    if number:
        fill(archive, number)
    path = tmp_path / "archive.sqlite"
    build.rebuild(archive.database, path, PLACE, lambda _: None)
    columns = list(ARTICLE_COLUMNS)
    with closing(open_current(path, archive.database, PLACE, Wanted())) as snapshot:
        rows = list(file_article_rows(snapshot, Wanted(), columns))
    assert rows == list(article_rows(archive.database, Wanted(), columns))
    assert len(rows) == archive.database["articles"].count_documents({})
