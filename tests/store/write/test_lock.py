"""The lock between crawls on a real server: slow, killed and waiting holders."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pymongo
import pytest

from kcna_spider.exceptions import StoreError
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.write.lock import LEASE_SECONDS, DatabaseLock
from tests.mongodb_proxy import Action, Change, Drop, Hang, MongodbProxy
from tests.samples import article

KP, WATCH = (
    "http://www.kcna.kp/en/article/detail/1",
    "https://kcnawatch.org/newstream/1710052200-1/a/",
)
LONG = [
    "Pyongyang, March 8 (KCNA) -- A new bakery was opened here.",
    " ".join(f"Word {n} of a text that is long enough" for n in "abcdefghijklmn"),
]
MISPRINT = [LONG[0], LONG[1].replace("enough", "enouhg", 1)]


@contextmanager
def proxied(store: StoreSettings) -> Iterator[tuple[MongodbProxy, Archive]]:
    with MongodbProxy(store, as_mongod=True) as proxy:
        opened = Archive(proxy.settings)
        try:
            yield proxy, opened
        finally:
            opened.close()


def is_read_under_lock(name: str, command: dict[str, Any]) -> bool:
    return (
        name == "find"
        and command["find"] == "articles"
        and "lsh_keys" in command["filter"]
        and "lsh_keys" in command.get("projection", {})
    )


@pytest.mark.parametrize("text", [MISPRINT, LONG], ids=["near-equal", "equal"])
def test_a_holder_that_is_slower_than_its_lease_decides_again(
    archive: Archive, store: StoreSettings, text: list[str]
) -> None:
    """Check a story that another crawl stores meanwhile: there is one article with both texts."""
    others: list[str] = []

    def answer_late(answer: dict[str, Any]) -> dict[str, Any]:
        # This waits until the lease ends.
        others.extend(decide_and_write(archive, [article(WATCH, paragraphs=text)]))
        slow.articles.lock.lease_seconds = LEASE_SECONDS
        return answer

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        return Change(answer_late) if is_read_under_lock(name, command) and not others else None

    with proxied(store) as (proxy, slow):
        slow.articles.lock.lease_seconds = 0.3
        proxy.rule = rule
        assert decide_and_write(slow, [article(KP, paragraphs=LONG)]) == ["copied"]
    assert others == ["inserted"]
    (document,) = archive.database["articles"].find()
    assert sorted(copy["url"] for copy in document["copies"]) == [KP, WATCH]
    numbers = {r["number"] for r in archive.database["revisions"].find()}
    assert numbers == set(range(1, len(document["texts"]) + 1))


@pytest.mark.parametrize("executed", [True, False])
def test_an_insert_ends_before_its_lease(archive: Archive, store: StoreSettings, executed: bool) -> None:
    limits: list[int] = []

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        if name == "insert" and command["insert"] == "articles":
            limits.append(command.get("maxTimeMS", sys.maxsize))
            return Hang(executed) if limits == [min(limits[0], 1500)] else None
        return None

    with proxied(store) as (proxy, slow):
        slow.articles.lock.lease_seconds = 3
        proxy.rule = rule
        assert decide_and_write(slow, [article(KP, paragraphs=LONG)]) == ["inserted"]
        assert len(limits) == 2
        assert max(limits) <= 1500
        assert slow.articles.lock.locks.count_documents({"owner": None}) == 1, "the lock was not released"
    assert archive.database["articles"].count_documents({}) == 1
    assert archive.database["revisions"].count_documents({}) == 1


def test_a_waiting_crawl_asks_a_few_times_a_second(archive: Archive, store: StoreSettings) -> None:
    with archive.articles.lock.held(), proxied(store) as (proxy, waiting):
        waiting.articles.lock.wait_seconds = 3
        proxy.commands.clear()
        with pytest.raises(StoreError, match="held the lock 'identity' of the database for 3 s"):
            decide_and_write(waiting, [article()])
        asked = sum(proxy.commands[name] for name in ("update", "insert", "findAndModify", "hello"))
        assert 2 <= asked < 25


def test_the_next_takes_over_when_the_lease_of_a_killed_holder_ends(archive: Archive) -> None:
    killed = DatabaseLock(archive.database["locks"])
    killed.lease_seconds = 0.5
    holding = killed.held()
    holding.__enter__()
    assert killed.renew() is not None
    assert decide_and_write(archive, [article()]) == ["inserted"]
    assert killed.renew() is None


def test_a_holder_takes_its_own_lease_again(archive: Archive, store: StoreSettings) -> None:
    """Check a holder whose call is retried after an outage."""

    def no_release(name: str, command: dict[str, Any]) -> Action | None:
        released = name == "update" and command["updates"][0]["u"] == {"$set": {"owner": None}}
        return Drop() if released else None

    with proxied(store) as (proxy, opened):
        lock = opened.articles.lock
        lock.wait_seconds = 0
        proxy.rule = no_release
        tokens = []
        for _ in range(2):
            with lock.held():
                tokens.append(lock.token)
        proxy.rule = lambda name, command: None
        with lock.held():
            tokens.append(lock.token)
        assert len(set(tokens)) == 3, "each acquisition must have its own token"
    assert archive.articles.lock.locks.count_documents({"owner": None}) == 1


def test_the_lock_is_inserted_once(archive: Archive, store: StoreSettings) -> None:
    with archive.articles.lock.held():
        pass
    with proxied(store) as (proxy, opened):
        proxy.commands.clear()
        for _ in range(3):
            with opened.articles.lock.held():
                assert opened.articles.lock.renew()
        assert (proxy.commands["update"], proxy.commands["insert"]) == (9, 1)


def test_the_lock_is_released_after_the_time_limit_of_the_caller(archive: Archive) -> None:
    lock = DatabaseLock(archive.database["locks"])
    holding = ExitStack()
    holding.enter_context(lock.held())
    with pymongo.timeout(0.01):
        time.sleep(0.02)
        holding.close()
    held = archive.database["locks"].find_one()
    assert held is not None
    assert held["owner"] is None
