"""Fixtures: the sample site, a real database server, and complete crawls in separate processes."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import Connection, StoreSettings
from tests.processes import ScrapyProcess, run_scrapy, unmeasured
from tests.search.stored import fill, multiply
from tests.servers import RedisServer, memory_folder

TEST_URI = os.environ.get("MONGODB_TEST_URI", "")
ROOT = Path(__file__).resolve().parent.parent
FAST = [
    "-s",
    "DOWNLOAD_DELAY=0",
    "-s",
    "AUTOTHROTTLE_ENABLED=0",
    "-s",
    "RETRY_PAUSE_SECONDS=0.05",
    "-s",
    "BROWSER_WAIT_SECONDS=3",
]


# Tests with one of these fixtures, or in one of these modules, need a server or a process. `make test-fast`
# skips them, and `make test` runs them.
PROCESS_FIXTURES = {"pages", "server", "redis_server", "site", "scrapyd", "replica", "small_disk"}
PROCESS_MODULES = {
    "test_any_server",
    "test_backup",
    "test_client",
    "test_concerns",
    "test_docs",
    "test_least_privilege",
    "test_embedded",
    "test_mongo",
    "test_packaging",
    "test_calls",
    "test_rate_limiter",
    "test_scrapyd",
    "test_security",
    "test_settings",
    "test_shutdown",
    "test_start",
    "test_windows",
    "test_workers",
}


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return more workers than cores for `auto`: many tests wait for a server or a process.

    Return the number of cores for `logical`: tests without a server or a process only compute, and each
    worker collects all tests.
    """
    cores = os.cpu_count() or 1
    return cores if config.option.numprocesses == "logical" else 2 * cores + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a server or a process, and run them first because they take longest."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & PROCESS_FIXTURES or item.path.stem in PROCESS_MODULES:
            item.add_marker(pytest.mark.process)
    items.sort(key=lambda item: item.get_closest_marker("process") is None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Exclude the loaded modules from garbage collection, which would check all of them repeatedly."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def server() -> Iterator[Connection]:
    """Yield one server for all tests, each of which has its own database.

    It is the server at MONGODB_TEST_URI, or else an embedded one. Its files are in memory if enough is free,
    because a write waits for the disk for a third of its time. Tests that kill a server start their own one.
    """
    with tempfile.TemporaryDirectory(prefix="kcna-tests-", dir=memory_folder()) as path:
        with unmeasured():
            connection = Connection(StoreSettings(uri=TEST_URI) if TEST_URI else StoreSettings(path=path))
        yield connection
        connection.close()


@contextmanager
def empty_database(server: Connection) -> Iterator[StoreSettings]:
    """Yield settings of an empty database, and drop it afterwards if TEST_URI names the server."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield StoreSettings(uri=server.uri_of("x"), database=name)
    if TEST_URI:
        client = server.database.client
        for left in client.list_database_names():
            if left.startswith(name):  # Copies have names with this prefix.
                client.drop_database(left)


@pytest.fixture
def store(server: Connection) -> Iterator[StoreSettings]:
    """Yield settings of an empty database."""
    with empty_database(server) as settings:
        yield settings


@pytest.fixture(scope="session")
def batches(server: Connection) -> Iterator[StoreSettings]:
    """Yield settings of a database with several batches of articles, for tests that only read."""
    with empty_database(server) as settings:
        with closing(Archive(settings)) as archive:
            fill(archive)
            multiply(archive)
        yield settings


@pytest.fixture
def archive(store: StoreSettings) -> Iterator[Archive]:
    """Yield an empty archive."""
    opened = Archive(store)
    yield opened
    opened.close()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """Yield a real Redis, and stop it at the end of the test."""
    with RedisServer(tmp_path) as running:
        yield running


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder with 60 MB of space.

    It is a file system in memory, which only root can mount. In CI, `sudo` needs no password.
    """
    as_root = ["sudo", "-n"] if os.environ.get("CI") and os.geteuid() else []
    mount = [*as_root, "mount", "-t", "tmpfs", "-o", "size=60m,mode=777", "none", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        if os.environ.get("CI"):
            pytest.fail("mount -t tmpfs is not allowed here")
        pytest.skip("only root can mount a small disk (mount -t tmpfs)")
    yield tmp_path
    subprocess.run([*as_root, "umount", "-l", str(tmp_path)], check=True)


@pytest.fixture
def site() -> Iterator[SampleSite]:
    """Yield the sample site in its first state."""
    with SampleSite() as running:
        yield running


@dataclass
class Crawl:
    """A finished `scrapy` process."""

    code: int
    output: str


def faster(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with FAST, which settings in the arguments override."""
    return [arguments[0], *FAST, *arguments[1:]]


@dataclass
class Crawler:
    """Runner of `scrapy` against a site and a database, in a separate process."""

    store: StoreSettings
    proxy: str
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str) -> list[str]:
        """Return the command line."""
        return [sys.executable, "-m", "scrapy", *arguments]

    def env(self) -> dict[str, str]:
        """Return the environment of the process."""
        proxies = {"http_proxy": self.proxy, "https_proxy": self.proxy, "no_proxy": ""}
        database = {
            "MONGODB_URI": self.store.uri,
            "MONGODB_DATABASE": self.store.database,
            "MONGODB_EMBEDDED_PATH": self.store.path,
        }
        return {**os.environ, **proxies, **database, **self.environment}

    def __call__(self, *arguments: str, fast: bool = True, timeout: float = 120) -> Crawl:
        """Run the command until it ends."""
        given = faster(arguments) if fast and arguments[0] in ("crawl", "page") else arguments
        return Crawl(*run_scrapy(given, self.env(), ROOT, timeout))

    def begin(self, *arguments: str) -> ScrapyProcess:
        """Start the command without waiting for it."""
        return ScrapyProcess(faster(arguments), self.env(), ROOT)


@pytest.fixture
def scrapy(site: SampleSite, store: StoreSettings) -> Crawler:
    """Return a runner of `scrapy` against the sample site and an empty database."""
    return Crawler(store, site.proxy)


@pytest.fixture
def snapshot(archive: Archive) -> Callable[[], dict[str, Any]]:
    """Return a function that returns the snapshot of the archive."""
    return lambda: snapshot_of(archive)


def snapshot_of(archive: Archive) -> dict[str, Any]:
    """Return the contents of an archive without times and identifiers, to compare two crawls.

    Articles have their first URL as key, revisions the URL and the number; rejects are pairs of URL and
    reason.
    """
    articles = {}
    names = {}
    for document in archive.database["articles"].find():
        copies = sorted((c["url"], c["status"], c["revision"], c["published"]) for c in document["copies"])
        names[document["_id"]] = copies[0][0]
        fields = (
            "language",
            "title",
            "body",
            "published",
            "published_from",
            "dateline",
            "fingerprint",
            "revision",
            "duplicate_index",
        )
        articles[copies[0][0]] = {
            "copies": copies,
            "categories": sorted(document["categories"]),
            **{name: document[name] for name in fields},
        }
    revisions = {
        (names.get(r["article"], f"orphan {r['article']}"), r["number"]): (
            r["title"],
            r["body"],
            r["trivial"],
            sorted(s["url"] for s in r["sources"]),
        )
        for r in archive.database["revisions"].find()
    }
    rejects = {(r["url"], r["reason"]) for r in archive.rejects.find()}
    return {"articles": articles, "revisions": revisions, "rejects": rejects}
