"""`scrapy index`, `scrapy search` and `scrapy trends`, after a crawl of the sample site."""

from __future__ import annotations

import csv
import io
import json
import signal
import sqlite3
from pathlib import Path

import feedparser
import pytest

from kcna_spider.search.tables import create
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.processes import wait_until


@pytest.fixture
def indexed(scrapy: Crawler, archive: Archive, tmp_path: Path) -> Crawler:
    """Return a command after the sample site was crawled and indexed."""
    scrapy.environment["ARCHIVE_FILE"] = str(tmp_path / "archive.sqlite")
    assert scrapy("crawl", "kcna_kp", "-a", "language=en,ko").code == 0
    made = scrapy("index")
    assert made.code == 0, made.output
    number = archive.database["articles"].count_documents({})
    assert f"archive.sqlite: {number} articles written, 0 removed" in made.output
    return scrapy


def test_all_formats(indexed: Crawler, archive: Archive, tmp_path: Path) -> None:
    right = {
        str(d["_id"])
        for d in archive.database["articles"].find({"language": "en"})
        if "Kim Jong Un" in d["body"]
    }
    assert right
    query = ('"Kim Jong Un" lang:en', "--exact-names", "--limit", "0", "--format")
    assert set(indexed("search", *query, "ids").output.split()) == right
    lines = [json.loads(line) for line in indexed("search", *query, "jsonl").output.splitlines()]
    assert {line["id"] for line in lines} == right
    assert all("Kim Jong Un" in line["snippet"] for line in lines)
    rows = list(csv.DictReader(io.StringIO(indexed("search", *query, "csv").output)))
    assert [row["url"] for row in rows] == [line["url"] for line in lines]
    feed = tmp_path / "feed.xml"
    assert indexed("search", *query, "atom", "-o", str(feed)).code == 0
    assert len(feedparser.parse(feed.read_bytes()).entries) == len(right)
    table = indexed("search", '"Kim Jong Un" lang:en').output
    assert f"{len(right)} articles" in table
    assert "also searched: 김정은" in table
    marked_up = indexed("search", '"[/b] [red]로동신문"')
    assert marked_up.code == 0, marked_up.output
    assert "also searched: [/b] [red]노동신문" in marked_up.output


def test_trends(indexed: Crawler, archive: Archive) -> None:
    rows = list(csv.DictReader(io.StringIO(indexed("trends", "lang:en", "lang:ko").output)))
    assert sum(int(row["articles"]) for row in rows) == archive.database["articles"].count_documents({})
    assert sum(int(row["lang:ko"]) for row in rows) == archive.database["articles"].count_documents(
        {"language": "ko"}
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("search", 'a "b'), "search: a quotation mark that is not closed (at character 3 of the query)"),
        (("search", "author:x"), "search: unknown operator author:"),
        (("trends", "a OR"), "trends: a word is missing"),
        (
            ("search", "a", "--file", "/nowhere/x.sqlite"),
            "there is no archive file; build it with `scrapy index`",
        ),
    ],
)
def test_a_mistake_is_one_line(
    scrapy: Crawler, tmp_path: Path, arguments: tuple[str, ...], line: str
) -> None:
    scrapy.environment["ARCHIVE_FILE"] = str(tmp_path / "archive.sqlite")
    base = sqlite3.connect(tmp_path / "archive.sqlite")
    create(base)
    base.commit()
    base.close()
    done = scrapy(*arguments)
    assert done.code == 2
    assert line in done.output
    assert "Traceback" not in done.output
    assert done.output.count("\n") == 1


def test_followed_through_a_crawl_and_killed_in_between(
    indexed: Crawler, archive: Archive, tmp_path: Path
) -> None:
    """Check that after a kill at any time the next start makes the file equal to the store."""
    path = tmp_path / "archive.sqlite"

    def held() -> int:
        base = sqlite3.connect(path)
        (number,) = base.execute("SELECT count(*) FROM articles").fetchone()
        base.close()
        return int(number)

    before = held()
    follower = indexed.begin("index", "--follow")
    crawl = indexed.begin("crawl", "kcna_co_jp", "-s", "DOWNLOAD_DELAY=0.05")
    wait_until(lambda: held() > before + 2, follower)
    follower.kill()
    follower.communicate()
    crawl.communicate()
    again = indexed.begin("index", "--follow")
    wait_until(lambda: "Following the store" in again.printed(), again)
    wait_until(lambda: held() == archive.database["articles"].count_documents({}), again)
    again.send_signal(signal.SIGTERM)
    output, _ = again.communicate(20)
    assert again.returncode == 0, output
    assert "Traceback" not in output
    base = sqlite3.connect(path)
    versions = dict(base.execute("SELECT id, version FROM articles"))
    for index in ("article_index", "article_words", "revision_index", "revision_words"):
        base.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
    base.close()
    assert versions == {str(d["_id"]): d["version"] for d in archive.database["articles"].find()}
