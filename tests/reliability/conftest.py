"""Marks these checks, gives them a large sample site, and prints what they measured as a table."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.site_state import World
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import snapshot_of
from tests.replica.conftest import REPLICA, crawler, replica  # noqa: F401  # fixtures
from tests.sample_site.generated_stories import large

LONG = os.environ.get("RELIABILITY") == "long"
STORIES_MORE = 900 if LONG else 300
HERE = Path(__file__).parent
ROWS = pytest.StashKey[list[tuple[str, str]]]()
Note = Callable[[str, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark, and skip where there is no replica."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.reliability)
            if "replica" in getattr(item, "fixturenames", ()) and not REPLICA.exists():
                item.add_marker(
                    pytest.mark.skip(reason=f"the replica is not beside this checkout ({REPLICA})")
                )


def assert_same(archive: Archive, undisturbed: Archive) -> None:
    """Assert that two archives hold the same; a failure names what differs."""
    got, expected = snapshot_of(archive), snapshot_of(undisturbed)
    assert got == expected, [
        [pair, expected[part].get(pair[0])]
        for part in ("articles", "revisions")
        for pair in got[part].items()
        if expected[part].get(pair[0]) != pair[1]
    ]


@pytest.fixture
def large_site() -> Iterator[SampleSite]:
    """The sample site with some hundred more stories."""
    with SampleSite(world=World(stories=large(STORIES_MORE))) as running:
        yield running


@pytest.fixture
def undisturbed(store: StoreSettings) -> Iterator[Archive]:
    """What crawls that nobody kills leave; closed also where a check fails, which would else fail the next one too."""
    with closing(Archive(StoreSettings(uri=store.uri, database=store.database + "_calm"))) as archive:
        yield archive


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Takes a line of the table: what was checked, and what was found."""
    rows = request.config.stash.setdefault(ROWS, [])
    return lambda check, found: rows.append((check, found))


def pytest_terminal_summary(config: pytest.Config) -> None:
    """The table."""
    if rows := config.stash.get(ROWS, []):
        table = Table(title=f"reliability, {'long' if LONG else 'short'} form")
        table.add_column("check")
        table.add_column("found")
        for row in rows:
            table.add_row(*row)
        Console(width=150).print(table)
