"""Calls wait for an unavailable server, restart the embedded one, and do not repeat refused commands."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pymongo.errors import DuplicateKeyError

from kcna_spider.exceptions import StoreUnavailableError
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.calls import RetryPolicy
from kcna_spider.store.connection.client import StoreSettings
from tests.mongodb_proxy import MongodbProxy, Refuse
from tests.samples import an_article
from tests.servers import DatabaseServer, pid_of


def test_the_embedded_server_is_started_again(tmp_path: Path) -> None:
    archive = Archive(StoreSettings(path=str(tmp_path), wait_seconds=30))
    for n in range(5):
        decide_and_write(
            archive,
            [an_article(url=f"http://x/{n}", title=f"Story {n}", body=f"Text number {n}, unlike others.")],
        )
        os.kill(pid_of(tmp_path), signal.SIGKILL)
        assert len(archive.known([f"http://x/{i}" for i in range(n + 1)])) == n + 1
    archive.close()
    assert not (tmp_path / "server.json").exists()


def test_a_server_that_comes_back_is_waited_for(tmp_path: Path) -> None:
    with DatabaseServer(tmp_path) as server:
        archive = Archive(server.settings(wait_seconds=30))
        server.kill()
        back = threading.Timer(2, server.start)
        begun = time.monotonic()
        back.start()
        assert archive.known(["http://x/1"]) == {}
        assert time.monotonic() - begun > 1.5
        back.join()
        archive.close()


def test_a_crawl_that_is_told_to_stop_waits_no_longer(tmp_path: Path) -> None:
    stopping = threading.Event()
    with DatabaseServer(tmp_path) as server:
        archive = Archive(server.settings(wait_seconds=600), stopping.is_set)
        server.kill()
        threading.Timer(0.5, stopping.set).start()
        begun = time.monotonic()
        with pytest.raises(StoreUnavailableError, match=r"MongoDB at mongodb://127\.0\.0\.1"):
            archive.known(["http://x/1"])
        assert time.monotonic() - begun < 300, "the crawl waited although it was ending"
        archive.close()


def test_after_giving_up_a_server_that_is_back_is_used(tmp_path: Path) -> None:
    with DatabaseServer(tmp_path) as server:
        archive = Archive(server.settings(wait_seconds=1))
        server.kill()
        with pytest.raises(StoreUnavailableError):
            archive.known(["http://x/1"])
        server.start()
        assert archive.known(["http://x/1"]) == {}
        archive.close()


def test_once_given_up_a_call_sends_one_command(store: StoreSettings) -> None:
    with MongodbProxy(store) as proxy, closing(Archive(replace(proxy.settings, wait_seconds=0))) as archive:
        proxy.rule = lambda name, command: Refuse(24) if name == "find" else None
        with pytest.raises(StoreUnavailableError):
            archive.known(["http://x/1"])
        archive.retry.seconds = 3
        proxy.commands.clear()
        with pytest.raises(StoreUnavailableError):
            archive.known(["http://x/1"])
        assert proxy.commands["find"] == 1
        proxy.rule = lambda name, command: None
        assert archive.known(["http://x/1"]) == {}


def test_a_refusal_is_no_outage(archive: Archive) -> None:
    tries = []

    def refused() -> None:
        tries.append(1)
        archive.runs.insert_one({"_id": 1, "spider": "x", "started_at": an_article().fetched_at})

    retry = RetryPolicy(archive.connection, 60)
    retry(refused)
    with pytest.raises(DuplicateKeyError):
        retry(refused)
    assert len(tries) == 2


def test_what_an_outage_cut_in_two_is_completed(archive: Archive) -> None:
    """Check an article whose first revision was not written."""
    decide_and_write(archive, [an_article()])
    archive.database.revisions.delete_many({})
    archive.retry.interrupted = an_article().fetched_at
    decide_and_write(
        archive, [an_article(url="http://x/2", title="Other", body="Something else altogether.")]
    )
    assert archive.database.revisions.count_documents({}) == 2
    assert archive.retry.interrupted is None
