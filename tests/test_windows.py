"""Windows has no `fcntl`: a crawl into a MongoDB server works, and other commands give a clear message."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from kcna_spider.store.archive import Archive
from kcna_spider.store.maintenance import recovery
from tests.conftest import ROOT, Crawler, faster

# This makes `import fcntl` raise ImportError, as on Windows. Twisted's parts for Unix are loaded before it.
BLOCKED = """
import sys
import twisted.internet.asyncioreactor
from scrapy.cmdline import execute
assert not any(name.startswith("kcna_spider") for name in sys.modules)
sys.modules["fcntl"] = None
execute(["scrapy", *sys.argv[1:]])
"""


def without_locks(scrapy: Crawler, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `scrapy` without the module `fcntl`."""
    command = [sys.executable, "-c", BLOCKED, *arguments]
    environment = {**scrapy.env(), **settings}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_crawl_into_a_mongodb_server_needs_no_locks(scrapy: Crawler, archive: Archive) -> None:
    newer = ["-a", "since=2008-01-01", "-a", "limit=3"]  # Of the older articles, one is rejected.
    done = without_locks(scrapy, *faster(["crawl", "kcna_co_jp", *newer]))
    assert done.returncode == 0, done.stderr[-2000:]
    assert archive.database["articles"].count_documents({}) == 3
    exported = without_locks(scrapy, "export")
    assert exported.stdout.count("\n") == 3, exported.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "named"),
    [
        (["crawl", "kcna_co_jp"], {"MONGODB_URI": "embedded"}, "MONGODB_URI=embedded"),
        (["export"], {"MONGODB_URI": "embedded"}, "MONGODB_URI=embedded"),
        (["crawl", "kcna_co_jp"], {"WARC_DIR": "{folder}/warc"}, "WARC_DIR"),
        (["index", "--file", "{folder}/archive.sqlite"], {}, "`scrapy index`"),
    ],
)
def test_what_needs_locks_says_so(
    arguments: list[str],
    settings: dict[str, str],
    named: str,
    scrapy: Crawler,
    archive: Archive,
    tmp_path: Path,
) -> None:
    assert not archive.database["articles"].count_documents({})
    filled = {name: value.format(folder=tmp_path) for name, value in settings.items()}
    done = without_locks(scrapy, *(argument.format(folder=tmp_path) for argument in arguments), **filled)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert (
        f"This system has no file locks (fcntl): {named} needs Linux, macOS or WSL"
        in done.stderr.splitlines()[-1]
    )


def test_no_process_is_probed_where_that_would_signal_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check the probe, because `os.kill(pid, 0)` sends Ctrl-C on Windows."""
    now = dt.datetime.now(dt.UTC)
    process = {"host": platform.node(), "pid": os.getpid()}
    archive.runs.insert_one(
        {"spider": "kcna_kp", "started_at": now, "finish_reason": None, "process": process}
    )
    monkeypatch.setattr(recovery, "CAN_PROBE", False)
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("a process was signalled"))
    archive.repair(now)
    assert archive.runs.count_documents({"finish_reason": "killed"}) == 0
    archive.repair(now + dt.timedelta(days=30))
    assert archive.runs.count_documents({"finish_reason": "killed"}) == 1
