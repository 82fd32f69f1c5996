"""`scrapy export --photos`: one row per photo of an article with its file, in every format."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest
from pyarrow import parquet

from kcna_spider.export.photo_export import PHOTO_COLUMNS, photo_rows_of
from kcna_spider.export.rows import Wanted
from kcna_spider.store.archive import Archive
from tests.conftest import ROOT, Crawler
from tests.stored_photos import ALTERED, BACK, CAPTION, ELSEWHERE, FIRST, GONE, LATER, fill_photos, sha256

COLUMNS = list(PHOTO_COLUMNS)
DAY = dt.date(2024, 3, 9)


def test_every_column(archive: Archive) -> None:
    fill_photos(archive)
    rows = list(photo_rows_of(archive.database, Wanted(), COLUMNS))
    assert [row["url"] for row in rows] == [ALTERED, GONE, BACK, ELSEWHERE, f"{ELSEWHERE}?2"]
    article = archive.database["articles"].find_one({"copies.url": FIRST})
    file = archive.database["photos"].find_one({"_id": sha256("after")})
    assert article
    assert file
    assert rows[0] == {
        "article": str(article["_id"]), "language": "en", "published": DAY, "title": "Story 1", "position": 1,
        "url": ALTERED, "page_url": f"{ALTERED}.html", "sha256": sha256("after"), "phash": "0f0fffff00001111",
        "format": "jpeg", "width": 640, "height": 480, "bytes": file["bytes"], "path": file["path"],
        "caption": CAPTION, "status": "live", "first_seen": article["photos"][0]["first_seen"],
        "last_seen": article["photos"][0]["last_seen"], "gone_at": None, "altered": 1,
    }  # fmt: skip
    assert (rows[1]["status"], rows[1]["gone_at"], rows[1]["altered"]) == ("gone", LATER, 0)


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (Wanted(since=DAY), 5),
        (Wanted(since=DAY + dt.timedelta(days=1)), 0),
        (Wanted(until=DAY - dt.timedelta(days=1)), 0),
        (Wanted(language="ko"), 0),
        (Wanted(language="en", site="kcna.kp"), 5),
        (Wanted(site="kcna.co.jp"), 0),
    ],
)
def test_what_is_wanted(archive: Archive, wanted: Wanted, number: int) -> None:
    fill_photos(archive)
    assert len(list(photo_rows_of(archive.database, wanted, ["url"]))) == number


def test_a_file_that_the_store_lacks(archive: Archive) -> None:
    fill_photos(archive)
    archive.database["photos"].delete_many({})
    rows = list(photo_rows_of(archive.database, Wanted(), ["sha256", "phash", "path"]))
    assert rows[1] == {"sha256": sha256("gone"), "phash": None, "path": None}
    assert len(rows) == 5


def test_every_format(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    fill_photos(archive)
    lines = [json.loads(line) for line in scrapy("export", "--photos").output.splitlines()]
    assert [list(line) for line in lines] == [COLUMNS] * 5
    assert lines[1]["gone_at"] == "2026-05-02T12:00:00.000Z"
    target = tmp_path / "out"
    done = scrapy("export", "--photos", "--format", "csv", "-o", str(target))
    assert "5 photos in" in done.output
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert [row["url"] for row in rows] == [line["url"] for line in lines]
    assert rows[0]["caption"] == CAPTION
    assert scrapy("export", "--photos", "--format", "parquet", "-o", str(target)).code == 0
    table = parquet.read_table(target)
    assert str(table.schema.field("bytes").type) == "int64"
    assert str(table.schema.field("position").type) == "int32"
    assert str(table.schema.field("gone_at").type) == "timestamp[ms, tz=UTC]"
    assert table.to_pylist()[0]["published"] == DAY
    fields = scrapy("export", "--photos", "--fields", "sha256,url").output.splitlines()
    assert json.loads(fields[0]) == {"sha256": sha256("after"), "url": ALTERED}


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (["--revisions"], "not allowed with argument"),
        (["--file", "x"], "--revisions and --photos read MongoDB only"),
        (["--format", "atom"], "--format atom takes"),
        (["--fields", "body"], "no such field: body"),
        (["--format", "parquet"], "cannot go to standard output"),
    ],
)
def test_mistakes_are_one_line(scrapy: Crawler, archive: Archive, wrong: list[str], line: str) -> None:
    done = scrapy("export", "--photos", *wrong)
    assert done.code == 2
    assert line in done.output
    assert "Traceback" not in done.output


def test_the_columns_are_described() -> None:
    """Check that docs/reference/data-model.md lists the columns in their order."""
    text = (ROOT / "docs" / "reference" / "data-model.md").read_text(encoding="utf-8")
    table = text.partition("With `--photos`")[2].partition("## ")[0]
    assert [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")] == COLUMNS
