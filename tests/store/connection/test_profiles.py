"""Queries for each kind of server: equal results, but different numbers of round trips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import Connection, StoreSettings
from kcna_spider.store.connection.profiles import MONGODB, SECANTUS, ServerProfile, profile_of
from tests.mongodb_proxy import MongodbProxy
from tests.samples import an_article

URLS = [f"http://x/{n}" for n in range(1_001)]


def test_the_server_says_what_it_is() -> None:
    assert profile_of({"setName": "secantus"}) is SECANTUS
    assert profile_of({"setName": "rs0", "msg": "isdbgrid"}) is MONGODB
    assert profile_of({}) is MONGODB


def test_a_connection_has_the_profile_of_its_server(store: StoreSettings, tmp_path: Path) -> None:
    with closing(Connection(StoreSettings(path=str(tmp_path)))) as connection:
        assert connection.profile is SECANTUS
    with MongodbProxy(store) as proxy, closing(Connection(proxy.settings)) as connection:
        assert connection.profile is SECANTUS
    with MongodbProxy(store, as_mongod=True) as proxy, closing(Connection(proxy.settings)) as connection:
        assert connection.profile is MONGODB


def commands(store: StoreSettings, as_mongod: bool, calls: Sequence[tuple[str, list[Any]]]) -> Counter[str]:
    """Return how often some calls of an archive send each command."""
    with MongodbProxy(store, as_mongod=as_mongod) as proxy, closing(Archive(proxy.settings)) as archive:
        proxy.commands.clear()
        for name, arguments in calls:
            getattr(archive, name)(*arguments)
        return proxy.commands


@pytest.mark.parametrize(("as_mongod", "finds"), [(False, 21), (True, 2)])
def test_look_ups(store: StoreSettings, as_mongod: bool, finds: int) -> None:
    assert commands(store, as_mongod, [("known", [URLS])])["find"] == finds


@pytest.mark.parametrize(("as_mongod", "finds"), [(False, 21 + 6), (True, 4)])
def test_look_ups_of_rejects_too(store: StoreSettings, as_mongod: bool, finds: int) -> None:
    """Check that queries for rejects have a limited size."""
    assert commands(store, as_mongod, [("look_up", [URLS])])["find"] == finds


@pytest.mark.parametrize(("as_mongod", "finds"), [(False, 4), (True, 1)])
def test_texts(store: StoreSettings, as_mongod: bool, finds: int) -> None:
    query = [["fingerprint", "fingerprints"], ["0" * 32] * 60]
    assert commands(store, as_mongod, [("find_articles", query)])["find"] == finds


@pytest.mark.parametrize("profile", [SECANTUS, MONGODB])
def test_earlier_texts_are_found(archive: Archive, profile: ServerProfile) -> None:
    """Check that each article is found once with either profile."""
    archive.articles.profile = replace(profile, in_size=1)
    first = an_article()
    decide_and_write(archive, [first])
    decide_and_write(archive, [edited := an_article(body="The bread is better still.", minutes=5)])
    found = archive.find_articles(
        ["fingerprint", "fingerprints"], [first.fingerprint, edited.fingerprint, "0" * 32]
    )
    assert [document["revision"] for document in found] == [2]
