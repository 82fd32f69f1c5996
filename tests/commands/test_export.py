"""`scrapy export`: the written data equal the stored data, and each format is valid."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
from pathlib import Path

import pytest
from pyarrow import parquet

from kcna_spider.export.formats import cell
from kcna_spider.export.rows import ARTICLE_COLUMNS
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from tests.conftest import ROOT, Crawler
from tests.samples import article


def test_json_lines(scrapy: Crawler, archive: Archive) -> None:
    scrapy("crawl", "kcna_kp", "-a", "language=en,ko")
    rows = [json.loads(line) for line in scrapy("export").output.splitlines()]
    stored = {str(d["_id"]): d for d in archive.database["articles"].find()}
    assert {row["id"] for row in rows} == set(stored)
    assert [row["published"] for row in rows] == sorted(row["published"] for row in rows)
    for row in rows:
        document = stored[row["id"]]
        assert (row["title"], row["body"], row["language"]) == (
            document["title"],
            document["body"],
            document["language"],
        )
        assert row["urls"] == [c["url"] for c in document["copies"]]
        assert row["first_seen"].endswith("Z")
    assert list(rows[0]) == list(ARTICLE_COLUMNS)


def test_standard_output_is_utf_8_in_every_locale(scrapy: Crawler, archive: Archive) -> None:
    decide_and_write(archive, [article(title="평양의 봄")])
    environment = {**scrapy.env(), "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        scrapy.command("export", "--format", "csv"),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert "평양의 봄" in done.stdout.decode()


def test_choices(scrapy: Crawler) -> None:
    scrapy("crawl", "kcna_kp", "-a", "language=en,ko")
    korean = [
        json.loads(line)
        for line in scrapy("export", "--language", "ko", "--fields", "language,title").output.splitlines()
    ]
    assert {row["language"] for row in korean} == {"ko"}
    assert set(korean[0]) == {"language", "title"}
    days = {
        json.loads(line)["published"]
        for line in scrapy("export", "--since", "2024-03-09", "--until", "2024-03-10").output.splitlines()
    }
    assert days == {"2024-03-09", "2024-03-10"}
    assert scrapy("export", "--site", "kcna.co.jp").output == ""
    crawl = scrapy("export", "--fields", "titel")
    assert crawl.code == 2
    assert "no such field: titel" in crawl.output


def test_revisions(scrapy: Crawler, site: SampleSite) -> None:
    scrapy("crawl", "kcna_kp")
    site.world.epoch = 2
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    rows = [json.loads(line) for line in scrapy("export", "--revisions").output.splitlines()]
    edited = [row for row in rows if row["number"] == 2]
    assert len(edited) == 1
    assert edited[0]["body"].endswith("deeply moved.")


def test_csv_opens_in_a_spreadsheet(archive: Archive, scrapy: Crawler, tmp_path: Path) -> None:
    decide_and_write(
        archive,
        [
            article(title="=cmd|' /C calc'!A0"),
            article("http://www.kcna.kp/2", title='한글, "quotes"\nand', paragraphs=["Other text."]),
        ],
    )
    target = tmp_path / "out.csv"
    assert scrapy("export", "--format", "csv", "--excel", "-o", str(target)).code == 0
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert {row["title"] for row in rows} == {"'=cmd|' /C calc'!A0", '한글, "quotes" and'}
    assert all(len(row) == len(ARTICLE_COLUMNS) for row in rows)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (["a", "b"], "a | b"),
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-0-", "'-0-"),
        (dt.date(2024, 3, 9), "2024-03-09"),
        (True, "True"),
        (3, "3"),
    ],
)
def test_cells(value: object, expected: str) -> None:
    assert cell(value, excel=True) == expected
    assert cell(value) == expected.removeprefix("'"), "without --excel the text must not be changed"


def test_a_reader_that_has_enough(archive: Archive, scrapy: Crawler) -> None:
    """Check that `scrapy export | head -1` gives no error and no traceback."""
    decide_and_write(
        archive,
        [
            article(
                f"http://www.kcna.kp/en/article/detail/{n}",
                title=f"Title {n}",
                paragraphs=[f"Text {n}. " * 400],
            )
            for n in range(200)
        ],
    )
    command = scrapy.command("export")
    with subprocess.Popen(
        command, env=scrapy.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_parquet_has_types(archive: Archive, scrapy: Crawler, tmp_path: Path) -> None:
    decide_and_write(archive, [article(categories=["World"])])
    target = tmp_path / "out.parquet"
    assert scrapy("export", "--format", "parquet", "-o", str(target)).code == 0
    table = parquet.read_table(target)
    assert str(table.schema.field("published").type) == "date32[day]"
    assert str(table.schema.field("first_seen").type) == "timestamp[ms, tz=UTC]"
    assert table.to_pylist()[0]["categories"] == ["World"]
    assert scrapy("export", "--format", "parquet").code == 2
