"""A real Scrapyd on loopback.

The egg is built and deployed, all spiders run from it at once, one job is cancelled, and the commands work.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.connection.server_process import free_port
from tests.conftest import ROOT, Crawler, snapshot_of
from tests.processes import wait_until
from tests.system import linux

LOGIN = "kcna:a-password"
FAST = {"DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "0"}
CRAWLS: dict[str, dict[str, str]] = {
    "kcnawatch": {},
    "kcna_kp": {"language": "en,ko"},
    "kcna_co_jp": {},
    "wayback": {"site": "kcna.kp"},
}
AT_ONCE = ("kcnawatch", "kcna_kp", "kcna_co_jp")
CONFIG = """
[scrapyd]
bind_address = 127.0.0.1
http_port = {port}
username = kcna
password = a-password
jobstorage = scrapyd.jobstorage.SqliteJobStorage
max_proc = 4
poll_interval = 0.2
"""
DEPLOY = """
[settings]
default = kcna_spider.settings
[deploy]
url = http://127.0.0.1:{port}/
project = kcna_spider
username = kcna
password = a-password
"""


class Scrapyd:
    """A running Scrapyd with its own folder, whose jobs use an embedded database there."""

    def __init__(self, folder: Path, site: SampleSite, *before: str) -> None:
        self.folder, self.port, self.before = folder, free_port(), before
        self.store = StoreSettings(path=str(folder / "mongodb"))
        database = {"MONGODB_URI": "embedded", "MONGODB_EMBEDDED_PATH": self.store.path}
        self.environment = {
            **os.environ,
            "http_proxy": site.proxy,
            "https_proxy": site.proxy,
            "no_proxy": "127.0.0.1",
            **database,
        }

    def __enter__(self) -> Self:
        (self.folder / "scrapyd.conf").write_text(CONFIG.format(port=self.port))
        program = str(Path(sys.executable).with_name("scrapyd"))
        with (self.folder / "output").open("w") as output:
            self.process = subprocess.Popen(
                [*self.before, program],
                cwd=self.folder,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        for _ in range(300):
            try:
                self.ask("daemonstatus.json")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
            else:
                return self
        raise TimeoutError((self.folder / "output").read_text())

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is not None:
            return
        # The jobs survive Scrapyd.
        for job in self.ask("listjobs.json?project=kcna_spider").get("running", []):
            os.kill(int(job["pid"]), 9)
        self.process.terminate()
        self.process.wait()

    def ask(self, path: str, *form: tuple[str, str], login: str = LOGIN) -> dict[str, Any]:
        """Return a JSON response of Scrapyd."""
        found: dict[str, Any] = json.loads(self.text(path, *form, login=login))
        return found

    def text(self, path: str, *form: tuple[str, str], login: str = LOGIN) -> str:
        """Return a page of Scrapyd."""
        headers = {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()} if login else {}
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", data, headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return str(answer.read().decode())

    def deploy(self, clone: Path) -> str:
        """Build the egg of a clean copy and upload it, as users do."""
        for name in ("setup.py", "pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, clone / name)
        shutil.copytree(
            ROOT / "kcna_spider", clone / "kcna_spider", ignore=shutil.ignore_patterns("__pycache__")
        )
        (clone / "scrapy.cfg").write_text(DEPLOY.format(port=self.port))
        command = [sys.executable, str(Path(sys.executable).with_name("scrapyd-deploy"))]
        environment = {**self.environment, "http_proxy": "", "https_proxy": ""}
        done = subprocess.run(
            command, cwd=clone, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert '"status": "ok"' in done.stdout, done.stdout + done.stderr
        return done.stdout

    def schedule(self, spider: str, arguments: dict[str, str], **settings: str) -> str:
        """Schedule a crawl; return the job."""
        form = [
            ("project", "kcna_spider"),
            ("spider", spider),
            *arguments.items(),
            *(("setting", f"{k}={v}") for k, v in (FAST | settings).items()),
        ]
        job: str = self.ask("schedule.json", *form)["jobid"]
        return job

    def wait(self, *jobs: str, seconds: float = 120) -> None:
        """Wait until these jobs have finished."""
        deadline = time.monotonic() + seconds
        while not set(jobs) <= {
            job["id"] for job in self.ask("listjobs.json?project=kcna_spider")["finished"]
        }:
            assert time.monotonic() < deadline, self.ask("listjobs.json?project=kcna_spider")
            time.sleep(0.2)

    def log(self, spider: str, job: str) -> str:
        """Return the log of a job."""
        return self.text(f"logs/kcna_spider/{spider}/{job}.log")


@pytest.fixture
def scrapyd(tmp_path: Path, site: SampleSite) -> Iterator[Scrapyd]:
    """Yield a Scrapyd with the deployed project."""
    folder, clone = tmp_path / "srv", tmp_path / "clone"
    folder.mkdir()
    clone.mkdir()
    with Scrapyd(folder, site) as running:
        running.deploy(clone)
        yield running


def test_all_spiders_from_the_egg(scrapyd: Scrapyd, site: SampleSite, tmp_path: Path) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        scrapyd.ask("daemonstatus.json", login="")
    assert set(scrapyd.ask("listspiders.json?project=kcna_spider")["spiders"]) == set(CRAWLS)
    warc = {"WARC_DIR": str(tmp_path / "warc")}
    jobs = {
        spider: scrapyd.schedule(spider, CRAWLS[spider], **(warc if spider == "kcna_co_jp" else {}))
        for spider in AT_ONCE
    }
    scrapyd.wait(*jobs.values())
    # This crawl fetches only articles that are not stored.
    jobs["wayback"] = scrapyd.schedule("wayback", CRAWLS["wayback"])
    scrapyd.wait(jobs["wayback"])
    for spider, job in jobs.items():
        assert "'finish_reason': 'finished'" in scrapyd.log(spider, job), scrapyd.log(spider, job)
    plain = StoreSettings(path=str(tmp_path / "plain"))
    alone = Archive(plain)
    for spider, arguments in CRAWLS.items():
        assert (
            Crawler(plain, site.proxy)(
                "crawl", spider, *(part for item in arguments.items() for part in ("-a", "=".join(item)))
            ).code
            == 0
        )
    stored = Archive(scrapyd.store)
    assert len(stored.database["articles"].distinct("fingerprint")) > 10
    assert snapshot_of(stored)["articles"] == snapshot_of(alone)["articles"]
    assert {run["finish_reason"] for run in stored.runs.find()} == {"finished"}
    alone.close()
    commands_from_the_egg(scrapyd, tmp_path)
    stored.close()


def commands_from_the_egg(scrapyd: Scrapyd, folder: Path) -> None:
    """Check commands outside the working tree, with the templates in the egg."""
    (egg,) = scrapyd.folder.glob("eggs/kcna_spider/*.egg")
    environment = {
        **scrapyd.environment,
        "PYTHONPATH": str(egg),
        "SCRAPY_SETTINGS_MODULE": "kcna_spider.settings",
    }
    outputs = {"report": "report.html", "changes": "changes.html", "export": "kcna.jsonl"}
    for command, name in outputs.items():
        options = ["--since", "2024-01-01", "--format", "html"] if command == "changes" else []
        call = [sys.executable, "-m", "scrapy", command, *options, "-o", str(folder / name)]
        done = subprocess.run(
            call, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert (folder / name).stat().st_size > 1000
    call = [
        sys.executable,
        "-m",
        "scrapy",
        "reparse",
        str(folder / "warc"),
        "-s",
        "WARC_PARALLEL_MIN_BYTES=0",
    ]
    again = subprocess.run(
        call, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert again.returncode == 0, again.stderr
    where = [sys.executable, "-c", "import kcna_spider; print(kcna_spider.__file__)"]
    assert (
        ".egg"
        in subprocess.run(
            where, cwd=folder, env=environment, capture_output=True, text=True, check=True
        ).stdout
    )


def test_a_cancelled_job_leaves_sound_data(
    scrapyd: Scrapyd, site: SampleSite, archive: Archive, scrapy: Crawler
) -> None:
    kept = Archive(scrapyd.store)
    job = scrapyd.schedule("kcna_co_jp", {}, DOWNLOAD_DELAY="0.5")
    wait_until(lambda: kept.database["articles"].count_documents({}))
    assert scrapyd.ask("cancel.json", ("project", "kcna_spider"), ("job", job))["prevstate"] == "running"
    scrapyd.wait(job, seconds=20)
    assert "'finish_reason': 'shutdown'" in scrapyd.log("kcna_co_jp", job)
    assert [run["finish_reason"] for run in kept.runs.find()] == ["shutdown"]
    assert scrapy("crawl", "kcna_co_jp").code == 0
    part, whole = snapshot_of(kept)["articles"], snapshot_of(archive)["articles"]
    assert 0 < len(part) < len(whole)
    assert part == {url: whole[url] for url in part}
    scrapyd.wait(scrapyd.schedule("kcna_co_jp", {}))
    assert snapshot_of(kept)["articles"] == whole
    kept.close()


@linux
def test_a_container_that_stops_ends_its_jobs_in_order(tmp_path: Path, site: SampleSite) -> None:
    folder, clone = tmp_path / "srv", tmp_path / "clone"
    folder.mkdir()
    clone.mkdir()
    with Scrapyd(folder, site, "sh", str(ROOT / "docker" / "end_jobs.sh")) as scrapyd:
        scrapyd.deploy(clone)
        kept = Archive(scrapyd.store)
        scrapyd.schedule("kcna_co_jp", {}, DOWNLOAD_DELAY="0.5")
        wait_until(lambda: kept.database["articles"].count_documents({}))
        scrapyd.process.terminate()
        scrapyd.process.wait(60)
        assert [run["finish_reason"] for run in kept.runs.find()] == ["shutdown"]
        kept.close()
