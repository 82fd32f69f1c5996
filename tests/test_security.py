"""Nothing listens outside loopback, every access needs a password, and no password is written anywhere."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from pymongo import MongoClient

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler
from tests.processes import wait_until
from tests.servers import DatabaseServer, pid_of
from tests.system import linux

SECRET = "s3cr:t@pass/word"
_LISTENS = "0A"


def listeners(pids: set[int]) -> set[str]:
    """Return the addresses (as the kernel writes them) on which these processes listen."""
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


@linux
def test_nothing_listens_off_loopback(site: SampleSite, tmp_path: Path) -> None:
    crawler = Crawler(StoreSettings(path=str(tmp_path)), site.proxy)
    crawl = crawler.begin("crawl", "kcna_kp", "-s", "DOWNLOAD_DELAY=1")
    wait_until(lambda: site.requested("/article/"), crawl)
    pid = pid_of(tmp_path)
    found = listeners(
        {
            crawl.pid,
            pid,
            *map(
                int,
                subprocess.run(
                    ["pgrep", "-P", str(crawl.pid)], capture_output=True, text=True, check=False
                ).stdout.split(),
            ),
        }
    )
    crawl.kill()
    crawl.communicate()
    os.kill(pid, 9)
    assert found == {"0100007F"}


def test_passwords_stay_out_of_logs_runs_and_errors(site: SampleSite, tmp_path: Path) -> None:
    """Check a password in the URI of the database.

    The crawls are a successful one, one that the database refuses, and one without a database.
    """
    with DatabaseServer(tmp_path) as server:
        with MongoClient[Any](server.settings().uri) as client:
            client.admin.command("createUser", "kcna", pwd=SECRET, roles=["root"])
        server.stop()
        server.options = ("--auth",)
        server.start()
        uri = server.settings().uri.replace("://", f"://kcna:{quote_plus(SECRET)}@") + "&authSource=admin"
        assert "s3cr%3At%40pass%2Fword" in uri
        secrets_stay_out(uri, server.port, site, tmp_path)


def secrets_stay_out(uri: str, port: int, site: SampleSite, tmp_path: Path) -> None:
    """Check that three crawls and a report neither print nor store the password."""
    keeper = Archive(StoreSettings(uri=uri))
    good = Crawler(StoreSettings(uri=uri, path=str(tmp_path / "unused")), site.proxy, {"LOG_LEVEL": "DEBUG"})
    outputs = [good("crawl", "kcna_kp", "-a", "limit=2", fast=True)]
    assert outputs[0].code == 0
    refused = Crawler(StoreSettings(uri=uri.replace("s3cr", "s3cr3t")), site.proxy)
    outputs.append(refused("crawl", "kcna_kp"))
    away = Crawler(
        StoreSettings(uri=uri.replace(f":{port}", ":1") + "&serverSelectionTimeoutMS=1000"), site.proxy
    )
    outputs += [away("crawl", "kcna_kp"), away("report", "-o", str(tmp_path / "r.html"))]
    assert [output.code for output in outputs[1:]] == [2, 2, 2]
    for output in outputs:
        for secret in ("s3cr", "pass%2Fword", "pass/word"):
            assert secret not in output.output
    assert "s3cr" not in str(list(keeper.runs.find())) + str(list(keeper.rejects.find()))
    assert keeper.runs.count_documents({}) == 1
    keeper.close()
