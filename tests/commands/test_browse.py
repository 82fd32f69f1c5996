"""`scrapy browse` after a crawl with WARC files: an article, and its stored record."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import condition
from kcna_spider.store.archive import Archive
from tests.conftest import ROOT, Crawler
from tests.stored_photos import fill_photos, sha256
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
    with browsing(scrapy, file, *given) as site:
        status, _, body = site.get(f"/article/{key}/record/1")
    assert status == 200
    assert "The payload agrees with it." in body
    assert "&lt;html" in body


@contextmanager
def browsing(scrapy: Crawler, file: Path, *given: str) -> Iterator[Site]:
    """Run `scrapy browse` on any free port."""
    with subprocess.Popen(
        scrapy.command("browse", "--file", str(file), "--port", "0", *given),
        cwd=ROOT,
        env=scrapy.env(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            yield Site(re.findall(r"http://[^ ]+(?=/ )", process.stdout.readline())[0])
        finally:
            process.terminate()


def test_the_folder_of_photos(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    fill_photos(archive)
    file, folder, name = tmp_path / "archive.sqlite", tmp_path / "photos", sha256("back")
    (folder / name[:2]).mkdir(parents=True)
    (folder / name[:2] / f"{name}.jpg").write_text("a photo")
    assert scrapy("index", "--file", str(file)).code == 0
    for given, status in (
        (("--photo-dir", str(folder)), 200),
        (("-s", f"FILES_STORE={folder}"), 200),
        (("-s", "FILES_STORE=s3://bucket/photos"), 404),
        (("-s", f"FILES_STORE={tmp_path / 'none'}"), 404),
    ):
        with browsing(scrapy, file, *given) as site:
            assert site.get(f"/photo-files/{name}")[0] == status, given
            assert ("<img" in site.get(f"/photo/{name}")[2]) == (status == 200)
    wrong = scrapy("browse", "--file", str(file), "--photo-dir", str(tmp_path / "none"))
    assert wrong.code == 2
    assert "there is no such folder of photos" in wrong.output


def test_ctrl_c_ends_it_without_a_traceback(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    fill_photos(archive)
    file = tmp_path / "archive.sqlite"
    assert scrapy("index", "--file", str(file)).code == 0
    with subprocess.Popen(
        scrapy.command("browse", "--file", str(file), "--port", "0"),
        cwd=ROOT,
        env=scrapy.env(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert "Ctrl-C ends it" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert errors == ""
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["browse", "--port", "99999"], "99999: not a port from 0 to 65535"),
        (["search", "mill", "--limit", "99999999999999999999"], "not a whole number below a billion"),
    ],
)
def test_numbers_that_are_too_large(scrapy: Crawler, arguments: list[str], line: str) -> None:
    done = scrapy(*arguments)
    assert done.code == 2
    assert line in done.output
    assert "Traceback" not in done.output
