"""Components of Scrapy and of third parties work with our items: feed exports, pipelines, item adapters."""

from __future__ import annotations

import csv
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from itemadapter import ItemAdapter
from scrapy import Spider
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from kcna_spider.items import Reject
from kcna_spider.logformatter import RejectLogFormatter
from kcna_spider.pipelines.mongo import RejectedItem
from kcna_spider.settings import FEED_EXPORT_FIELDS
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.samples import AT, article

THIRD_PARTY = '''
from itemadapter import ItemAdapter


class TitlePipeline:
    """Knows nothing of this project: reads and changes any item, and keeps a list."""

    def __init__(self):
        self.seen = []

    def process_item(self, item):
        adapter = ItemAdapter(item)
        self.seen.append(f"{adapter['url']} {adapter.get('title')} {adapter.get('published')}")
        return item

    def close_spider(self):
        with open("{path}", "w") as file:
            file.write("\\n".join(self.seen))
'''


def test_a_stock_feed_export(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    lines, table = tmp_path / "articles.jsonl", tmp_path / "articles.csv"
    assert scrapy("crawl", "kcna_co_jp", "-O", str(lines), "-O", str(table)).code == 0
    rows = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    stored = {
        copy["url"]: document
        for document in archive.database["articles"].find()
        for copy in document["copies"]
    }
    assert {row["url"] for row in rows} == set(stored), "the feed must have the articles, and nothing else"
    for row in rows:
        document = stored[row["url"]]
        assert (row["title"], "\n\n".join(row["paragraphs"]), row["published"]) == (
            document["title"],
            document["body"],
            document["published"].date().isoformat(),
        )
        assert set(row) == set(FEED_EXPORT_FIELDS)
        assert row["dateline"] is None or row["dateline"]["place"] == document["dateline"]["place"]
    with table.open(encoding="utf-8", newline="") as file:
        assert {row["url"] for row in csv.DictReader(file)} == set(stored)


def test_a_third_party_pipeline(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    """Check that a pipeline after ours gets each stored article, and no other items."""
    (tmp_path / "third_party.py").write_text(THIRD_PARTY.replace("{path}", str(tmp_path / "seen")))
    scrapy.environment["PYTHONPATH"] = str(tmp_path)
    pipelines = {
        "kcna_spider.pipelines.validate.ValidatePipeline": 100,
        "kcna_spider.pipelines.dedupe.DedupePipeline": 200,
        "kcna_spider.pipelines.mongo.MongoPipeline": 300,
        "third_party.TitlePipeline": 400,
    }
    assert scrapy("crawl", "kcna_kp", "-s", f"ITEM_PIPELINES={json.dumps(pipelines)}").code == 0
    seen = (tmp_path / "seen").read_text().splitlines()
    urls = [copy["url"] for document in archive.database["articles"].find() for copy in document["copies"]]
    assert sorted(line.split()[0] for line in seen) == sorted(urls)


def test_every_item_is_one_for_item_adapter() -> None:
    adapter: Any = ItemAdapter(article())
    assert adapter.asdict()["dateline"]["place"] == "Pyongyang"
    assert set(FEED_EXPORT_FIELDS) <= set(adapter.field_names())


def test_a_third_party_pipeline_that_breaks(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    """Check that an article that a pipeline loses fails the crawl, so that no listing counts as complete."""
    (tmp_path / "breaking.py").write_text(
        "class Breaking:\n"
        "    def process_item(self, item):\n"
        "        if 'Bakery' in (getattr(item, 'title', None) or ''):\n"
        "            raise KeyError('x')\n"
        "        return item\n"
    )
    scrapy.environment["PYTHONPATH"] = str(tmp_path)
    pipelines = {
        "breaking.Breaking": 50,
        "kcna_spider.pipelines.validate.ValidatePipeline": 100,
        "kcna_spider.pipelines.dedupe.DedupePipeline": 200,
        "kcna_spider.pipelines.mongo.MongoPipeline": 300,
    }
    crawl = scrapy("crawl", "kcna_kp", "-s", f"ITEM_PIPELINES={json.dumps(pipelines)}")
    assert (crawl.code, "Spider closed (spider_error)" in crawl.output) == (1, True)
    assert not archive.listings.count_documents({"complete_at": {"$ne": None}})
    assert scrapy("crawl", "kcna_kp").code == 0
    assert archive.database["articles"].count_documents({"title": {"$regex": "Bakery"}})


@pytest.mark.parametrize(
    ("error", "level", "message"),
    [
        (DropItem("too short", log_level="DEBUG"), "DEBUG", "Dropped: too short"),
        (DropItem("too short"), "WARNING", "Dropped: too short"),
        (
            RejectedItem(Reject("http://x", "kcna.kp", "no_day", "no date", {}, AT)),
            "WARNING",
            "Rejected: http://x",
        ),
    ],
)
def test_dropped_items_in_the_log(error: DropItem, level: str, message: str) -> None:
    spider = Spider("x")
    spider.crawler = get_crawler()
    found = RejectLogFormatter().dropped({}, error, None, spider)
    assert found["level"] in (level, logging.getLevelName(level))
    assert (found["msg"] % found["args"]).startswith(message)
