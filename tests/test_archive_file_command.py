"""`scrapy report` and `scrapy export` read a current archive file, with equal results and a message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kcna_spider.items import AvailabilityCheck
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.text.dates import utc_now
from tests.conftest import Crawler
from tests.samples import article

EXPORTS = [
    ["--format", "jsonl"],
    ["--format", "csv"],
    ["--format", "csv", "--excel", "--language", "ko"],
    ["--format", "jsonl", "--since", "2024-03-01", "--until", "2024-03-09", "--site", "kcna.kp"],
    ["--format", "jsonl", "--fields", "urls,first_seen,categories"],
    ["--format", "parquet"],
]


@pytest.fixture
def file(scrapy: Crawler, tmp_path: Path) -> Path:
    """Return the path of the archive file, which does not exist yet."""
    path = tmp_path / "archive.sqlite"
    scrapy.environment["ARCHIVE_FILE"] = str(path)
    return path


def written(scrapy: Crawler, target: Path, *arguments: str) -> tuple[bytes, str]:
    """Return the file that a command writes, and its output."""
    done = scrapy(*arguments, "-o", str(target))
    assert done.code == 0, done.output
    content = target.read_bytes()
    return re.sub(rb"\d\d:\d\d UTC", b"", content), done.output


def test_the_same_from_the_file_and_from_mongodb(
    scrapy: Crawler, site: SampleSite, archive: Archive, file: Path, tmp_path: Path
) -> None:
    for spider in ("kcna_kp", "kcna_co_jp", "kcnawatch"):
        scrapy("crawl", spider)
    site.world.epoch = 2
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000", "-a", "language=en,ko")
    assert archive.database["articles"].count_documents({"changed_at": {"$ne": None}})
    several = archive.database["articles"].find_one({"copies.1": {"$exists": True}})
    assert several
    gone = [AvailabilityCheck(copy["url"], gone=True, at=utc_now()) for copy in several["copies"]]
    assert archive.record_availability(gone) == ["gone"] * len(gone)
    commands = [["export", *arguments] for arguments in EXPORTS] + [["report"]]
    stored = [written(scrapy, tmp_path / "stored", *command) for command in commands]
    assert all("archive.sqlite" not in said for _, said in stored), (
        "without a file there must be no message about it"
    )
    assert scrapy("index").code == 0
    for command, (content, _) in zip(commands, stored, strict=True):
        found, said = written(scrapy, tmp_path / "found", *command)
        assert f"{file} is current (reading it)\n" in said
        assert found == content, command


def test_a_stale_file_is_said_and_not_used(
    scrapy: Crawler, archive: Archive, file: Path, tmp_path: Path
) -> None:
    decide_and_write(archive, [article()])
    assert scrapy("index").code == 0
    decide_and_write(archive, [article("http://www.kcna.kp/en/article/detail/2", paragraphs=["Other."])])
    lines = scrapy("export", "--fields", "title").output.splitlines()
    assert f"{file} is not current: run `scrapy index` (reading MongoDB)" in lines
    assert len(lines) == 3
    page, said = written(scrapy, tmp_path / "report.html", "report")
    assert f"{file} is not current: run `scrapy index` (reading MongoDB)\n" in said
    assert b"<dt>articles</dt><dd>2</dd>" in page
    assert scrapy("index").code == 0
    assert f"{file} is current (reading it)" in scrapy("export", "--fields", "title").output


def test_a_file_that_cannot_be_used_is_said(scrapy: Crawler, archive: Archive, file: Path) -> None:
    decide_and_write(archive, [article()])
    file.write_text("no database")
    lines = scrapy("export", "--fields", "title").output.splitlines()
    assert f"{file} is no archive file of this version: run `scrapy index` (reading MongoDB)" in lines
    assert len(lines) == 2
    named = scrapy("export", "--fields", "title", "--file", "/nowhere/x.sqlite").output
    assert "/nowhere/x.sqlite does not exist (reading MongoDB)\n" in named


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--revisions"], "--revisions and --photos read MongoDB only"),
        (["--format", "atom"], "--format atom takes"),
    ],
)
def test_what_the_file_does_not_serve_refuses_it(
    scrapy: Crawler, archive: Archive, file: Path, arguments: list[str], line: str
) -> None:
    done = scrapy("export", *arguments, "--file", str(file))
    assert done.code == 2
    assert line in done.output
    assert "Traceback" not in done.output
