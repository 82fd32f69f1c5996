"""Creation of collections, validators and indexes: only what is missing, with no other commands."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from kcna_spider.exceptions import StoreError
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import Connection, StoreSettings
from kcna_spider.store.model.creation import warn_once
from kcna_spider.store.model.schema import VALIDATORS, ensure
from tests.mongodb_proxy import Action, MongodbProxy, Refuse

READS = {"find", "hello", "ismaster", "isMaster", "ping", "connectionStatus", "endSessions"} | {
    "listCollections",
    "listIndexes",
}


@pytest.fixture(autouse=True)
def warnings_are_new() -> None:
    """Clear the warnings, because a process gives each warning only once."""
    warn_once.cache_clear()


@pytest.fixture
def database(store: StoreSettings) -> Iterator[Database[Any]]:
    """Yield an empty database in which no archive was opened."""
    with MongoClient[Any](store.uri) as client:
        yield client[store.database]


def opened(settings: StoreSettings) -> None:
    """Open and close an archive, as at the start of a crawl."""
    Archive(settings).close()


def validators(database: Database[Any]) -> dict[str, Any]:
    return {c["name"]: c["options"].get("validator") for c in database.list_collections()}


def test_a_later_start_only_reads(archive: Archive, store: StoreSettings) -> None:
    with MongodbProxy(store) as proxy:
        opened(proxy.settings)
        assert set(proxy.commands) <= READS


@pytest.mark.parametrize(("collection", "name"), [("articles", "url"), ("articles", "event_at")])
def test_a_missing_index_is_built_and_named_before(
    collection: str, name: str, archive: Archive, store: StoreSettings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    archive.database[collection].drop_index(name)
    with MongodbProxy(store) as proxy:
        limits: list[int | None] = []

        def rule(command: str, document: dict[str, Any]) -> Action | None:
            if command == "createIndexes":
                assert f"Building index {name} of {store.database}.{collection}" in caplog.messages
                limits.append(document.get("maxTimeMS"))
            return None

        proxy.rule = rule
        opened(proxy.settings)
        assert proxy.commands["createIndexes"] == 1
    assert all(limit is None or limit > 3_600_000 for limit in limits), (
        "the time limit is too short for building an index"
    )
    assert name in archive.database[collection].index_information()


def test_an_equal_index_of_another_name_serves(archive: Archive, store: StoreSettings) -> None:
    """Check an index with another name, as Compass and Atlas create it."""
    articles = archive.database["articles"]
    articles.drop_index("published")
    articles.create_index([("published", 1), ("_id", 1)])
    with MongodbProxy(store) as proxy:
        opened(proxy.settings)
        assert set(proxy.commands) <= READS
    assert "published" not in articles.index_information()


def test_an_index_that_cannot_be_built_is_named(
    archive: Archive, store: StoreSettings, caplog: pytest.LogCaptureFixture
) -> None:
    runs = archive.database["runs"]
    runs.drop_index("started_at")
    runs.create_index("spider", name="started_at")
    opened(store)
    opened(store)
    warned = [message for message in caplog.messages if "index started_at of" in message]
    assert len(warned) == 1, "a process must give the warning once"


def test_a_unique_index_that_cannot_be_built_is_an_error(archive: Archive, store: StoreSettings) -> None:
    articles = archive.database["articles"]
    articles.drop_index("url")
    articles.create_index("title", name="url")
    with pytest.raises(StoreError, match=r"index url of .* cannot be built; drop the index"):
        opened(store)


def test_an_index_that_another_crawl_builds_at_the_same_time(archive: Archive, store: StoreSettings) -> None:
    """Check MongoDB's error 85, for an equal index that another crawl created with another name."""
    archive.database["articles"].drop_index("event_at")
    with MongodbProxy(store) as proxy:
        proxy.rule = lambda name, command: Refuse(85) if name == "createIndexes" else None
        opened(proxy.settings)


@pytest.mark.parametrize("name", VALIDATORS)
def test_a_collection_without_a_validator_gets_it(
    name: str, database: Database[Any], store: StoreSettings
) -> None:
    database.create_collection(name)
    opened(store)
    assert validators(database)[name] == {"$jsonSchema": VALIDATORS[name]}


def test_a_user_who_may_not_set_a_validator_is_warned_once(
    database: Database[Any], store: StoreSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """Check a user with MongoDB's role readWrite, which does not include collMod."""
    database.create_collection("rejects")
    with MongodbProxy(store) as proxy:
        refusal = Refuse(13, "not authorized on kcna to execute command collMod")
        proxy.rule = lambda name, command: refusal if name == "collMod" else None
        opened(proxy.settings)
        opened(proxy.settings)
    warned = [message for message in caplog.messages if "rejects does not have its validator" in message]
    assert len(warned) == 1
    assert validators(database)["rejects"] is None


def test_another_validator_is_replaced_only_if_that_is_wanted(
    database: Database[Any], store: StoreSettings
) -> None:
    mine = {"$jsonSchema": {"required": ["spider"]}}
    database.create_collection("runs", validator=mine)
    opened(store)
    assert validators(database)["runs"] == mine
    ensure(database, replace=True)
    assert validators(database)["runs"] == {"$jsonSchema": VALIDATORS["runs"]}


def test_a_collection_that_another_crawl_creates_at_the_same_time(
    database: Database[Any], store: StoreSettings
) -> None:
    """Check MongoDB's error 48, for a collection that a crawl of another version created."""
    with MongodbProxy(store) as proxy:

        def rule(name: str, command: dict[str, Any]) -> Action | None:
            if name == "create" and command["create"] == "listings":
                database.create_collection("listings", validator={"$jsonSchema": {"required": ["site"]}})
            return None

        proxy.rule = rule
        opened(proxy.settings)
    assert "site" in database["listings"].index_information()


def test_two_at_once(store: StoreSettings) -> None:
    """Check two connections that both create all collections."""
    one, two = Connection(store), Connection(store)
    assert ensure(one.database) == set(VALIDATORS)
    assert ensure(two.database) == set()
    for connection in (one, two):
        connection.close()
