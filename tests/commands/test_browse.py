"""`scrapy browse` after a crawl that kept its pages: an article, and its stored record."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import condition
from tests.conftest import ROOT, Crawler
from tests.web.conftest import Site


@pytest.mark.parametrize("option", [True, False], ids=["option", "setting"])
def test_the_record_of_an_article(scrapy: Crawler, tmp_path: Path, option: bool) -> None:
    warc, file = str(tmp_path / "warc"), tmp_path / "archive.sqlite"
    assert scrapy("crawl", "kcna_kp", "-a", "limit=2", "-s", f"WARC_DIR={warc}").code == 0
    assert scrapy("index", "--file", str(file)).code == 0
    reader = Reader(file)
    key = reader.hits(condition(None), 1)[0].id
    reader.close()
    given = ("--warc-dir", warc) if option else ("-s", f"WARC_DIR={warc}")
    with subprocess.Popen(
        scrapy.command("browse", "--file", str(file), "--port", "0", *given),
        cwd=ROOT,
        env=scrapy.env(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            address = re.findall(r"http://[^ ]+(?=/ )", process.stdout.readline())[0]
            status, _, body = Site(address).get(f"/article/{key}/record/1")
        finally:
            process.terminate()
    assert status == 200
    assert "The payload agrees with it." in body
    assert "&lt;html" in body
