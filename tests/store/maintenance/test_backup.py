"""A backup restores all contents, also if it was made during a crawl; a damaged one is refused."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.exceptions import StoreError
from kcna_spider.items import Article
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.maintenance.backup import backup, restore
from kcna_spider.store.model.schema import VERSION
from tests.conftest import Crawler, snapshot_of
from tests.interruptions import Once, settings_of
from tests.mongodb_proxy import Change, Drop, MongodbProxy
from tests.samples import AT, article

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def back(store: StoreSettings) -> Iterator[Archive]:
    """Yield another database of the same server."""
    opened = Archive(StoreSettings(store.uri, f"{store.database}_copy", store.path))
    yield opened
    opened.close()


def test_all_is_brought_back(
    scrapy: Crawler, site: SampleSite, archive: Archive, store: StoreSettings, back: Archive, tmp_path: Path
) -> None:
    scrapy("crawl", "kcna_kp")
    site.world.epoch = 2
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    folder = tmp_path / "copy"
    done = scrapy("mongo", "--backup", str(folder))
    assert done.code == 0, done.output
    copied = Crawler(StoreSettings(store.uri, f"{store.database}_copy", store.path), scrapy.proxy)
    assert copied("mongo", "--restore", str(folder)).code == 0
    for name in ("articles", "revisions", "rejects", "runs", "listings"):
        assert list(back.database[name].find().sort("_id")) == list(archive.database[name].find().sort("_id"))
    again = copied("mongo", "--restore", str(folder))
    assert again.code == 2
    assert "is not empty" in again.output
    assert "exists already" in scrapy("mongo", "--backup", str(folder)).output


def test_what_a_crawl_was_in_the_midst_of_is_completed(
    archive: Archive, back: Archive, tmp_path: Path
) -> None:
    decide_and_write(
        archive, [article(), article("http://www.kcna.kp/2", title="Another", paragraphs=["Other text."])]
    )
    whole = snapshot_of(archive)
    # The article was written, but not yet its text.
    archive.database["revisions"].delete_one({"title": "Another"})
    backup(archive.database, tmp_path / "copy", NOW)
    restore(back.database, tmp_path / "copy")
    assert snapshot_of(back) == whole


def test_a_listing_is_not_complete_without_its_articles(
    archive: Archive, back: Archive, tmp_path: Path
) -> None:
    """Check a crawl that stores an article and completes its listing while the articles are read."""

    def complete_listing() -> None:
        archive.database["listings"].insert_one({"_id": "kcna.kp/1", "site": "kcna.kp", "complete_at": NOW})

    def ask(call: Callable[[], Any]) -> Any:
        found = call()
        if (tmp_path / f"copy.unfinished-{os.getpid()}" / archive.database.name / "articles.bson").exists():
            complete_listing_once()
        return found

    complete_listing_once = functools.cache(complete_listing)
    decide_and_write(archive, [article()])
    backup(archive.database, tmp_path / "copy", NOW, ask)
    assert archive.database["listings"].count_documents({}) == 1
    restore(back.database, tmp_path / "copy")
    assert back.database["listings"].count_documents({}) == 0


def test_two_backups_with_one_name(archive: Archive, back: Archive, tmp_path: Path) -> None:
    decide_and_write(archive, [article()])
    folder = tmp_path / "copy"
    (tmp_path / "copy.unfinished-1").mkdir()  # another backup is being made
    backup(archive.database, folder, NOW)
    assert (tmp_path / "copy.unfinished-1").exists()
    restore(back.database, folder)
    with pytest.raises(StoreError, match="it exists already"):
        backup(archive.database, folder, NOW)


def test_while_crawls_write(archive: Archive, back: Archive, tmp_path: Path) -> None:
    """Check that a copy has exactly the texts that its articles name; a batch is stored before each read."""

    def sightings(later: str) -> list[Article]:
        stories = (
            (f"http://www.kcna.kp/{n}", f"Story {n}", f"Pyongyang, March 8 (KCNA) -- Text number {n}.{later}")
            for n in range(120)
        )
        return [
            article(url, AT + dt.timedelta(days=bool(later)), title=title, paragraphs=[text])
            for url, title, text in stories
        ]

    batches = [
        batch[n : n + 5]
        for batch in (sightings(" The text was amended."), sightings(""))
        for n in range(115, -1, -5)
    ]

    def ask(call: Callable[[], Any]) -> Any:
        if batches:
            decide_and_write(archive, batches.pop())
        return call()

    copies = 0
    while batches:
        backup(archive.database, tmp_path / f"copy{copies}", NOW, ask)
        copies += 1
    held = []
    for copy in range(copies):
        restore(back.database, tmp_path / f"copy{copy}")
        documents = list(back.database["articles"].find())
        texts = {f"{d['_id']}-{n}": text for d in documents for n, text in enumerate(d["texts"], 1)}
        assert {r["_id"]: r["text"] for r in back.database["revisions"].find()} == texts
        held.append(len(texts))
        for name in ("articles", "revisions"):
            back.database[name].delete_many({})
    assert any(0 < number < 240 for number in held), "no copy was made during the crawl"


def test_a_damaged_copy_is_refused_before_anything_is_written(
    archive: Archive, back: Archive, tmp_path: Path
) -> None:
    decide_and_write(archive, [article()])
    folder = tmp_path / "copy"
    backup(archive.database, folder, NOW)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["collections"]["articles"]["documents"] == 1
    written = folder / archive.database.name / "articles.bson"
    data = bytearray(written.read_bytes())
    data[-5] ^= 1
    written.write_bytes(data)
    with pytest.raises(StoreError, match=r"articles\.bson is not as it was written"):
        restore(back.database, folder)
    with pytest.raises(StoreError, match="no backup of kcna_spider"):
        restore(back.database, tmp_path / "nothing")
    assert back.database["articles"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("schema", "message"), [(0, "have schema 0, those of this version"), (None, "no backup")]
)
def test_another_schema_is_refused(
    archive: Archive, back: Archive, tmp_path: Path, schema: int | None, message: str
) -> None:
    decide_and_write(archive, [article()])
    folder = tmp_path / "copy"
    backup(archive.database, folder, NOW)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest.pop("schema") == VERSION
    if schema is not None:
        manifest["schema"] = schema
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match=message) as caught:
        restore(back.database, folder)
    assert "\n" not in str(caught.value)
    assert back.database["articles"].count_documents({}) == 0


def test_a_wrong_estimate_of_the_server_does_not_count(
    archive: Archive, store: StoreSettings, tmp_path: Path
) -> None:
    """Check a wrong count: after a crash of mongod, `count` without a query may return 0."""
    decide_and_write(archive, [article()])
    backup(archive.database, tmp_path / "copy", NOW)
    with MongodbProxy(store) as proxy:
        opened = Archive(settings_of(proxy))
        proxy.rule = lambda name, command: (
            Change(lambda answer: {**answer, "n": 0}) if name == "count" else None
        )
        with pytest.raises(StoreError, match=r"is not empty \(articles, revisions\)"):
            restore(opened.database, tmp_path / "copy")
        opened.close()


def test_a_restored_collection_without_all_documents(archive: Archive, back: Archive, tmp_path: Path) -> None:
    """Check a database that confirmed all inserts and then counts one document less."""
    decide_and_write(archive, [article()])
    backup(archive.database, tmp_path / "copy", NOW)

    def one_less(answer: dict[str, Any]) -> dict[str, Any]:
        (counted,) = answer["cursor"]["firstBatch"]
        cursor = answer["cursor"] | {"firstBatch": [counted | {"n": counted["n"] - 1}]}
        return answer | {"cursor": cursor}

    with MongodbProxy(StoreSettings(back.connection.settings.uri, back.database.name)) as proxy:
        opened = Archive(settings_of(proxy))
        proxy.rule = lambda name, command: (
            Change(one_less) if name == "aggregate" and command["aggregate"] == "articles" else None
        )
        with pytest.raises(StoreError, match=r"articles\.bson holds 1 documents, the database has 0"):
            restore(opened.database, tmp_path / "copy")
        opened.close()


def test_an_outage_while_it_is_restored(archive: Archive, back: Archive, tmp_path: Path) -> None:
    """Check that a batch is restored once if the response to its insert was lost."""
    decide_and_write(archive, [article()])
    backup(archive.database, tmp_path / "copy", NOW)
    with MongodbProxy(StoreSettings(back.connection.settings.uri, back.database.name)) as proxy:
        opened = Archive(settings_of(proxy))
        proxy.rule = once = Once(Drop(executed=True), "insert")
        restore(opened.database, tmp_path / "copy", opened.retry)
        opened.close()
    assert once.happened
    assert snapshot_of(back) == snapshot_of(archive)
