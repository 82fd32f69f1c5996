"""A database that does not respond in time counts as an outage: nothing is lost or duplicated."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from kcna_spider.exceptions import StoreUnavailableError
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection import calls
from kcna_spider.store.connection.client import Connection, StoreSettings
from kcna_spider.store.connection.time_limits import long_operation
from tests.mongodb_proxy import Action, Change, Delay, Hang, MongodbProxy, Refuse
from tests.samples import an_article

STORED = {"inserted", "unchanged"}  # "unchanged" means that the retry found the result of the first attempt.


def limited(proxy: MongodbProxy, milliseconds: int = 1_000, seconds: float = 60) -> StoreSettings:
    """Return settings with short time limits for operations."""
    uri = f"{proxy.settings.uri}&socketTimeoutMS={milliseconds}"
    return replace(proxy.settings, uri=uri, wait_seconds=seconds)


def inserts(action: Action, times: int) -> Callable[[str, dict[str, Any]], Action | None]:
    """Return a rule for the first inserts of articles."""
    left = [action] * times

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        return left.pop() if name == "insert" and command["insert"] == "articles" and left else None

    return rule


def unconfirmed(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the response of a primary that did not reach a majority in time."""
    problem = {"code": 64, "errmsg": "waiting for replication timed out", "errInfo": {"wtimeout": True}}
    return {**answer, "writeConcernError": problem}


@pytest.mark.parametrize(
    "action",
    [Hang(executed=True), Hang(executed=False), Delay(4), Change(unconfirmed)],
    ids=["executed", "not executed", "late", "no majority"],
)
def test_a_write_without_an_answer_is_retried(store: StoreSettings, action: Action) -> None:
    with MongodbProxy(store) as proxy, closing(Archive(limited(proxy))) as archive:
        archive.articles.lock.lease_seconds = 4.0  # An insert may take half of the lease.
        proxy.rule = inserts(action, 2)
        assert set(decide_and_write(archive, [an_article()])) <= STORED
        decide_and_write(archive, [an_article(url="http://x/2", title="Other", body="Something else.")])
        for name in ("articles", "revisions"):
            assert archive.database[name].count_documents({}) == 2


def test_what_takes_too_long_ends_as_unavailable(store: StoreSettings) -> None:
    with MongodbProxy(store) as proxy, closing(Archive(limited(proxy, seconds=2))) as archive:
        archive.articles.lock.lease_seconds = 4.0
        proxy.rule = inserts(Hang(executed=False), 100)
        with pytest.raises(StoreUnavailableError):
            decide_and_write(archive, [an_article()])
        proxy.rule = inserts(Hang(), 0)
        assert set(decide_and_write(archive, [an_article()])) <= STORED


def test_a_crawl_that_is_ending_waits_for_one_attempt(store: StoreSettings) -> None:
    stopping, hanging = threading.Event(), threading.Event()

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        if name != "insert" or command["insert"] != "articles":
            return None
        hanging.set()
        return Hang()

    def stop() -> None:
        hanging.wait()
        stopping.set()

    with (
        MongodbProxy(store) as proxy,
        closing(Archive(limited(proxy, 1_000, 3600), stopping.is_set)) as archive,
    ):
        archive.articles.lock.lease_seconds = 4.0
        proxy.rule = rule
        threading.Thread(target=stop).start()
        begun = time.monotonic()
        with pytest.raises(StoreUnavailableError):
            decide_and_write(archive, [an_article()])
        assert time.monotonic() - begun < 1800, "the crawl waited although it was ending"


def test_once_given_up_a_hanging_server_costs_little(
    store: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LAST_SECONDS", 0.5)
    with MongodbProxy(store) as proxy, closing(Archive(limited(proxy, 600_000, seconds=0))) as archive:
        proxy.rule = lambda name, command: Refuse(91) if name == "find" else None
        with pytest.raises(StoreUnavailableError):
            archive.known(["http://x/1"])
        proxy.rule = lambda name, command: Hang() if name == "find" else None
        begun = time.monotonic()
        with pytest.raises(StoreUnavailableError):
            archive.known(["http://x/1"])
        assert time.monotonic() - begun < 300, "the limit of the URI (ten minutes) was used"


def test_a_long_operation_has_its_own_limit(store: StoreSettings) -> None:
    with MongodbProxy(store) as proxy, closing(Connection(limited(proxy))) as connection:
        things = connection.database["things"]
        proxy.rule = lambda name, command: Delay(2) if name == "count" else None
        with pytest.raises(PyMongoError) as caught:
            things.estimated_document_count()
        assert caught.value.timeout
        for seconds in (60, None):
            with long_operation(seconds):
                assert things.estimated_document_count() == 0


@pytest.mark.parametrize(("reading", "seconds"), [(False, 30.0), (True, 600.0)])
def test_limits_of_a_connection(store: StoreSettings, reading: bool, seconds: float) -> None:
    with closing(Connection(store, reading=reading)) as connection:
        assert connection.client.options.pool_options.socket_timeout == seconds
