"""Count the articles of each month that contain terms, as numbers and as shares of all articles."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from kcna_spider.export.formats import cell
from kcna_spider.search.query_nodes import Node
from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import condition


@dataclass(frozen=True, slots=True)
class Month:
    """The numbers of one month.

    month: YYYY-MM. days_without: number of days without articles. found: number of articles for each term.
    """

    month: str
    articles: int
    days_without: int
    found: tuple[int, ...]

    def shares(self) -> list[float | None]:
        """Return the share of articles that each term finds, 0 to 1; None for a month without articles."""
        return [number / self.articles if self.articles else None for number in self.found]


def trends(reader: Reader, terms: Sequence[Node]) -> list[Month]:
    """Return each month from the first to the last with articles.

    `days_without` does not count days before the first or after the last day with articles.
    """
    days = [
        dt.date.fromisoformat(day)
        for (day,) in reader.rows("SELECT DISTINCT published FROM articles ORDER BY published")
    ]
    if not days:
        return []
    counts = [reader.counts(condition(term), "month") for term in terms]
    articles = reader.counts(condition(None), "month")
    with_articles: dict[str, int] = {}
    for day in days:
        with_articles[f"{day:%Y-%m}"] = with_articles.get(f"{day:%Y-%m}", 0) + 1
    return [
        Month(
            month,
            articles.get(month, 0),
            _length(month, days[0], days[-1]) - with_articles.get(month, 0),
            tuple(found.get(month, 0) for found in counts),
        )
        for month in _months(days[0], days[-1])
    ]


def write_trends(
    terms: Sequence[str], months: Iterable[Month], file: IO[str], *, excel: bool = False
) -> None:
    """Write one CSV row per month, with the number and the share of the articles for each term.

    excel: as in `export.formats.cell`.
    """
    writer = csv.writer(file)
    headings = [cell(text, excel=excel) for term in terms for text in (term, f"{term} (share)")]
    writer.writerow(["month", "articles", "days_without_articles", *headings])
    for month in months:
        shares = ["" if share is None else f"{share:.6f}" for share in month.shares()]
        cells = [value for pair in zip(month.found, shares, strict=True) for value in pair]
        writer.writerow([month.month, month.articles, month.days_without, *cells])


def _months(first: dt.date, last: dt.date) -> list[str]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]


def _length(month: str, first: dt.date, last: dt.date) -> int:
    """Return the number of days of a month from first to last."""
    year, number = int(month[:4]), int(month[5:])
    begin = max(first, dt.date(year, number, 1))
    end = min(last, dt.date(year, number, calendar.monthrange(year, number)[1]))
    return (end - begin).days + 1
