"""Every sort of a reading command uses the order of an index: a free MongoDB cluster sorts at most 32 MB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.export.rows import ARTICLE_COLUMNS, REVISION_COLUMNS, Wanted, article_rows, revision_rows
from kcna_spider.search.build import rebuild
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.maintenance.backup import backup
from kcna_spider.store.maintenance.recovery import complete
from kcna_spider.store.model.schema import INDEXES
from tests.mongodb_proxy import MongodbProxy
from tests.search.stored import fill

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
READS: dict[str, Callable[[Archive, Path], object]] = {
    "articles": lambda archive, _: list(article_rows(archive.database, Wanted(), list(ARTICLE_COLUMNS))),
    "revisions": lambda archive, _: list(revision_rows(archive.database, Wanted(), list(REVISION_COLUMNS))),
    "archive file": lambda archive, path: rebuild(archive.database, path, "a test", lambda _: None),
    "backup": lambda archive, path: backup(archive.database, path, LONG_AGO),
    "recovery": lambda archive, _: complete(archive.database, LONG_AGO),
}


@pytest.mark.parametrize("name", READS)
def test_an_index_serves_it(store: StoreSettings, archive: Archive, tmp_path: Path, name: str) -> None:
    fill(archive)
    sorts: list[tuple[str, list[Any], bool]] = []

    def note(command_name: str, command: dict[str, Any]) -> None:
        if command_name == "find" and command.get("sort"):
            limited = command.get("limit") == 1
            sorts.append((command["find"], list(command["sort"].items()), limited))

    with MongodbProxy(store) as proxy:
        opened = Archive(proxy.settings)
        proxy.rule = note
        READS[name](opened, tmp_path / "written")
        opened.close()
    assert sorts
    for collection, order, limited in sorts:
        indexes = [[("_id", 1)], *(list(i.document["key"].items()) for i in INDEXES[collection])]
        served = [keys[: len(order)] for keys in indexes]
        backwards = [[(field, -way) for field, way in keys] for keys in served]
        assert order in (served + backwards if limited else served), (collection, order)
