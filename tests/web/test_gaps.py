"""The pages of days and months show the sites with a gap, and not only by colour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from kcna_spider.search.about import write_about
from kcna_spider.search.lookup import gaps_of_days
from kcna_spider.search.reader import Reader
from kcna_spider.search.tables import create
from kcna_spider.search.writer import Writer
from kcna_spider.web.app import create_app
from tests.search.texts import BEGIN, document
from tests.web.conftest import Site, serving

_LOW, _MISSING = (10, 11), 15  # These are days after 2023-11-01.


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with gaps.

    kcna.kp has eight articles per day, but two on two days and none on one; another site has one every day.
    """
    path = tmp_path_factory.mktemp("gaps") / "archive.sqlite"
    found = []
    for day in range(30):
        number = 0 if day == _MISSING else 2 if day in _LOW else 8
        for n in range(number + 1):
            site = "kcna.kp" if n < number else "kcna.co.jp"
            one = document(day, "en", f"Title {day} {n}", "text")
            one["_id"] = f"{day * 100 + n:024x}"
            one["copies"] = [{**one["copies"][0], "site": site, "url": f"http://{site}/{day}/{n}"}]
            found.append(one)
    writer = Writer(path)
    create(writer.base)
    writer.write(found)
    write_about(writer.base, "a test", BEGIN)
    writer.close()
    return path


@pytest.fixture(scope="module")
def site(file: Path) -> Iterator[Site]:
    """Yield the served pages of the file."""
    with serving(create_app(file, 5.0)) as served:
        yield served


def text(site: Site, path: str) -> list[str]:
    """Return the lines of a page's list or table."""
    root = html.fromstring(site.get(path)[2])
    return [" ".join(row.text_content().split()) for row in root.xpath("//main//ul/li | //main//tbody/tr")]


def test_a_day_names_the_sites(site: Site) -> None:
    (missing,) = text(site, "/day/2023-11-16")
    assert missing == "kcna.kp: missing, no articles of this day, 8 a day are usual around it"
    (low,) = text(site, "/day/2023-11-12")
    assert low.startswith(
        "kcna.kp: low, 2 articles of this day, 8 a day are usual around it; the gap is from "
    )
    assert low.endswith(" 2023-11-11 to 2023-11-12")
    assert text(site, "/day/2023-11-13") == []


def test_a_month_marks_days_with_the_site(site: Site) -> None:
    rows = text(site, "/month/2023-11")
    assert len(rows) == 30
    marked = dict(row.split(" ", 1) for row in rows if "kcna" in row)
    assert marked == {
        "2023-11-11": "3 kcna.kp low", "2023-11-12": "3 kcna.kp low", "2023-11-16": "1 kcna.kp missing",
    }  # fmt: skip
    assert "it has far fewer than are usual around that day" in site.get("/month/2023-11")[2]
    assert "Gaps name" not in site.get("/month/2024-01")[2]


def test_a_gap_over_two_months_marks_each(file: Path) -> None:
    reader = Reader(file)
    assert set(gaps_of_days(reader, "2023-11-12", "2023-11-15")) == {"2023-11-12"}
    assert gaps_of_days(reader, "2023-12-01", "2023-12-31") == {}
    reader.close()
