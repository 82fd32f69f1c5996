"""Thousands of random queries: every page with a query sends a result or an error."""

from __future__ import annotations

import random
import time

from tests.reliability.conftest import LONG, Note
from tests.web.conftest import Site, pages, pages_file, warc_folder, warc_record  # noqa: F401  # fixtures
from tests.web.hostile import PATHS, random_query, withstands

QUERIES = 10_000 if LONG else 1_000


def test_random_queries(pages: Site, note: Note) -> None:  # noqa: F811
    chosen = random.Random(QUERIES)
    begun = time.monotonic()
    for number in range(QUERIES):
        withstands(pages, random_query(chosen), PATHS[number % len(PATHS)])
    note(
        f"{QUERIES} random queries",
        f"no status 500; {(time.monotonic() - begun) / QUERIES * 1000:.1f} ms per query",
    )
