"""A document that exceeds MongoDB's size limit becomes a reject, and all others are stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kcna_spider.items import AvailabilityCheck
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.maintenance.recovery import complete
from kcna_spider.store.model.types import Document
from tests.conftest import Crawler
from tests.mongodb_proxy import Action, Change, MongodbProxy, Refuse
from tests.samples import AT, an_article, article
from tests.store.write.test_lock import KP, WATCH, proxied

LATER = AT + dt.timedelta(hours=1)
ALMOST = 16 * 2**20 - 3_000


def others(first: int) -> list[Any]:
    return [
        an_article(f"{KP}{n}", f"Story {n}", f"Text number {n}, unlike the others.")
        for n in range(first, first + 3)
    ]


def rejects(archive: Archive) -> list[tuple[str, str, bool]]:
    return [(r["url"], r["reason"], r["final"]) for r in archive.rejects.find()]


def test_an_article_without_room_for_another_copy(archive: Archive) -> None:
    """Check an article that the server refuses with another copy."""
    decide_and_write(archive, [article()])
    archive.database["articles"].update_one({}, {"$set": {"copies.0.original": "x" * ALMOST}})
    urls = [f"{WATCH}{n}" for n in range(6)]
    batch = [*others(2), *map(article, urls), *others(5)]
    outcomes = decide_and_write(archive, batch)
    assert outcomes[:3] + outcomes[-3:] == ["inserted"] * 6
    refused = [url for url, outcome in zip(urls, outcomes[3:-3], strict=True) if outcome == "too_large"]
    assert refused
    assert set(outcomes[3:-3]) <= {"copied", "too_large"}
    assert sorted(rejects(archive)) == sorted((url, "too_large", False) for url in refused)
    assert archive.database["articles"].count_documents({}) == 7
    assert archive.database["revisions"].count_documents({}) == 7


def big_update(key: Any, action: Any) -> Any:
    """Return a rule with which the server refuses updates of one article."""

    def rule(name: str, command: Document) -> Action | None:
        if name != "update" or command["update"] != "articles":
            return None
        places = [n for n, one in enumerate(command["updates"]) if one["q"].get("_id") == key]
        return action(places[0]) if places else None

    return rule


def write_error(place: int) -> Action:
    problem = {
        "index": place,
        "code": 17419,
        "errmsg": "Resulting document after update is larger than 16777216",
    }
    return Change(lambda answer: {**answer, "n": 0, "nModified": 0, "writeErrors": [problem]})


def command_error(place: int) -> Action:
    return Refuse(
        10334, "BSONObj size: 16777300 (0x1000054) is invalid. Size must be between 0 and 16793600(16MB)"
    )


@pytest.mark.parametrize("action", [write_error, command_error])
def test_a_server_that_refuses_a_document_as_too_large(
    archive: Archive, store: StoreSettings, action: Any
) -> None:
    decide_and_write(archive, [article(), *others(2)])
    key = archive.database["articles"].find_one({"copies.url": KP}, {"_id": 1})
    assert key
    with proxied(store) as (proxy, opened):
        proxy.rule = big_update(key["_id"], action)
        again = others(2)
        for sighting in again:
            sighting.fetched_at = LATER
        batch = [*again, article(at=LATER, title="Another Title"), *others(5)]
        outcomes = decide_and_write(opened, batch)
        assert (outcomes[3], outcomes[4:]) == ("too_large", ["inserted"] * 3)
        assert opened.record_availability(
            [AvailabilityCheck(url, gone=True, at=LATER) for url in (KP, again[0].url)]
        ) == ["too_large", "gone"]
        assert complete(opened.database, AT) == 0, (
            "a repair must skip a revision that does not fit into its article"
        )
    assert rejects(archive) == [(KP, "too_large", False)]
    assert archive.database["articles"].count_documents({"last_seen": LATER}) >= 3


def test_a_crawl_goes_on(archive: Archive, store: StoreSettings, site: SampleSite) -> None:
    """Check that a refused insert is a reject, and is counted."""
    refused: list[str] = []

    def rule(name: str, command: Document) -> Action | None:
        if name != "insert" or command["insert"] != "articles":
            return None
        urls = [copy["url"] for document in command["documents"] for copy in document["copies"]]
        old = [url for url in urls if "/1997/" in url]  # This is one of two articles on its page.
        if old and not refused:
            refused.append(old[0])
        return command_error(0) if set(refused) & set(urls) else None

    with MongodbProxy(store, as_mongod=True) as proxy:
        proxy.rule = rule
        crawl = Crawler(proxy.settings, site.proxy)("crawl", "kcna_co_jp")
    assert crawl.code == 0, crawl.output[-3000:]
    assert "'drop/too_large': 1" in crawl.output
    assert "'store/too_large'" not in crawl.output
    assert [one for one in rejects(archive) if one[1] != "stub"] == [(refused[0], "too_large", False)]
    assert archive.database["articles"].count_documents({"copies.url": refused[0]}) == 0
    assert archive.database["articles"].count_documents({}) > 5
