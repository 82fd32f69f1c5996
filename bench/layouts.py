"""Compare the time of layout and loader per page with trafilatura, on the same stored pages.

Our time covers the step from the bytes as received to the normalized article or the listing. Trafilatura's
time covers the step from the same bytes to its text.
"""

from __future__ import annotations

import datetime as dt
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scrapy.http import HtmlResponse

from bench.table import Row, show
from kcna_spider.items import Fetched, RawPhotoPage
from kcna_spider.layouts.base import Listing
from kcna_spider.site_adapter import site_adapters

PAGES = Path(__file__).resolve().parents[1] / "tests" / "pages"
NAMES = {"kcnawatch": "kcnawatch.org", "kcna_kp": "kcna.kp", "kcna_co_jp": "kcna.co.jp"}
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MOST_MILLISECONDS, _PAIRS, _TIMES = 1.5, 5, 20
Stored = tuple[Any, dict[str, Any], bytes]


def stored_pages() -> list[Stored]:
    """Return the site adapter, the description and the bytes of each stored page."""
    sites = site_adapters()
    cases = sorted(PAGES.glob("*/*/*.html"))
    return [
        (
            sites[NAMES[case.parts[-3]]],
            json.loads(case.with_suffix(".json").read_text(encoding="utf-8")),
            case.read_bytes(),
        )
        for case in cases
    ]


def read(stored: Stored) -> int:
    """Process a page as a crawl does before the pipelines; return the number of results."""
    pages, about, body = stored
    response = HtmlResponse(about["url"], headers={"Content-Type": about["content_type"]}, body=body)
    layout, page = pages.select_layout(response)
    found = pages.read(layout, page)
    if isinstance(found, Listing):
        return len(pages.entries(response.url, found)) + len(found.links)
    if isinstance(found, RawPhotoPage):
        return len(found.photos)
    return len(
        [pages.article(Fetched(response.url, pages.name, layout.name, AT), raw, None) for raw in found]
    )


def theirs(stored: Stored) -> int:
    """Return the number of characters that trafilatura extracts from a page."""
    import trafilatura

    return len(trafilatura.extract(stored[2]) or "")


def milliseconds(work: Callable[[Stored], int], cases: list[Stored], times: int) -> float:
    """Return the average time per page."""
    began = time.perf_counter()
    found = sum(work(case) for _ in range(times) for case in cases)
    if not found:
        raise SystemExit("nothing was found in any page")
    return (time.perf_counter() - began) / times / len(cases) * 1e3


def rows(*, quick: bool = False) -> list[Row]:
    """Return the row of group (i)."""
    cases = stored_pages()
    for case in cases:  # The first call also initializes what the process needs once.
        read(case), theirs(case)
    pairs, times = (1, 1) if quick else (_PAIRS, _TIMES)
    turns = [
        (milliseconds(read, cases, times), milliseconds(theirs, cases, max(1, times // 5)))
        for _ in range(pairs)
    ]
    ours = statistics.median(mine for mine, _ in turns)
    ratio = statistics.median(other / mine for mine, other in turns)
    reference = f"trafilatura {statistics.median(other for _, other in turns):.2f} ms"
    asked = "" if quick else f"<= {MOST_MILLISECONDS} ms"
    return [
        Row(
            "i",
            f"layout and loader, {len(cases)} stored pages",
            f"{ours:.2f} ms",
            reference,
            f"{ratio:.1f}",
            asked,
            None if quick else ours <= MOST_MILLISECONDS,
        )
    ]


def main() -> int:
    """Print the row."""
    show(rows())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
