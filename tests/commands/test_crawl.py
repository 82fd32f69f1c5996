"""`scrapy crawl`: one clear line for a wrong argument, and reliable exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcna_spider import __version__
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["kcnawatch", "-a", "sinse=2024-01-01"], "unknown argument 'sinse'"),
        (["kcnawatch", "-a", "since=yesterday"], "argument since=yesterday: not a day"),
        (["kcna_kp", "-a", "language=xx"], "no language of the site: xx"),
        (["kcnawotch"], "there is no spider 'kcnawotch'"),
        (["kcna_kp", "-s", "MIN_FREE_DISK_BYTES=200MB"], "MIN_FREE_DISK_BYTES=200MB is no whole number"),
        (["kcna_kp", "-s", "DOWNLOAD_DELAY=1s"], "the setting DOWNLOAD_DELAY=1s is no number"),
        (["kcna_kp", "-s", "LISTING_MERGE_LIMIT=x"], "the setting LISTING_MERGE_LIMIT=x is no whole number"),
        (["kcna_kp", "-s", "STORE_BATCH_SIZE=0"], "the setting STORE_BATCH_SIZE=0 is less than 1"),
        (["kcna_kp", "-s", "STORE_WAIT_SECONDS=-1"], "the setting STORE_WAIT_SECONDS=-1 is less than 0"),
        (["kcna_kp", "-s", "WARC_DIR=/proc/warc"], "the setting WARC_DIR=/proc/warc: "),
        (["kcna_kp", "-a", "photos=1", "-s", "FILES_STORE=/proc/photos"], "FILES_STORE=/proc/photos: "),
    ],
)
def test_a_mistake_is_one_line_and_no_request(
    scrapy: Crawler, site: SampleSite, arguments: list[str], line: str
) -> None:
    crawl = scrapy("crawl", *arguments)
    assert crawl.code == 2
    banner = (" INFO: ", " '", "{'")  # Scrapy logs these lines with the versions of its libraries.
    lines = [
        text
        for text in crawl.output.splitlines()
        if text and " INFO: " not in text and not text.startswith(banner)
    ]
    assert len(lines) == 1, crawl.output
    assert lines[0].startswith("scrapy crawl: ")
    assert line in lines[0]
    assert not site.log


def test_a_database_folder_that_cannot_be_created(scrapy: Crawler, tmp_path: Path) -> None:
    scrapy.environment |= {"MONGODB_URI": "embedded", "MONGODB_EMBEDDED_PATH": "/proc/db"}
    log = tmp_path / "job.log"
    assert scrapy("crawl", "kcna_kp", "-s", f"LOG_FILE={log}").code == 2
    assert "/proc/db" in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("command", ["fetch", "shell"])
def test_commands_with_a_spider_of_scrapy(scrapy: Crawler, archive: Archive, command: str) -> None:
    arguments = ["-c", "response.status"] if command == "shell" else []
    done = scrapy(command, "http://www.kcna.kp/robots.txt", *arguments)
    assert done.code == 0
    assert "Traceback" not in done.output
    assert archive.runs.count_documents({}) == 0


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        (["CONTACT=me@example.org"], f"kcna_spider/{__version__} (+me@example.org)"),
        (["CONTACT=me@example.org", "USER_AGENT=InstituteBot/2.0"], "InstituteBot/2.0"),
    ],
)
def test_the_user_agent(scrapy: Crawler, site: SampleSite, settings: list[str], sent: str) -> None:
    given = [part for setting in settings for part in ("-s", setting)]
    assert scrapy("crawl", "kcnawatch", "-a", "limit=1", *given).code == 0
    assert {asked.headers["user-agent"] for asked in site.log} == {sent}


def test_a_mistake_stands_in_the_log_file_too(scrapy: Crawler, tmp_path: Path) -> None:
    """Check the log file, because Scrapyd shows it and not the standard error of a job."""
    log = tmp_path / "job.log"
    assert scrapy("crawl", "kcnawatch", "-a", "sinse=2024-01-01", "-s", f"LOG_FILE={log}").code == 2
    assert "unknown argument 'sinse'" in log.read_text()


def test_an_unreachable_database(scrapy: Crawler, site: SampleSite) -> None:
    scrapy.environment["MONGODB_URI"] = "mongodb://me:secret@127.0.0.1:1/kcna?serverSelectionTimeoutMS=500"
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 2
    assert "cannot be reached at mongodb://me:***@127.0.0.1:1/kcna" in crawl.output
    assert "secret" not in crawl.output
    assert "Traceback" not in crawl.output
    assert not site.log


def test_arguments_of_scrapyd_pass(scrapy: Crawler) -> None:
    assert scrapy("crawl", "kcnawatch", "-a", "_job=123", "-a", "limit=1").code == 0
