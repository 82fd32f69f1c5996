"""`scrapy crawl`: one clear line for a wrong argument, and reliable exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcna_spider.sample_site.site_server import SampleSite
from tests.conftest import Crawler


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["kcnawatch", "-a", "sinse=2024-01-01"], "unknown argument 'sinse'"),
        (["kcnawatch", "-a", "since=yesterday"], "argument since=yesterday: not a day"),
        (["kcna_kp", "-a", "language=xx"], "no language of the site: xx"),
        (["kcnawotch"], "there is no spider 'kcnawotch'"),
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
