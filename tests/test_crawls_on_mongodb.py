"""A crawl with the errors of a MongoDB: nothing is lost or duplicated, and a signal stops it."""

from __future__ import annotations

import itertools
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import Connection, StoreSettings
from tests.conftest import Crawler, empty_database, snapshot_of
from tests.mongodb_proxy import Action, Hang, MongodbProxy, Refuse

SPIDER = "kcna_co_jp"
PASSING = (6, 7, 43, 112, 134, 202, 365, 384)
WRITES = ("insert", "update")


@pytest.fixture(scope="module")
def expected(server: Connection) -> dict[str, Any]:
    """Return the snapshot of an undisturbed crawl."""
    with empty_database(server) as settings, SampleSite() as site:
        assert Crawler(settings, site.proxy)("crawl", SPIDER).code == 0
        with closing(Archive(settings)) as archive:
            return snapshot_of(archive)


@pytest.fixture
def proxy(store: StoreSettings) -> Iterator[MongodbProxy]:
    """Yield a proxy before the database of the test, which looks like a MongoDB."""
    with MongodbProxy(store, as_mongod=True) as running:
        yield running


def on_articles(name: str, command: dict[str, Any]) -> bool:
    """Return whether a command writes articles."""
    return name in WRITES and command[name] == "articles"


def test_errors_that_pass(
    proxy: MongodbProxy, site: SampleSite, archive: Archive, expected: dict[str, Any]
) -> None:
    left, seen = list(PASSING), itertools.count(1)

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        if not on_articles(name, command) or not left:
            return None
        return Refuse(left.pop()) if next(seen) % 3 else None  # The third attempt succeeds.

    proxy.rule = rule
    crawl = Crawler(proxy.settings, site.proxy)("crawl", SPIDER, "-s", "STORE_BATCH_SIZE=1")
    assert crawl.code == 0, crawl.output
    assert not left, "an error was not sent"
    assert "became unavailable; waiting for it" in crawl.output
    assert "Traceback" not in crawl.output
    assert snapshot_of(archive) == expected


@pytest.mark.parametrize(
    ("code", "message", "reason"),
    [
        (8000, "you are over your space quota, using 513 MB of 512 MB", "disk_full"),
        (14031, "not enough disk space", "disk_full"),
        (8000, "user is not allowed to do action [insert] on [kcna.articles]", "store_failed"),
        (13, "not authorized on kcna to execute command { insert: articles }", "store_failed"),
        (79, "No write concern mode named 'majorty' found", "store_failed"),
    ],
)
def test_refusals_end_the_crawl_with_their_reason(
    proxy: MongodbProxy,
    site: SampleSite,
    archive: Archive,
    expected: dict[str, Any],
    code: int,
    message: str,
    reason: str,
) -> None:
    proxy.rule = lambda name, command: Refuse(code, message) if on_articles(name, command) else None
    crawl = Crawler(proxy.settings, site.proxy)("crawl", SPIDER)
    assert crawl.code == 1
    assert f"{reason}: items cannot be stored: {message} (error {code})" in crawl.output
    assert f"'finish_reason': '{reason}'" in crawl.output
    proxy.rule = lambda name, command: None
    assert Crawler(proxy.settings, site.proxy)("crawl", SPIDER).code == 0
    assert snapshot_of(archive) == expected


@pytest.mark.parametrize("executed", [True, False])
@pytest.mark.parametrize("signals", [1, 2])
def test_a_signal_during_a_write_that_hangs(
    proxy: MongodbProxy,
    site: SampleSite,
    archive: Archive,
    expected: dict[str, Any],
    executed: bool,
    signals: int,
) -> None:
    hanging = threading.Event()

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        if not on_articles(name, command):
            return None
        hanging.set()
        return Hang(executed)

    proxy.rule = rule
    settings = replace(proxy.settings, uri=f"{proxy.settings.uri}&socketTimeoutMS=2000")
    process = Crawler(settings, site.proxy).begin("crawl", SPIDER)
    assert hanging.wait(60)
    for _ in range(signals):
        process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1, output
    assert "Traceback" not in output
    proxy.rule = lambda name, command: None
    assert Crawler(proxy.settings, site.proxy)("crawl", SPIDER).code == 0
    assert snapshot_of(archive) == expected
