"""Measure round trips to the database, and seconds, with the profiles of the embedded server and of MongoDB.

python -m bench.round_trips [--latency MILLISECONDS]: both profiles run on the embedded server behind a proxy.
The proxy adds the latency to each command and, for MongoDB's profile, hides which server it is. The round
trips are therefore those of a MongoDB, but only the part of the latency in the seconds is.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pymongo import monitoring

from bench.table import Row, show
from kcna_spider.items import Article
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import Connection, StoreSettings
from tests.mongodb_proxy import Delay, MongodbProxy
from tests.samples import article

_LOOK_UPS, _STORIES, _BATCH, _WORDS = 20_000, 1_000, 128, 120
_URL = "http://www.kcna.kp/en/article/detail/{}"


class Commands(monitoring.CommandListener):
    """Counter of the commands of all clients of this process."""

    def __init__(self) -> None:
        self.number = 0

    def started(self, event: monitoring.CommandStartedEvent) -> None:  # noqa: ARG002  # PyMongo's signature
        """Count a command."""
        self.number += 1

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Do nothing."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Do nothing."""


def story(number: int) -> Article:
    """Return one of many articles, each with distinct words."""
    words = " ".join(f"word{number}x{place}" for place in range(_WORDS))
    return article(
        _URL.format(number),
        title=f"Title {number}",
        paragraphs=[f"Pyongyang, March 8 (KCNA) -- {words} was received well."],
    )


def crawl(archive: Archive) -> None:
    """Store all stories in batches, or find those that are already stored."""
    for start in range(0, _STORIES, _BATCH):
        decide_and_write(archive, [story(n) for n in range(start, min(start + _BATCH, _STORIES))])


def look_up(archive: Archive) -> None:
    """Look up many URLs, few of which are stored."""
    archive.known([_URL.format(n) for n in range(_LOOK_UPS)])


@contextmanager
def archives(latency: float) -> Iterator[dict[str, Archive]]:
    """Yield an empty archive for each profile."""
    with (
        tempfile.TemporaryDirectory(prefix="round-trips-") as folder,
        closing(Connection(StoreSettings(path=str(Path(folder) / "mongodb")))) as server,
    ):
        found = {}
        for as_mongod in (False, True):
            name = "mongodb" if as_mongod else "secantus"
            settings = StoreSettings(uri=server.uri_of("x"), database=name)
            proxy = MongodbProxy(settings, as_mongod=as_mongod).__enter__()
            found[name] = Archive(proxy.settings)
            if latency:
                proxy.rule = lambda command, _: None if command == "hello" else Delay(latency)
        yield found
        for archive in found.values():
            archive.close()


def rows(latency: float) -> list[Row]:
    """Return the rows: round trips and seconds of each step with each profile."""
    commands = Commands()
    monitoring.register(commands)
    steps: dict[str, Callable[[Archive], None]] = {
        f"{_STORIES:,} new stories": crawl,
        f"{_STORIES:,} stories again": crawl,
        f"{_LOOK_UPS:,} look-ups": look_up,
    }
    measured: dict[tuple[str, str], tuple[int, float]] = {}
    with archives(latency) as found:
        for name, archive in found.items():
            for step, work in steps.items():
                before, begun = commands.number, time.perf_counter()
                work(archive)
                measured[step, name] = commands.number - before, time.perf_counter() - begun
    at = f", {latency * 1000:.0f} ms latency" if latency else ""
    return [
        Row(
            "m",
            f"{step}{at}",
            "mongodb {:,} round trips, {:.1f} s".format(*measured[step, "mongodb"]),
            "secantus {:,} round trips, {:.1f} s".format(*measured[step, "secantus"]),
            f"{measured[step, 'secantus'][0] / measured[step, 'mongodb'][0]:.1f}",
        )
        for step in steps
    ]


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, metavar="MILLISECONDS")
    show(rows(parser.parse_args().latency / 1000))


if __name__ == "__main__":
    main()
