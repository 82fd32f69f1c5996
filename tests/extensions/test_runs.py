"""The record of a run, through the signals of a real crawl."""

from __future__ import annotations

from kcna_spider.store.archive import Archive
from tests.conftest import Crawler


def test_one_document_a_crawl(scrapy: Crawler, archive: Archive) -> None:
    scrapy("crawl", "kcnawatch", "-a", "limit=2")
    scrapy("crawl", "kcna_kp", "-a", "category=none")
    first, second = archive.runs.find().sort("started_at")
    assert (first["spider"], first["arguments"], first["finish_reason"]) == (
        "kcnawatch",
        {"limit": 2},
        "finished",
    )
    stats = {stat["name"]: stat["value"] for stat in first["stats"]}
    assert stats["store/inserted"] == 2
    inserted = {"stats": {"$elemMatch": {"name": "store/inserted", "value": {"$gte": 2}}}}
    assert archive.runs.count_documents(inserted) == 1
    assert first["started_at"] < first["finished_at"]
    assert first["versions"]["scrapy"].startswith("2.")
    assert (second["spider"], second["finish_reason"]) == ("kcna_kp", "bad_argument")
