"""Nothing listens off loopback, nobody gets in without a password, and no password is written anywhere."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from kcna_spider.exceptions import StoreError
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection import Connection, StoreSettings
from kcna_spider.store.embedded import EmbeddedServer
from tests.conftest import Crawler
from tests.servers import pid_of
from tests.site.server import SampleSite

SECRET = "s3cr:t@pass/word"
_LISTENS = "0A"


def listeners(pids: set[int]) -> set[str]:
    """The addresses (as the kernel writes them) that these processes listen on."""
    inodes = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                inodes.add(os.readlink(link).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENS and fields[9] in inodes:
                found.add(fields[1].partition(":")[0])
    return found


def test_nothing_listens_off_loopback(site: SampleSite, tmp_path: Path) -> None:
    crawler = Crawler(StoreSettings(path=str(tmp_path)), site.proxy)
    crawl = crawler.begin("crawl", "kcna_kp", "-s", "DOWNLOAD_DELAY=1")
    while not site.asked("/article/"):
        time.sleep(0.1)
    pid = pid_of(tmp_path)
    found = listeners(
        {crawl.pid, pid, *map(int, subprocess.run(["pgrep", "-P", str(crawl.pid)], capture_output=True, text=True, check=False).stdout.split())}
    )
    crawl.kill()
    crawl.communicate()
    os.kill(pid, 9)
    assert found == {"0100007F"}


def test_elsewhere_only_with_a_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="MONGODB_EMBEDDED_PASSWORD"):
        Connection(StoreSettings(path=str(tmp_path), host="0.0.0.0"))
    settings = StoreSettings(path=str(tmp_path), host="0.0.0.0", user="kcna", password=SECRET)
    archive = Archive(settings)
    server = archive.connection._server
    assert isinstance(server, EmbeddedServer)
    here = socket.gethostbyname(socket.gethostname())
    with MongoClient[Any](here, server.port, serverSelectionTimeoutMS=5000) as stranger, pytest.raises(OperationFailure, match="authenti"):
        stranger.kcna.articles.find_one()
    with MongoClient[Any](here, server.port, username="kcna", password="wrong") as liar, pytest.raises(OperationFailure, match="authenti"):
        liar.kcna.articles.find_one()
    with MongoClient[Any](here, server.port, username="kcna", password=SECRET, authSource="admin") as friend:
        assert friend.kcna.articles.find_one() is None
    assert SECRET not in archive.connection.uri + archive.connection.place + repr(settings)
    archive.close()
    again = Archive(settings)  # the user is there already
    again.close()


def test_passwords_stay_out_of_logs_runs_and_errors(site: SampleSite, tmp_path: Path) -> None:
    """With a password in the address of the database: a good crawl, one whose database refuses it, one whose database is away."""
    keeper = Archive(StoreSettings(path=str(tmp_path), user="kcna", password=SECRET))
    assert keeper.connection._server
    uri = keeper.connection._server.uri("kcna")
    assert "s3cr%3At%40pass%2Fword" in uri
    good = Crawler(StoreSettings(uri=uri, path=str(tmp_path / "unused")), site.proxy, {"LOG_LEVEL": "DEBUG"})
    outputs = [good("crawl", "kcna_kp", "-a", "limit=2", fast=True)]
    assert outputs[0].code == 0
    refused = Crawler(StoreSettings(uri=uri.replace("s3cr", "s3cr3t")), site.proxy)
    outputs.append(refused("crawl", "kcna_kp"))
    away = Crawler(StoreSettings(uri=uri.replace(f":{keeper.connection._server.port}", ":1")), site.proxy)
    outputs += [away("crawl", "kcna_kp"), away("report", "-o", str(tmp_path / "r.html"))]
    assert [output.code for output in outputs[1:]] == [2, 2, 2]
    for output in outputs:
        for secret in ("s3cr", "pass%2Fword", "pass/word"):
            assert secret not in output.output
    assert "s3cr" not in str(list(keeper.runs.find())) + str(list(keeper.rejects.find()))
    assert keeper.runs.count_documents({}) == 1
    keeper.close()
