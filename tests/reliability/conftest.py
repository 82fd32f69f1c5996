"""Markers of the reliability checks, their large sample site, and the table of their results."""

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
    """Mark the checks, and skip those that need the replica if it is missing."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.reliability)
            if "replica" in getattr(item, "fixturenames", ()) and not REPLICA.exists():
                item.add_marker(
                    pytest.mark.skip(reason=f"the replica is not beside this checkout ({REPLICA})")
                )


def assert_same(archive: Archive, undisturbed: Archive) -> None:
    """Assert that two archives have equal contents; a failure shows the differences."""
    got, expected = snapshot_of(archive), snapshot_of(undisturbed)
    assert got == expected, [
        [pair, expected[part].get(pair[0])]
        for part in ("articles", "revisions")
        for pair in got[part].items()
        if expected[part].get(pair[0]) != pair[1]
    ]


@pytest.fixture
def large_site() -> Iterator[SampleSite]:
    """Yield the sample site with some hundred more stories."""
    with SampleSite(world=World(stories=large(STORIES_MORE))) as running:
        yield running


@pytest.fixture
def undisturbed(store: StoreSettings) -> Iterator[Archive]:
    """Yield the archive for the crawls without faults.

    It is closed even if a check fails, because an open archive would make the next check fail too.
    """
    with closing(Archive(StoreSettings(uri=store.uri, database=store.database + "_calm"))) as archive:
        yield archive


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Return a function that adds a row to the table: the check, and the result."""
    rows = request.config.stash.setdefault(ROWS, [])
    return lambda check, found: rows.append((check, found))


def pytest_terminal_summary(config: pytest.Config) -> None:
    """Print the table."""
    if rows := config.stash.get(ROWS, []):
        table = Table(title=f"reliability, {'long' if LONG else 'short'} form")
        table.add_column("check")
        table.add_column("result")
        for row in rows:
            table.add_row(*row)
        Console(width=150).print(table)
