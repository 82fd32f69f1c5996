"""Thousands of damaged pages: each is an article, a listing or a reject, without an exception or delay."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import time
from typing import Any

import bson

from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Fetched, RawPhotoPage
from kcna_spider.layouts.base import Listing
from kcna_spider.pipelines.validate import problem
from kcna_spider.site_adapter import site_adapters
from kcna_spider.store.model.documents import new_document
from tests.reliability.conftest import LONG, Note
from tests.reliability.mutations import mutated

NUMBER = 100_000 if LONG else 3_000
CHUNK = 250
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
NAMES = {"kcnawatch": "kcnawatch.org", "kcna_kp": "kcna.kp", "kcna_co_jp": "kcna.co.jp"}


def read(number: int, sites: dict[str, Any]) -> str:
    """Process a page as a crawl does, without the database; return what it was recognized as."""
    name, response = mutated(number)
    adapter = sites[NAMES[name]]
    try:
        layout, page = adapter.select_layout(response)
        found = adapter.read(layout, page)
        if isinstance(found, Listing):
            adapter.entries(response.url, found, "A category")
            return "listing"
    except LayoutError:
        return "no layout"
    if isinstance(found, RawPhotoPage):
        found = [found.as_article()]
    kinds = {"no article"}
    for raw in found:
        article = adapter.article(Fetched(response.url, adapter.name, layout.name, AT), raw, None)
        if problem(article) is not None:
            kinds.add("reject")
            continue
        article.set_fingerprint()
        bson.encode(new_document(article, article.set_lsh_keys()))
        kinds.add("article")
    return next(kind for kind in ("article", "reject", "no article") if kind in kinds)


def chunk(start: int) -> tuple[dict[str, int], tuple[float, int], int, list[str]]:
    """Process some pages.

    Return the number of pages of each kind, the seconds and the number of the slowest page, the memory in
    bytes, and the exceptions. The seconds are processor time, because the machine may be busy.
    """
    sites = site_adapters()
    kinds: dict[str, int] = {}
    slowest, wrong = (0.0, 0), []
    for number in range(start, start + CHUNK):
        begun = time.process_time()
        try:
            kind = read(number, sites)
        except Exception as error:  # noqa: BLE001  # Any exception is a finding.
            wrong.append(f"{number}: {error!r}")
            continue
        slowest = max(slowest, (time.process_time() - begun, number))
        kinds[kind] = kinds.get(kind, 0) + 1
    return kinds, slowest, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, wrong


def test_mutated_pages(note: Note) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(chunk, range(0, NUMBER, CHUNK), chunksize=1)
    kinds: dict[str, int] = {}
    for some, *_ in found:
        for kind, number in some.items():
            kinds[kind] = kinds.get(kind, 0) + number
    slowest, memory = max(one[1] for one in found), max(one[2] for one in found)
    assert [line for one in found for line in one[3]] == []
    assert sum(kinds.values()) == NUMBER
    assert min(kinds.get(kind, 0) for kind in ("article", "listing", "no layout", "reject")) > NUMBER / 200, (
        kinds
    )
    assert slowest[0] < 5, f"page {slowest[1]} is too slow"
    assert memory < 500 * 2**20
    note(
        f"{NUMBER:,} damaged pages",
        f"no exception; slowest page {slowest[0]:.2f} s; at most {memory / 2**20:.0f} MB; {kinds}",
    )
