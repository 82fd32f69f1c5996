"""The shares of each month, and the days without articles."""

from __future__ import annotations

from typing import Any

from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader
from kcna_spider.search.trends import trends
from tests.search.texts import document


def test_counts_are_those_of_a_scan(reader: Reader, articles: list[dict[str, Any]]) -> None:
    found = trends(reader, [parse("lang:en"), parse("bakery")])
    assert [month.month for month in found] == ["2023-11", "2023-12", "2024-01", "2024-02"]
    for month in found:
        of_month = [doc for doc in articles if f"{doc['published']:%Y-%m}" == month.month]
        assert month.articles == len(of_month)
        assert month.found[0] == sum(doc["language"] == "en" for doc in of_month)
        assert month.shares()[0] == month.found[0] / len(of_month)
        assert month.days_without == 0


def test_a_gap_is_no_silence(tmp_path: Any) -> None:
    from kcna_spider.search.tables import create
    from kcna_spider.search.writer import Writer

    path = tmp_path / "archive.sqlite"
    writer = Writer(path)
    create(writer.base)
    # These are articles of 10 November and 4 February.
    writer.write([document(9, "en", "A", "bakery"), document(95, "en", "B", "mill")])
    writer.close()
    opened = Reader(path)
    found = trends(opened, [parse("bakery")])
    opened.close()
    assert [(m.month, m.articles, m.days_without, m.shares()) for m in found] == [
        ("2023-11", 1, 20, [1.0]),
        ("2023-12", 0, 31, [None]),
        ("2024-01", 0, 31, [None]),
        ("2024-02", 1, 3, [0.0]),
    ]
