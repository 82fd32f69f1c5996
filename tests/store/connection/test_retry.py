"""A server that goes away is waited for; the embedded one is started again; what it refuses is not asked twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from pymongo.errors import DuplicateKeyError

from kcna_spider.exceptions import StoreAwayError
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.connection.retry import Patience
from tests.samples import an_article
from tests.servers import DatabaseServer, pid_of


def test_the_embedded_server_is_started_again(tmp_path: Path) -> None:
    archive = Archive(StoreSettings(path=str(tmp_path), wait_seconds=30))
    for n in range(5):
        archive.patience(lambda n=n: archive.write([an_article(url=f"http://x/{n}", title=f"Story {n}", body=f"Text number {n}, unlike others.")]))
        os.kill(pid_of(tmp_path), signal.SIGKILL)
        assert len(archive.known([f"http://x/{i}" for i in range(n + 1)])) == n + 1
    archive.close()
    assert not (tmp_path / "server.json").exists()


def test_a_server_that_comes_back_is_waited_for(tmp_path: Path) -> None:
    with DatabaseServer(tmp_path) as server:
        archive = Archive(server.settings(wait_seconds=30))
        server.kill()
        back = threading.Timer(2, server.start)
        back.start()
        begun = time.monotonic()
        assert archive.known(["http://x/1"]) == {}
        assert time.monotonic() - begun > 1.5
        back.join()
        archive.close()


def test_one_that_does_not_is_given_up_and_hurry_ends_the_wait(tmp_path: Path) -> None:
    with DatabaseServer(tmp_path) as server:
        archive = Archive(server.settings(wait_seconds=600))
        server.kill()
        threading.Timer(0.5, archive.patience.hurry).start()
        with pytest.raises(StoreAwayError, match=r"MongoDB at mongodb://127\.0\.0\.1"):
            archive.known(["http://x/1"])
        archive.close()


def test_a_refusal_is_no_outage(archive: Archive) -> None:
    tries = []

    def refused() -> None:
        tries.append(1)
        archive.runs.insert_one({"_id": 1, "spider": "x", "started_at": an_article().fetched.at})

    patience = Patience(archive.connection, 60)
    patience(refused)
    with pytest.raises(DuplicateKeyError):
        patience(refused)
    assert len(tries) == 2


def test_what_an_outage_cut_in_two_is_completed(archive: Archive) -> None:
    """An article whose first revision was not written any more."""
    archive.write([an_article()])
    archive.database.revisions.delete_many({})
    archive.patience.interrupted = an_article().fetched.at
    archive.write([an_article(url="http://x/2", title="Other", body="Something else altogether.")])
    assert archive.database.revisions.count_documents({}) == 2
    assert archive.patience.interrupted is None
