"""The replica that developers have beside the project; these checks are skipped without it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler

SHARED = Path(__file__).resolve().parents[3] / "shared"
REPLICA = SHARED / "replica" / "serve.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the checks, and skip them if the replica is missing."""
    for item in items:
        if "tests/replica" in str(item.path):
            item.add_marker(pytest.mark.replica)
            if not REPLICA.exists():
                item.add_marker(
                    pytest.mark.skip(reason=f"the replica is not beside this checkout ({REPLICA})")
                )


class Replica:
    """A running replica."""

    def __init__(self, *options: str, program: Path = REPLICA) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(program), "--port", "0", *options], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        self.port = int(re.findall(r":(\d+) with", line)[0])

    @property
    def proxy(self) -> str:
        """URL of the replica as a proxy."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Stop the replica."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def replica() -> Iterator[Callable[..., Replica]]:
    """Yield a function that starts replicas with options, and stop them at the end of the test."""
    running: list[Replica] = []

    def start(*options: str, program: Path = REPLICA) -> Replica:
        running.append(Replica(*options, program=program))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def crawler(store: StoreSettings) -> Callable[[Replica], Crawler]:
    """Return a function that makes a runner of `scrapy` against a replica and an empty database."""
    return lambda replica: Crawler(store, replica.proxy, {"LOG_LEVEL": os.environ.get("LOG_LEVEL", "INFO")})
