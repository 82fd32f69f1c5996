"""Write and read concerns: safe by default, and overridden by the URI."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import Connection, StoreSettings


@pytest.mark.parametrize(
    ("query", "write", "read"),
    [
        ("", {"w": "majority", "j": True, "wtimeout": 20_000}, "majority"),
        ("?w=1", {"w": 1, "j": True, "wtimeout": 20_000}, None),
        ("?w=1&journal=true&readConcernLevel=local", {"w": 1, "j": True, "wtimeout": 20_000}, "local"),
    ],
)
def test_concerns_are_safe_and_the_uri_goes_first(
    store: StoreSettings, query: str, write: dict[str, object], read: str | None
) -> None:
    archive = Archive(replace(store, uri=store.uri.partition("?")[0] + query))
    assert archive.database.write_concern.document == write
    assert archive.database.read_concern.level == read
    assert archive.known(["http://x.example/"]) == {}, "the server refuses the concerns"
    archive.close()


def test_a_number_of_members(store: StoreSettings) -> None:
    connection = Connection(replace(store, uri=store.uri.partition("?")[0], write_concern="1"))
    assert connection.database.write_concern.document == {"w": 1, "j": True, "wtimeout": 20_000}
    assert connection.database.read_concern.level is None, "without a level, reads are local"
    connection.close()
