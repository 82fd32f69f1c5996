"""The summary at the end of a crawl."""

from __future__ import annotations

from tests.conftest import Crawler


def test_summary_by_source_and_day(scrapy: Crawler) -> None:
    output = scrapy("crawl", "kcna_co_jp").output
    table = output[output.index("found") :]
    for word in (
        "new",
        "duplicates",
        "revised",
        "rejected",
        "kcna.co.jp",
        "2024-03-10",
        "1997-01-01",
        "2012-06-13",
    ):
        assert word in table
    row = next(line for line in table.splitlines() if line.strip().startswith("kcna.co.jp"))
    assert [cell.strip() for cell in row.split("\u2502")] == ["kcna.co.jp", "9", "8", "0", "0", "1"]
    assert "Rejected: http://www.kcna.co.jp/item/2005/200505/news05/18.htm#3: stub: a placeholder" in output
    assert "kcna_co_jp: finished. 9 articles listed, 0 of them stored before. The data is in" in " ".join(
        output.split()
    )
