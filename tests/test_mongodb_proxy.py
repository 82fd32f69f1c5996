"""The proxy forwards commands that no rule names, and responds to those that one names."""

from __future__ import annotations

import time
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import AutoReconnect, NetworkTimeout, OperationFailure

from kcna_spider.store.connection.client import StoreSettings
from tests.mongodb_proxy import Action, Change, Delay, Drop, Hang, MongodbProxy, Refuse


def client(proxy: MongodbProxy, **options: Any) -> MongoClient[dict[str, Any]]:
    return MongoClient(proxy.settings.uri, retryReads=False, retryWrites=False, **options)


def on(wanted: str, action: Action) -> Any:
    return lambda name, command: action if name == wanted else None


def test_it_passes_on(store: StoreSettings) -> None:
    with MongodbProxy(store) as proxy, client(proxy) as mongo:
        things = mongo[store.database]["things"]
        things.insert_many([{"n": n, "text": "x" * 10_000} for n in range(300)])
        assert things.count_documents({}) == 300
        assert [d["n"] for d in things.find().sort("n").batch_size(20)] == list(range(300))
        assert proxy.commands["insert"] >= 1
        assert proxy.commands["getMore"] > 5


def test_it_refuses(store: StoreSettings) -> None:
    with MongodbProxy(store) as proxy, client(proxy) as mongo:
        proxy.rule = on("find", Refuse(43, "cursor lost", ("RetryableError",)))
        with pytest.raises(OperationFailure) as caught:
            mongo[store.database]["things"].find_one()
        assert caught.value.code == 43
        assert caught.value.has_error_label("RetryableError")


def test_it_delays_hangs_and_drops(store: StoreSettings) -> None:
    with MongodbProxy(store) as proxy, client(proxy, socketTimeoutMS=1500) as mongo:
        things = mongo[store.database]["things"]
        proxy.rule = on("insert", Delay(0.5))
        begun = time.monotonic()
        things.insert_one({"n": 1})
        assert time.monotonic() - begun >= 0.5
        proxy.rule = on("insert", Hang())
        with pytest.raises(NetworkTimeout):
            things.insert_one({"n": 2})
        proxy.rule = on("insert", Drop())
        with pytest.raises(AutoReconnect):
            things.insert_one({"n": 3})
        proxy.rule = on("insert", Drop(executed=True))
        with pytest.raises(AutoReconnect):
            things.insert_one({"n": 4})
        assert sorted(d["n"] for d in things.find()) == [1, 2, 4]


def test_it_changes_answers_and_looks_like_a_mongod(store: StoreSettings) -> None:
    with MongodbProxy(store, as_mongod=True) as proxy, client(proxy) as mongo:
        proxy.rule = on("ping", Change(lambda answer: {**answer, "more": 1}))
        assert mongo.admin.command("ping")["more"] == 1
        assert mongo.admin.command("hello")["setName"] == "rs0"
