"""Charts: a mark for every day, the colours of the page, and names as the sites wrote them."""

from __future__ import annotations

import datetime as dt
import re

from lxml import etree

from kcna_spider.report import charts
from kcna_spider.report.gaps import coverage

START = dt.date(2023, 12, 30)


def test_a_square_a_day_and_a_mark_a_gap() -> None:
    articles = {
        START + dt.timedelta(days=n): number for n, number in enumerate((20, 22, 3, 0, 0, 20, 21)) if number
    }
    drawn = charts.heat_map(coverage(articles))
    squares = re.findall(r'fill="(var\(--heat-\d\))" stroke="var\(--paper\)"', drawn)
    assert len(squares) == 7
    assert squares.count("var(--heat-0)") == 2
    texts = re.findall(r">([^<]+)</text>", drawn)
    assert (texts.count("✕"), texts.count("•")) == (2, 1)
    assert {"2023", "2024"} <= set(texts)


def test_one_day_and_no_day() -> None:
    assert "<svg" in charts.heat_map(coverage({START: 3}))
    assert charts.heat_map(coverage({START: 0, START + dt.timedelta(days=1): 7})).count("var(--paper)") == 2


def test_a_name_stays_as_it_was_written() -> None:
    name = 'Pyong"yang role="x" <b>&amp;\u200f'
    drawn = charts.ranking([{"place": name, "articles": 4}], "place", "articles", title="articles")
    assert name in [element.text for element in etree.fromstring(drawn).iter("{*}text")]
    assert not re.search(r"<[^>]* (role|aria-(?!hidden)[a-z]+)=", drawn.replace(name, ""))
    assert drawn.startswith("<svg ")


def test_series_have_colours_of_their_own() -> None:
    rows = [
        {"month": f"2024-{month:02}", "language": code, "articles": month}
        for month in range(1, 13)
        for code in ("en", "ko")
    ]
    drawn = charts.bars(rows, "month", "articles", "language", title="articles")
    assert drawn.count('fill="var(--series-0)"') >= 12
    assert drawn.count('fill="var(--series-1)"') >= 12
