"""The setup of a database for crawls and for readers."""

from __future__ import annotations

from typing import Any

import pytest

from kcna_spider.exceptions import StoreError
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import Connection, StoreSettings
from kcna_spider.store.model.schema import VALIDATORS
from kcna_spider.store.model.set_up import CONSUMER_INDEXES, initialize
from kcna_spider.store.model.views import VIEWS
from tests.mongodb_proxy import Action, MongodbProxy, Refuse

CREATES = {"create", "createIndexes", "collMod", "insert", "update", "drop"}


def test_the_first_crawl_creates_views_and_no_consumer_indexes(archive: Archive) -> None:
    kinds = {c["name"]: c["type"] for c in archive.database.list_collections()}
    assert {name for name, kind in kinds.items() if kind == "view"} == set(VIEWS)
    assert set(VALIDATORS) <= set(kinds)
    assert "place" not in archive.database["articles"].index_information()


def test_a_view_that_somebody_dropped_does_not_come_back_by_a_crawl(
    archive: Archive, store: StoreSettings
) -> None:
    archive.database.drop_collection("edits")
    Archive(store).close()
    assert "edits" not in archive.database.list_collection_names()
    initialize(archive.database, print)
    assert "edits" in archive.database.list_collection_names()


def test_consumer_indexes(store: StoreSettings) -> None:
    """Check that a second call builds nothing.

    The embedded server has no text indexes.
    """
    with MongodbProxy(store) as proxy:
        connection = Connection(proxy.settings)
        said: list[str] = []
        initialize(connection.database, said.append, consumer_indexes=True)
        assert said[-1] == "This server has no text indexes: index words is not built"
        for name, indexes in CONSUMER_INDEXES.items():
            there = connection.database[name].index_information()
            assert {index.document["name"] for index in indexes} <= set(there)
        before = proxy.commands.copy()
        said.clear()
        proxy.rule = lambda name, command: (
            Refuse(67) if name == "createIndexes" and command["indexes"][0]["name"] == "words" else None
        )
        initialize(connection.database, said.append, consumer_indexes=True)
        assert len(said) == 2, "the text index must be tried again"
        sent = proxy.commands - before
        assert {name: sent[name] for name in CREATES & set(sent)} == {"createIndexes": 1}
        connection.close()


def test_the_text_index_does_not_read_the_language_of_articles(store: StoreSettings) -> None:
    """Check the option, because a text index refuses Korean, Japanese and Chinese by default."""
    sent: list[dict[str, Any]] = []

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        if name == "createIndexes" and "text" in command["indexes"][0]["key"].values():
            sent.extend(command["indexes"])
            return Refuse(67)
        return None

    with MongodbProxy(store, as_mongod=True) as proxy:
        proxy.rule = rule
        connection = Connection(proxy.settings)
        initialize(connection.database, print, consumer_indexes=True)
        connection.close()
    assert [(i["name"], i["default_language"], i["language_override"]) for i in sent] == [
        ("words", "none", "words_in")
    ]


def test_reading_creates_nothing_and_needs_an_archive(store: StoreSettings) -> None:
    with MongodbProxy(store) as proxy:
        with pytest.raises(StoreError, match=r"cannot be read: .*holds no archive"):
            Archive(proxy.settings, reading=True)
        assert not CREATES & set(proxy.commands)
        Archive(store).close()
        Archive(proxy.settings, reading=True).close()
        assert not CREATES & set(proxy.commands)
        assert proxy.commands["listIndexes"] == 0
