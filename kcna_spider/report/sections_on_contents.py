"""The sections of the report on places, delays, copies, edits and withdrawals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from kcna_spider.export.change_history import TEXT_KINDS
from kcna_spider.export.photo_history import PHOTO_KINDS
from kcna_spider.report import charts
from kcna_spider.report.elements import Chart, Section, Table
from kcna_spider.report.numbers import Numbers

_PLACES_SHOWN = 25
_DELAYS_SHOWN = (-3, 12)  # 16 bars, each wide enough for its label


def places(numbers: Numbers) -> Section:
    """Return the most frequent places of datelines."""
    shown = [{"place": place.name, "articles": place.articles} for place in numbers.places[:_PLACES_SHOWN]]
    says = "the most frequent places: " + ", ".join(f"{row['place']} {row['articles']}" for row in shown[:5])
    drawn = [Chart(charts.ranking(shown, "place", "articles", title="articles"), says)] if shown else []
    rows = [[place.name, place.articles, place.first, place.last] for place in numbers.places]
    about = (
        f"The {len(shown)} most frequent of {len(rows)}. {numbers.without_dateline} articles have no "
        "dateline."
    )
    return Section(
        "places",
        "Places of datelines",
        about,
        drawn,
        [Table("Places", ["place", "articles", "first", "last"], rows)],
    )


def delays(numbers: Numbers) -> Section:
    """Return the days from the dateline to publication."""
    low, high = _DELAYS_SHOWN
    shown: Counter[int] = Counter()
    for days, articles in numbers.delays.items():
        shown[min(max(days, low), high)] += articles
    labels = {low: f"{low} or less", high: f"{high} or more"}
    rows = (
        [{"days": labels.get(days, str(days)), "articles": shown[days]} for days in range(low, high + 1)]
        if shown
        else []
    )
    same = numbers.delays.get(0, 0)
    dated = sum(numbers.delays.values())
    drawn = (
        [
            Chart(
                charts.bars(rows, "days", "articles", title="articles"),
                f"{same} of {dated} on the day itself",
            )
        ]
        if rows
        else []
    )
    table = Table("Days from dateline to publication", ["days", "articles"], list(numbers.delays.items()))
    about = (
        f"Days from the dateline's date to the day of publication, of {dated} articles that have both; "
        f"{same} appeared on the day itself."
    )
    return Section("delays", "Delay of publication", about, drawn, [table])


def copies(numbers: Numbers) -> Section:
    """Return the number of URLs by site and status, and the articles that sites share."""
    sites = sorted({site for site, _ in numbers.copies})
    states = [
        [site, *(numbers.copies.get((site, status), 0) for status in ("live", "gone"))] for site in sites
    ]
    together = sorted(numbers.overlaps.items(), key=lambda one: (-one[1], one[0]))
    pairs = [
        [" and ".join(pair), n, *(_share(n, _on(numbers, site)) for site in pair)]
        for pair, n in _pairs(numbers, sites)
    ]
    rows = [{"sites": " + ".join(names), "articles": n} for names, n in together]
    says = "; ".join(f"{row['sites']}: {row['articles']}" for row in rows)
    drawn = [Chart(charts.ranking(rows, "sites", "articles", title="articles"), says)] if rows else []
    tables = [
        Table("Copies by site", ["site", "live", "gone"], states, open=True),
        Table(
            "Articles by the sites that have them",
            ["seen on", "articles"],
            [[row["sites"], row["articles"]] for row in rows],
        ),
        Table(
            "Sites that share articles",
            ["sites", "articles on both", "share of the first", "share of the second"],
            pairs,
        ),
    ]
    return Section(
        "copies",
        "Copies and how far the sites overlap",
        "An article may have several URLs, on one site or on several.",
        drawn,
        tables,
    )


def _on(numbers: Numbers, site: str) -> int:
    return sum(n for names, n in numbers.overlaps.items() if site in names)


def _pairs(numbers: Numbers, sites: Iterable[str]) -> list[tuple[tuple[str, str], int]]:
    return [
        (pair, sum(n for names, n in numbers.overlaps.items() if {*pair} <= {*names}))
        for pair in combinations(sites, 2)
    ]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"


def changes(numbers: Numbers) -> Section:
    """Return edits, withdrawals, returns and changes of photos by the month in which they were noticed."""
    kinds = [*TEXT_KINDS, *(PHOTO_KINDS if any(kind in PHOTO_KINDS for _, kind in numbers.events) else ())]
    months = sorted({month for month, _ in numbers.events})
    rows: list[dict[str, Any]] = [
        {"month": m, "what": _words(kind), "changes": numbers.events.get((m, kind), 0)}
        for m in months
        for kind in kinds
    ]
    table = [[month, *(numbers.events.get((month, kind), 0) for kind in kinds)] for month in months]
    says = ", ".join(
        f"{kind}: {sum(row['changes'] for row in rows if row['what'] == kind)}" for kind in map(_words, kinds)
    )
    drawn = [Chart(charts.bars(rows, "month", "changes", "what", title="changes"), says)] if rows else []
    about = (
        f"By the month in which a crawl noticed the change. {numbers.edited} articles have an edited text, "
        f"{numbers.withdrawn} are withdrawn: "
        "none of their URLs is live. “gone” is one URL of several. `scrapy changes --since DATE` "
        "shows each with its words."
    )
    return Section(
        "changes",
        "Edits and withdrawals",
        about,
        drawn,
        [Table("Changes by month", ["month", *map(_words, kinds)], table)],
    )


def _words(kind: str) -> str:
    return kind.replace("_", " ")
