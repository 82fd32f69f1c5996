"""The results of written items, for crawls and re-parses."""

from __future__ import annotations

import pytest

from kcna_spider.extensions.health import CrawlOutcome
from kcna_spider.items import (
    Article,
    AvailabilityCheck,
    Item,
    ListedPages,
    ListingUpdate,
    Photo,
    PhotoSet,
    Reject,
)
from kcna_spider.pipelines.mongo import result_of
from kcna_spider.store.write.photo_sets import NO_ARTICLE, PHOTOS
from kcna_spider.store.write.too_large import TOO_LARGE
from tests.samples import AT

URL = "http://www.kcna.kp/en/gallery/detail/1"


def photo_set() -> PhotoSet:
    """Return the photos of a page."""
    return PhotoSet(URL, [URL], "kcna.kp", AT, [Photo(f"{URL}.jpg", 1, outcome="found")])


@pytest.mark.parametrize(
    ("item", "outcome", "stat", "logged"),
    [
        (Article(url=URL), "inserted", "store/inserted", ""),
        (Article(url=URL), TOO_LARGE, "drop/too_large", ""),
        (Reject(URL, "kcna.kp", "no_body", "no text", {}, AT), "kept", "drop/no_body", ""),
        (AvailabilityCheck(URL, gone=True, at=AT), "gone", "recheck/gone", ""),
        (ListingUpdate([URL], [], AT), "kept", None, ""),
        (ListedPages("kcna.kp", {URL: [URL]}, AT), "kept", None, ""),
        (photo_set(), PHOTOS, "photo_pages/read", ""),
        (photo_set(), NO_ARTICLE, "photo_pages/unknown", f"Photos not stored: {URL}: unknown"),
    ],
)
def test_result_of(
    item: Item, outcome: str, stat: str | None, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    result, counted = result_of(item, outcome)
    assert counted == stat
    assert caplog.text.strip().endswith(logged)
    assert bool(caplog.text) == bool(logged)
    total = CrawlOutcome()
    total.add(result)
    assert total.stored == ({outcome: 1} if stat == "store/inserted" else {})
    assert total.rejects == ({stat.removeprefix("drop/"): 1} if stat and stat.startswith("drop/") else {})
    assert total.photos == ({"found": 1} if isinstance(item, PhotoSet) else {})
