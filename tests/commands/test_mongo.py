"""`scrapy mongo`: other programs can use the embedded database while it runs, and it stops cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from pymongo import MongoClient

from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import ROOT, Crawler


def test_it_serves_other_programs_until_it_is_told_to_end(tmp_path: Path) -> None:
    environment = {**os.environ, "MONGODB_URI": "embedded", "MONGODB_EMBEDDED_PATH": str(tmp_path)}
    command = [sys.executable, "-m", "scrapy", "mongo"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        uri = process.stdout.readline().strip()
        assert process.stdout.readline() == "\n"
        assert process.stdout.readline().strip() == f"mongosh '{uri}'"
        with MongoClient(uri) as client:
            assert "articles" in client.get_default_database().list_collection_names()
        process.send_signal(signal.SIGTERM)
        assert "Ctrl-C" in process.stdout.read()
        assert process.wait(30) == 0
    assert not (tmp_path / "server.json").exists()


def test_a_server_of_its_own_is_not_ours_to_keep(scrapy: Crawler) -> None:
    done = scrapy("mongo")
    assert done.code == 2
    assert "is a server of its own" in done.output


def test_init_sets_up_once(scrapy: Crawler, store: StoreSettings) -> None:
    first = scrapy("mongo", "--init")
    assert first.code == 0, first.output
    assert f"Created collection {store.database}.articles" in first.output
    assert f"Creating view stories of {store.database}.articles" in first.output
    assert "Building index" not in first.output, "the indexes of new collections need no message"
    last = first.output.splitlines()[-1]
    assert last.startswith(f"{store.database} in mongodb://")
    assert last.endswith(" is set up")
    again = scrapy("mongo", "--init", "--consumer-indexes")
    assert "Created" not in again.output
    assert f"Building index article of {store.database}.revisions" in again.output
    assert len(scrapy("mongo", "--init").output.splitlines()) == 1


def test_init_names_the_database_that_no_setting_names(tmp_path: Path) -> None:
    done = Crawler(StoreSettings(path=str(tmp_path)), "")("mongo", "--init")
    assert done.code == 0, done.output
    assert done.output.splitlines()[-1] == f"kcna in {tmp_path} (embedded) is set up"


def test_consumer_indexes_belong_to_init(scrapy: Crawler) -> None:
    done = scrapy("mongo", "--consumer-indexes")
    assert done.code == 2
    assert "--consumer-indexes belongs to --init" in done.output
