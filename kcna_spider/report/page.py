"""Arranges the numbers as sections of charts and tables, and writes them as one page that needs nothing from elsewhere."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from kcna_spider.report import charts
from kcna_spider.report.gaps import Gap, gaps, state
from kcna_spider.report.numbers import Numbers

_PLACES_SHOWN = 25
_DELAYS_SHOWN = (-3, 14)
_KINDS = ("edited", "withdrawn", "gone", "back")
_LONG_AGO = dt.date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a caption; the first cell of a row names it. open: shown at once, others when asked for."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and what it says to those who don't see it."""

    svg: Markup
    says: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    key: str
    title: str
    about: str
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def render(numbers: Numbers, place: str, now: dt.datetime) -> str:
    """The page. place: where the data lies, without a password."""
    parts = (_days, _gaps, _months, _places, _delays, _copies, _events, _runs, _lacks)
    sections = [part(numbers) for part in parts]
    template = Environment(loader=PackageLoader("kcna_spider", "report"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return template.get_template("report.html").render(sections=sections, glance=_glance(numbers), place=place, now=now)


def _chart(svg: str, says: str) -> Chart:
    return Chart(Markup(svg), says)  # noqa: S704  # drawn by us; Vega escapes the names in it


def _glance(numbers: Numbers) -> list[tuple[str, Any]]:
    days = [day for counts in numbers.days.values() for day in counts]
    return [
        ("articles", numbers.articles),
        ("addresses", sum(numbers.copies.values())),
        ("texts kept", numbers.texts),
        ("articles edited", numbers.edited),
        ("articles withdrawn", numbers.withdrawn),
        ("first day", min(days, default="none")),
        ("last day", max(days, default="none")),
    ]


def _days(numbers: Numbers) -> Section:
    drawn, tables = [], []
    for site, counts in numbers.days.items():
        missing = sum(gap.days for gap in gaps(counts) if gap.kind == "missing")
        says = f"{site}: {sum(counts.values())} articles on {len(counts)} days, {missing} days between without any"
        drawn.append(_chart(charts.heat_map(counts), says))
        tables.append(Table(f"Articles a day: {site}", ["month", *range(1, 32), "sum"], _month_rows(counts)))
    about = (
        "By day of publication, one map a site. ✕ marks a day without any article, "
        "• a day with less than 40 % of what is usual in the weeks around it."
    )
    return Section("days", "Articles a day", about, drawn, tables)


def _month_rows(counts: dict[dt.date, int]) -> list[list[Any]]:
    """A row a month that has articles; a missing day says so, and a low one is marked."""
    last = max(counts, default=_LONG_AGO)
    first = min(counts, default=_LONG_AGO)
    rows = []
    for month in sorted({(day.year, day.month) for day in counts}):
        cells: list[Any] = []
        for number in range(1, 32):
            try:
                day = dt.date(*month, number)
            except ValueError:
                cells.append("")
                continue
            kind = state(counts, day, last) if first <= day <= last else ""
            cells.append("✕" if kind == "missing" else f"{counts.get(day, '')}{'•' if kind else ''}")
        rows.append([f"{month[0]}-{month[1]:02}", *cells, sum(n for day, n in counts.items() if (day.year, day.month) == month)])
    return rows


def _gaps(numbers: Numbers) -> Section:
    rows = [[site, *_gap_cells(gap)] for site, counts in numbers.days.items() for gap in gaps(counts)]
    about = (
        "KCNA reports on every day: a day without articles was not crawled, not kept by the site, or emptied later. "
        "Days in a row stand together; “usual” is the median of the two weeks around the first."
    )
    columns = ["site", "from", "to", "days", "what", "articles", "usual a day"]
    return Section("gaps", "Gaps", about, [], [Table(f"{len(rows)} gaps", columns, rows, open=len(rows) <= _PLACES_SHOWN)])


def _gap_cells(gap: Gap) -> list[Any]:
    return [gap.first, gap.last, gap.days, gap.kind, gap.found, f"{gap.usual:g}"]


def _months(numbers: Numbers) -> Section:
    languages = sorted({language for _, language in numbers.months})
    names = sorted({month for month, _ in numbers.months})
    rows = [{"month": month, "language": code, "articles": numbers.months.get((month, code), 0)} for month in names for code in languages]
    table = [[month, *cells, sum(cells)] for month in names for cells in [[numbers.months.get((month, code), 0) for code in languages]]]
    says = f"{numbers.articles} articles in {len(names)} months and {len(languages)} languages"
    drawn = [_chart(charts.bars(rows, "month", "articles", "language", title="articles"), says)] if rows else []
    return Section(
        "months",
        "By month and language",
        "One article is one story in one language.",
        drawn,
        [Table("Articles by month and language", ["month", *languages, "all"], table)],
    )


def _places(numbers: Numbers) -> Section:
    shown = [{"place": place.name, "articles": place.articles} for place in numbers.places[:_PLACES_SHOWN]]
    says = "the most frequent places: " + ", ".join(f"{row['place']} {row['articles']}" for row in shown[:5])
    drawn = [_chart(charts.ranking(shown, "place", "articles", title="articles"), says)] if shown else []
    rows = [[place.name, place.articles, place.first, place.last] for place in numbers.places]
    about = f"The {len(shown)} most frequent of {len(rows)}. {numbers.without_dateline} articles have no dateline."
    return Section("places", "Places of datelines", about, drawn, [Table("Places", ["place", "articles", "first", "last"], rows)])


def _delays(numbers: Numbers) -> Section:
    low, high = _DELAYS_SHOWN
    shown: Counter[int] = Counter()
    for days, articles in numbers.delays.items():
        shown[min(max(days, low), high)] += articles
    labels = {low: f"{low} or less", high: f"{high} or more"}
    rows = [{"days": labels.get(days, str(days)), "articles": shown[days]} for days in range(low, high + 1)] if shown else []
    same = numbers.delays.get(0, 0)
    dated = sum(numbers.delays.values())
    drawn = [_chart(charts.bars(rows, "days", "articles", title="articles"), f"{same} of {dated} on the day itself")] if rows else []
    table = Table("Days from dateline to publication", ["days", "articles"], list(numbers.delays.items()))
    about = f"Days from the dateline's date to the day of publication, of {dated} articles that have both; {same} appeared on the day itself."
    return Section("delays", "Delay of publication", about, drawn, [table])


def _copies(numbers: Numbers) -> Section:
    sites = sorted({site for site, _ in numbers.copies})
    states = [[site, *(numbers.copies.get((site, status), 0) for status in ("live", "gone"))] for site in sites]
    together = sorted(numbers.overlaps.items(), key=lambda one: (-one[1], one[0]))
    pairs = [[" and ".join(pair), n, *(_share(n, _on(numbers, site)) for site in pair)] for pair, n in _pairs(numbers, sites)]
    rows = [{"sites": " + ".join(names), "articles": n} for names, n in together]
    says = "; ".join(f"{row['sites']}: {row['articles']}" for row in rows)
    drawn = [_chart(charts.ranking(rows, "sites", "articles", title="articles"), says)] if rows else []
    tables = [
        Table("Addresses by site", ["site", "live", "gone"], states, open=True),
        Table("Articles by the sites that have them", ["seen on", "articles"], [[row["sites"], row["articles"]] for row in rows]),
        Table("Sites that share articles", ["sites", "articles on both", "share of the first", "share of the second"], pairs),
    ]
    return Section(
        "copies", "Copies and how far the sites overlap", "An article may have several addresses, on one site or on several.", drawn, tables
    )


def _on(numbers: Numbers, site: str) -> int:
    return sum(n for names, n in numbers.overlaps.items() if site in names)


def _pairs(numbers: Numbers, sites: Iterable[str]) -> list[tuple[tuple[str, str], int]]:
    return [(pair, sum(n for names, n in numbers.overlaps.items() if {*pair} <= {*names})) for pair in combinations(sites, 2)]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"


def _events(numbers: Numbers) -> Section:
    months = sorted({month for month, _ in numbers.events})
    rows: list[dict[str, Any]] = [{"month": m, "what": kind, "changes": numbers.events.get((m, kind), 0)} for m in months for kind in _KINDS]
    table = [[month, *(numbers.events.get((month, kind), 0) for kind in _KINDS)] for month in months]
    says = ", ".join(f"{kind}: {sum(row['changes'] for row in rows if row['what'] == kind)}" for kind in _KINDS)
    drawn = [_chart(charts.bars(rows, "month", "changes", "what", title="changes"), says)] if rows else []
    about = (
        f"By the month in which we noticed. {numbers.edited} articles have an edited text, {numbers.withdrawn} are withdrawn: "
        "none of their addresses is live. “gone” is one address of several. `scrapy changes --since DATE` shows each with its words."
    )
    return Section("changes", "Edits and withdrawals", about, drawn, [Table("Changes by month", ["month", *_KINDS], table)])


def _runs(numbers: Numbers) -> Section:
    rows: list[list[Any]] = []
    for run in numbers.runs:
        stats = run.get("stats") or {}
        took = (run["finished_at"] - run["started_at"]).total_seconds() / 60 if run.get("finished_at") else None
        rejected = sum(n for name, n in stats.items() if name.startswith("drop/"))
        cells = [stats.get(name, 0) for name in ("stories/listed", "store/inserted", "store/revised")]
        ended = run.get("finish_reason") or "did not end"
        rows.append([f"{run['started_at']:%Y-%m-%d %H:%M}", run["spider"], ended, "" if took is None else f"{took:.1f}", *cells, rejected])
    bad = len([row for row in rows if row[2] != "finished"])
    columns = ["started (UTC)", "spider", "ended", "minutes", "listed", "new", "revised", "rejected"]
    about = f"The latest {len(rows)}; {bad} of them did not end as “finished”: docs/operations.md says what each reason means."
    return Section("runs", "Crawl runs", about, [], [Table("The latest runs", columns, rows, open=True)])


def _lacks(numbers: Numbers) -> Section:
    missing = {site: sum(gap.days for gap in gaps(counts) if gap.kind == "missing") for site, counts in numbers.days.items()}
    rows = [
        *([f"days of {site} without any article, between its first and its last", n] for site, n in missing.items()),
        *([f"listings of {site} not walked to their ends yet", n] for site, n in sorted(numbers.open_listings.items())),
        ["articles without a dateline", numbers.without_dateline],
        ["articles whose day no site states, only a capture bounds", numbers.undated],
    ]
    rejects = [[site, reason, n] for (site, reason), n in sorted(numbers.rejects.items())]
    about = "What was asked for and could not become an article is kept in `rejects` with its reason, and asked for again."
    tables = [
        Table("Not in the archive", ["what", "how many"], rows, open=True),
        Table("Open rejects", ["site", "reason", "pages"], rejects, open=True),
    ]
    return Section("lacks", "What the archive does not have", about, [], tables)
