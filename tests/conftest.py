"""Fixtures: the sample site, a real database server, whole crawls in processes of their own."""

from __future__ import annotations

import gc
import os
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


# Tests with one of these fixtures, or of one of these modules, need a server or a process: `make test-fast` leaves them to `make test`.
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
    """Return more workers than cores for `auto`: much of the suite waits for a server or a process.

    For `logical`, as many as cores: tests without them only compute, and each worker collects all tests.
    """
    cores = os.cpu_count() or 1
    return cores if config.option.numprocesses == "logical" else 2 * cores + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a server or a process of their own, and begin with them: they take longest."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & PROCESS_FIXTURES or item.path.stem in PROCESS_MODULES:
            item.add_marker(pytest.mark.process)
    items.sort(key=lambda item: item.get_closest_marker("process") is None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep what is loaded out of garbage collection, which would go through all of it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def server() -> Iterator[Connection]:
    """One server for all tests, each of which has a database of its own.

    It is the one at MONGODB_TEST_URI, or else an embedded one. Its files are in memory where enough is free: a
    third of the time of a write is spent waiting for the disk. Tests that kill a server have one of their own.
    """
    with tempfile.TemporaryDirectory(prefix="kcna-tests-", dir=memory_folder()) as path:
        with unmeasured():
            connection = Connection(StoreSettings(uri=TEST_URI) if TEST_URI else StoreSettings(path=path))
        yield connection
        connection.close()


@contextmanager
def empty_database(server: Connection) -> Iterator[StoreSettings]:
    """Settings of an empty database, which is dropped afterwards if the server is not our own."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield StoreSettings(uri=server.uri_of("x"), database=name)
    if TEST_URI:
        client = server.database.client
        for left in client.list_database_names():
            if left.startswith(name):  # a copy too
                client.drop_database(left)


@pytest.fixture
def store(server: Connection) -> Iterator[StoreSettings]:
    """Settings of an empty database."""
    with empty_database(server) as settings:
        yield settings


@pytest.fixture(scope="session")
def batches(server: Connection) -> Iterator[StoreSettings]:
    """A database with some batches of articles, for tests that only read."""
    with empty_database(server) as settings:
        with closing(Archive(settings)) as archive:
            fill(archive)
            multiply(archive)
        yield settings


@pytest.fixture
def archive(store: StoreSettings) -> Iterator[Archive]:
    """An empty archive."""
    opened = Archive(store)
    yield opened
    opened.close()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A real Redis, until the test ends."""
    with RedisServer(tmp_path) as running:
        yield running


@pytest.fixture
def site() -> Iterator[SampleSite]:
    """The sample site, freshly begun."""
    with SampleSite() as running:
        yield running


@dataclass
class Crawl:
    """A finished `scrapy` process."""

    code: int
    output: str


def faster(arguments: Sequence[str]) -> list[str]:
    """With FAST, which the arguments' own settings go before."""
    return [arguments[0], *FAST, *arguments[1:]]


@dataclass
class Crawler:
    """Runs `scrapy` against a site and a database, in a process of its own."""

    store: StoreSettings
    proxy: str
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str) -> list[str]:
        """The command line."""
        return [sys.executable, "-m", "scrapy", *arguments]

    def env(self) -> dict[str, str]:
        """Its environment."""
        proxies = {"http_proxy": self.proxy, "https_proxy": self.proxy, "no_proxy": ""}
        database = {
            "MONGODB_URI": self.store.uri,
            "MONGODB_DATABASE": self.store.database,
            "MONGODB_EMBEDDED_PATH": self.store.path,
        }
        return {**os.environ, **proxies, **database, **self.environment}

    def __call__(self, *arguments: str, fast: bool = True, timeout: float = 120) -> Crawl:
        """Run to the end."""
        given = faster(arguments) if fast and arguments[0] in ("crawl", "page") else arguments
        return Crawl(*run_scrapy(given, self.env(), ROOT, timeout))

    def begin(self, *arguments: str) -> ScrapyProcess:
        """Start and don't wait."""
        return ScrapyProcess(faster(arguments), self.env(), ROOT)


@pytest.fixture
def scrapy(site: SampleSite, store: StoreSettings) -> Crawler:
    """Runs `scrapy` against the sample site and an empty database."""
    return Crawler(store, site.proxy)


@pytest.fixture
def snapshot(archive: Archive) -> Callable[[], dict[str, Any]]:
    """What the archive holds, without times and identifiers: to compare two crawls."""
    return lambda: snapshot_of(archive)


def snapshot_of(archive: Archive) -> dict[str, Any]:
    """Articles by their addresses; revisions by address and number; rejects by address."""
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
