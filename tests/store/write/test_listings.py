"""The changes that listings make to stored articles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kcna_spider.items import ListingUpdate
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from tests.samples import AT, article
from tests.store.write.test_lock import KP, WATCH

LATER = AT + dt.timedelta(hours=1)
OTHER: dict[str, Any] = {
    "title": "Other",
    "paragraphs": ["Pyongyang, March 8 (KCNA) -- Quite another text stood here."],
}


def test_an_article_that_has_the_categories_is_not_changed(archive: Archive) -> None:
    """Check that a change stream would get no event for such an article."""
    decide_and_write(
        archive, [article(categories=["World", "Home"]), article(WATCH, categories=["World"], **OTHER)]
    )
    before = {d["copies"][0]["url"]: d for d in archive.database["articles"].find()}
    decide_and_write(archive, [ListingUpdate([KP, WATCH], ["Home", "World"], LATER)])
    after = {d["copies"][0]["url"]: d for d in archive.database["articles"].find()}
    assert after[KP] == before[KP]
    assert after[WATCH]["categories"] == ["World", "Home"]
    assert after[WATCH]["version"] != before[WATCH]["version"]


def test_an_article_without_categories_gets_them(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    decide_and_write(archive, [ListingUpdate([KP], ["Home"], LATER)])
    assert [d["categories"] for d in archive.database["articles"].find()] == [["Home"]]
