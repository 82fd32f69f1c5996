"""The numbers of the report are equal from the archive file and from MongoDB."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kcna_spider.export.rows import Wanted
from kcna_spider.report.numbers import collect
from kcna_spider.search import build
from kcna_spider.search.file_numbers import file_numbers
from kcna_spider.search.snapshot import open_current
from kcna_spider.store.archive import Archive
from tests.search.stored import PLACE, fill
from tests.stored_photos import fill_photos


@pytest.mark.parametrize("filled", [False, True])
def test_every_number(archive: Archive, tmp_path: Path, filled: bool) -> None:
    if filled:
        fill(archive)
        fill_photos(archive)
    path = tmp_path / "archive.sqlite"
    build.rebuild(archive.database, path, PLACE, lambda _: None)
    with closing(open_current(path, archive.database, PLACE, Wanted())) as snapshot:
        from_file = collect(archive.database, file_numbers(snapshot))
    stored = collect(archive.database)
    assert from_file == stored
    assert [list(from_file.days), list(from_file.delays)] == [list(stored.days), list(stored.delays)]
    if filled:
        photos = stored.photos
        assert (photos.articles, photos.files, photos.gone) == (2, 4, 1)
        assert sum(photos.days.values()) == 5
        assert stored.texts == archive.database["revisions"].count_documents({}) > stored.articles
        assert stored.edited
        assert stored.withdrawn
        assert stored.without_dateline
        assert len(stored.overlaps) == 2
        assert len(stored.months) > 4
        assert {status for _, status in stored.copies} == {"live", "gone"}
