"""`scrapy appearances`: the three formats, and wrong arguments."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest
from icalendar import Calendar

from kcna_spider.search.about import write_about
from tests.conftest import Crawler
from tests.search.people.stories import appearance_stories
from tests.search.test_people_rows import new_file
from tests.search.texts import BEGIN


@pytest.fixture
def filed(scrapy: Crawler, tmp_path: Path) -> Crawler:
    """Return a command with an archive file of the tests' own articles."""
    path = tmp_path / "archive.sqlite"
    writer = new_file(path, appearance_stories())
    write_about(writer.base, "a test", BEGIN)
    writer.close()
    scrapy.environment["ARCHIVE_FILE"] = str(path)
    return scrapy


def test_the_formats_agree(filed: Crawler, tmp_path: Path) -> None:
    wanted = ("--person", "Kim Jong-un", "--since", "2024-12-05", "--until", "2024-12-14")
    files = {name: tmp_path / f"a.{name}" for name in ("csv", "jsonl", "ics")}
    for file in files.values():
        done = filed("appearances", *wanted, "-o", str(file))
        assert done.code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(files["csv"].read_text(encoding="utf-8"))))
    lines = [json.loads(line) for line in files["jsonl"].read_text(encoding="utf-8").splitlines()]
    events = Calendar.from_ical(files["ics"].read_bytes()).walk("VEVENT")
    assert (
        [row["id"] for row in rows] == [line["id"] for line in lines] == [str(e["uid"])[:24] for e in events]
    )
    assert [line["day"] for line in lines] == ["2024-12-14", "2024-12-09"]
    assert [e.decoded("dtstart") for e in events] == [dt.date(2024, 12, 14), dt.date(2024, 12, 9)]
    assert rows[0]["companions"] == " | ".join(lines[0]["companions"]) == "Pak Chol Min | Ri Su Il"
    assert lines[0]["evidence"][0].startswith("Kim Jong Un, first secretary")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "2024-13-01"], "2024-13-01"),
        (["--since", "2024-02-02", "--until", "2024-01-01"], "is after"),
        (["bakery"], "no such argument: bakery"),
    ],
)
def test_mistakes(filed: Crawler, arguments: list[str], message: str) -> None:
    done = filed("appearances", *arguments)
    assert done.code == 2
    assert message in done.output
    assert "Traceback" not in done.output
