"""The sections of the report on coverage, gaps, crawls and missing articles."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from kcna_spider.report import charts
from kcna_spider.report.elements import Chart, Section, Table
from kcna_spider.report.gaps import Coverage, Gap
from kcna_spider.report.numbers import Numbers

_GAPS_SHOWN = 25
_DAYS_OF_MONTH = range(1, 32)


def days(sites: Mapping[str, Coverage]) -> Section:
    """Return a heat map and a table of articles a day for each site."""
    drawn, tables = [], []
    for site, covered in sites.items():
        articles = covered.articles
        says = (
            f"{site}: {sum(articles.values())} articles on {len(articles)} days, {covered.missing} days "
            "between without any"
        )
        drawn.append(Chart(charts.heat_map(covered), says))
        tables.append(
            Table(f"Articles a day: {site}", ["month", *_DAYS_OF_MONTH, "sum"], _month_rows(covered))
        )
    about = (
        "By day of publication, one map a site. ✕ marks a day without any article, "
        "• a day with less than 40 % of what is usual in the weeks around it."
    )
    return Section("days", "Articles a day", about, drawn, tables)


def photos(numbers: Numbers) -> Section:
    """Return a heat map and a table of photos a day."""
    found = numbers.photos
    says = f"{sum(found.days.values())} photos of articles of {len(found.days)} days"
    shown = Coverage(found.days, _without_gaps(found.days), [])
    about = (
        f"By day of publication of their articles: {found.articles} articles have photos. "
        f"{sum(found.days.values())} URLs show {found.files} distinct files; "
        f"{found.gone} of the URLs are gone."
    )
    return Section(
        "photos",
        "Photos a day",
        about,
        [Chart(charts.heat_map(shown, "photos"), says)],
        [Table("Photos a day", ["month", *_DAYS_OF_MONTH, "sum"], _month_rows(shown))],
    )


def _without_gaps(days: Mapping[dt.date, int]) -> dict[dt.date, str]:
    """Return all days from the first to the last without gaps, because many articles have no photo."""
    first, last = min(days), max(days)
    return {first + dt.timedelta(days=n): "" for n in range((last - first).days + 1)}


def _month_rows(covered: Coverage) -> list[list[Any]]:
    """Return one row for each month with articles; gaps are marked as in the heat map."""
    rows: dict[str, dict[int, str]] = {}
    sums: Counter[str] = Counter()
    for day, kind in covered.kinds.items():
        articles = covered.articles.get(day, 0)
        rows.setdefault(f"{day:%Y-%m}", {})[day.day] = f"{articles or ''}{charts.MARKS[kind]}"
        sums[f"{day:%Y-%m}"] += articles
    return [
        [month, *(cells.get(day, "") for day in _DAYS_OF_MONTH), sums[month]]
        for month, cells in rows.items()
        if sums[month]
    ]


def gaps(sites: Mapping[str, Coverage]) -> Section:
    """Return every gap of every site."""
    rows = [[site, *_gap_cells(gap)] for site, covered in sites.items() for gap in covered.gaps]
    about = (
        "KCNA reports on every day: a day without articles was not crawled, not kept by the site, or "
        "emptied later. "
        "Consecutive days are one gap; “usual” is the median of the two weeks around the first."
    )
    columns = ["site", "from", "to", "days", "what", "articles", "usual a day"]
    return Section(
        "gaps", "Gaps", about, [], [Table(f"{len(rows)} gaps", columns, rows, open=len(rows) <= _GAPS_SHOWN)]
    )


def _gap_cells(gap: Gap) -> list[Any]:
    return [gap.first, gap.last, gap.days, gap.kind, gap.found, f"{gap.usual:g}"]


def months(numbers: Numbers) -> Section:
    """Return the number of articles by month and language."""
    languages = sorted({language for _, language in numbers.months})
    names = sorted({month for month, _ in numbers.months})
    rows = [
        {"month": month, "language": code, "articles": numbers.months.get((month, code), 0)}
        for month in names
        for code in languages
    ]
    table = [
        [month, *cells, sum(cells)]
        for month in names
        for cells in [[numbers.months.get((month, code), 0) for code in languages]]
    ]
    says = f"{numbers.articles} articles in {len(names)} months and {len(languages)} languages"
    drawn = (
        [Chart(charts.bars(rows, "month", "articles", "language", title="articles"), says)] if rows else []
    )
    return Section(
        "months",
        "By month and language",
        "One article is one story in one language.",
        drawn,
        [Table("Articles by month and language", ["month", *languages, "all"], table)],
    )


def runs(numbers: Numbers) -> Section:
    """Return the latest crawls with their results and finish reasons."""
    rows: list[list[Any]] = []
    for run in numbers.runs:
        stats = {stat["name"]: stat["value"] for stat in run.get("stats") or ()}
        took = (
            (run["finished_at"] - run["started_at"]).total_seconds() / 60 if run.get("finished_at") else None
        )
        rejected = sum(n for name, n in stats.items() if name.startswith("drop/"))
        cells = [stats.get(name, 0) for name in ("articles/listed", "store/inserted", "store/revised")]
        ended = run.get("finish_reason") or "did not end"
        rows.append(
            [
                f"{run['started_at']:%Y-%m-%d %H:%M}",
                run["spider"],
                ended,
                "" if took is None else f"{took:.1f}",
                *cells,
                rejected,
            ]
        )
    bad = len([row for row in rows if row[2] != "finished"])
    columns = ["started (UTC)", "spider", "ended", "minutes", "listed", "new", "revised", "rejected"]
    about = (
        f"The latest {len(rows)}; {bad} of them did not end as “finished”: "
        "docs/reference/finish-reasons.md says what each reason means."
    )
    return Section("runs", "Crawl runs", about, [], [Table("The latest runs", columns, rows, open=True)])


def lacks(numbers: Numbers, sites: Mapping[str, Coverage]) -> Section:
    """Return days without articles, incomplete listings, articles without datelines or dates, and rejects."""
    rows = [
        *(
            [f"days of {site} without any article, between its first and its last", covered.missing]
            for site, covered in sites.items()
        ),
        *(
            [f"listings of {site} not read to their ends yet", n]
            for site, n in sorted(numbers.open_listings.items())
        ),
        ["articles without a dateline", numbers.without_dateline],
        ["articles whose date no site states and only a capture bounds", numbers.undated],
    ]
    rejects = [[site, reason, n] for (site, reason), n in sorted(numbers.rejects.items())]
    about = (
        "What was requested and could not become an article is kept in `rejects` with its reason, and "
        "requested again."
    )
    tables = [
        Table("Not in the archive", ["what", "how many"], rows, open=True),
        Table("Open rejects", ["site", "reason", "pages"], rejects, open=True),
    ]
    return Section("lacks", "What the archive does not have", about, [], tables)
