"""`scrapy mongo`: other programs reach the embedded database while it runs, and it ends in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from pymongo import MongoClient

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
