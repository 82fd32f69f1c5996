"""Concerns, and articles whose collection may be sharded: no unique index, one writer at a time. No router can be had here: the setting says it."""

from __future__ import annotations

import random
import threading
from dataclasses import replace

import pytest

from kcna_spider.exceptions import StoreError
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection import Connection, StoreSettings
from tests.samples import an_article


def test_a_server_of_our_own_is_not_sharded(store: StoreSettings) -> None:
    connection = Connection(store)
    assert not connection.is_sharded
    connection.close()


def test_a_setting_that_means_nothing(store: StoreSettings) -> None:
    with pytest.raises(StoreError, match="MONGODB_SHARDED is auto, 0 or 1, not 'yes'"):
        Archive(replace(store, sharded="yes"))


def test_indexes_of_a_sharded_collection(store: StoreSettings) -> None:
    archive = Archive(replace(store, sharded="1"))
    indexes = archive.database["articles"].index_information()
    assert not [name for name, index in indexes.items() if index.get("unique")]
    assert {"address_sharded", "fingerprint_sharded", "keys", "published"} <= set(indexes)
    assert archive.database["rejects"].index_information()["address"]["unique"], "its own shard key begins with it"
    archive.close()


def test_writers_at_once_without_unique_indexes(store: StoreSettings) -> None:
    settings = replace(store, sharded="1")
    archives = [Archive(settings) for _ in range(4)]
    words = [" ".join(f"word{random.Random(n).randrange(10**6)}{n} of {n * i}" for i in range(40)) for n in range(30)]
    batches = [[an_article(f"http://www.kcna.kp/en/article/detail/{n}", f"Title {n}", body) for n, body in enumerate(words)] for _ in archives]
    threads = [threading.Thread(target=archive.write, args=(batch,)) for archive, batch in zip(archives, batches, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    urls = [copy["url"] for document in archives[0].database["articles"].find() for copy in document["copies"]]
    assert len(urls) == len(set(urls)) == 30
    for archive in archives:
        archive.close()


@pytest.mark.parametrize(
    ("query", "write", "read"),
    [
        ("", {"w": "majority", "j": True}, "majority"),
        ("?w=1", {"w": 1, "j": True}, "majority"),
        ("?w=1&journal=true&readConcernLevel=local", {"w": 1, "j": True}, "local"),
    ],
)
def test_concerns_are_safe_and_the_uri_goes_first(store: StoreSettings, query: str, write: dict[str, object], read: str) -> None:
    archive = Archive(replace(store, uri=store.uri.partition("?")[0] + query))
    assert archive.database.write_concern.document == write
    assert archive.database.read_concern.level == read
    assert archive.known(["http://x.example/"]) == {}, "the server takes them"
    archive.close()


def test_a_number_of_members(store: StoreSettings) -> None:
    connection = Connection(replace(store, uri=store.uri.partition("?")[0], write_concern="1"))
    assert connection.database.write_concern.document == {"w": 1, "j": True}
    connection.close()
