"""Draw the charts of the report as SVG without scripts or external resources.

Colours are CSS variables of the page, so that they follow the light or dark theme.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import altair as alt
import vl_convert
from lxml import etree

from kcna_spider.report.gaps import Coverage

Row = dict[str, Any]
_WIDTH = 760
_MAX_LEVEL_LABELS = 12  # below the axis; more would overlap and are inclined
_HEAT = [f"var(--heat-{n})" for n in range(6)]
_SERIES = [f"var(--series-{n})" for n in range(8)]
MARKS = {"missing": "✕", "low": "•", "": ""}
_WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
_INK = "currentColor"
# Labels are texts of sites and may contain characters that are invalid in XML.
_PARSER = etree.XMLParser(recover=True, huge_tree=True)
_WORDS = {"labelColor": _INK, "titleColor": _INK, "labelFontSize": 12}


def svg(chart: Any) -> str:
    """Return a chart as an SVG element, hidden from screen readers: the page has its text alternative."""
    themed = (
        chart.configure(font="system-ui, sans-serif", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(**_WORDS, tickColor=_INK, domainColor=_INK, gridOpacity=0.25, gridColor=_INK)
        .configure_legend(**_WORDS, orient="bottom", columns=6, symbolLimit=0)
        .configure_header(**_WORDS)
    )
    with alt.data_transformers.enable("default", max_rows=None):
        return _silent(str(vl_convert.vegalite_to_svg(themed.to_dict())))


def _silent(drawn: str) -> str:
    """Remove the ARIA attributes of Vega, which make each group of marks an unnamed graphic.

    The element around the chart names it.
    """
    root = etree.fromstring(drawn, _PARSER)
    for element in root.iter():
        for name in [name for name in element.attrib if name == "role" or str(name).startswith("aria-")]:
            del element.attrib[name]
    root.set("aria-hidden", "true")
    return etree.tostring(root, encoding="unicode")


def heat_map(covered: Coverage, what: str = "articles") -> str:
    """Draw one square per day and one row per year, mark gaps, and skip years without articles.

    what: plural of the counted thing, for the legend.
    """
    bounds = _bounds(list(covered.articles.values()))
    base = _chart(_squares(covered))
    x = alt.X(
        "week:O",
        axis=alt.Axis(
            title="week of the year", labelAngle=0, values=list(range(1, 54, 4)), ticks=False, domain=False
        ),
    )
    y = alt.Y(
        "weekday:O",
        sort=_WEEKDAYS,
        axis=alt.Axis(title=None, values=["Mo", "Th", "Su"], ticks=False, domain=False),
    )
    scale = alt.Scale(type="threshold", domain=bounds, range=_HEAT[: len(bounds) + 1])
    squares = base.mark_rect(cornerRadius=2, stroke="var(--paper)", strokeWidth=1.5).encode(
        x=x, y=y, color=alt.Color("articles:Q", scale=scale, legend=alt.Legend(title=f"{what} a day"))
    )
    marks = base.mark_text(fontSize=9, fontWeight="bold", color="var(--alarm)").encode(
        x=x, y=y, text="mark:N"
    )
    layered = alt.layer(squares, marks).properties(width=alt.Step(13), height=alt.Step(13))
    return svg(
        layered.facet(
            row=alt.Row("year:O", title=None, header=alt.Header(labelAngle=0, labelAlign="left")), spacing=14
        )
    )


def bars(rows: Sequence[Row], x: str, y: str, series: str | None = None, *, title: str) -> str:
    """Draw bars of y over x, in the order of the rows and stacked by series.

    x, y, series: keys of the rows. title: of the axis y.
    """
    order = list(dict.fromkeys(row[x] for row in rows))
    step = max(1, -(-len(order) // 16))
    shown = order[::step]
    angle = 0 if len(shown) <= _MAX_LEVEL_LABELS else -45
    axis = alt.Axis(title=None, values=shown, labelAngle=angle)
    encoding: dict[str, Any] = {
        "x": alt.X(f"{x}:O", sort=order, axis=axis),
        "y": alt.Y(f"{y}:Q", title=title, axis=alt.Axis(tickMinStep=1)),
    }
    if series:
        names = list(dict.fromkeys(row[series] for row in rows))
        colours = [_SERIES[n % len(_SERIES)] for n in range(len(names))]
        encoding["color"] = alt.Color(
            f"{series}:N", scale=alt.Scale(domain=names, range=colours), legend=alt.Legend(title=None)
        )
    chart = _chart(rows).mark_bar(color=_SERIES[0]).encode(**encoding)
    return svg(chart.properties(width=_WIDTH, height=220))


def ranking(rows: Sequence[Row], name: str, number: str, *, title: str) -> str:
    """Draw one horizontal bar per row, with its number.

    name, number: keys of the rows. title: of the axis of numbers.
    """
    base = _chart(rows).encode(
        y=alt.Y(f"{name}:N", sort=None, axis=alt.Axis(title=None, labelLimit=360)),
        x=alt.X(f"{number}:Q", title=title, axis=alt.Axis(tickMinStep=1)),
    )
    labels = base.mark_text(align="left", dx=4, color=_INK).encode(text=f"{number}:Q")
    return svg((base.mark_bar(color=_SERIES[0]) + labels).properties(width=_WIDTH - 260, height=alt.Step(20)))


def _chart(rows: Iterable[Row]) -> alt.Chart:
    data: Any = alt.Data(values=list(rows))  # type: ignore[no-untyped-call]
    return alt.Chart(data)


def _squares(covered: Coverage) -> Iterator[Row]:
    years = {day.year for day in covered.articles}
    for day, kind in covered.kinds.items():
        if day.year in years:
            # Not ISO weeks, which may put the first days of January into the previous year.
            week = (day.timetuple().tm_yday - 1 + dt.date(day.year, 1, 1).weekday()) // 7 + 1
            articles = covered.articles.get(day, 0)
            yield {
                "year": day.year,
                "week": week,
                "weekday": _WEEKDAYS[day.weekday()],
                "articles": articles,
                "mark": MARKS[kind],
            }


def _bounds(numbers: Sequence[int]) -> list[float]:
    """Return the bounds between colours: 1, and the quintiles of the numbers that are above 1."""
    if len(numbers) < 2:  # noqa: PLR2004  # quantiles need two numbers
        return [1]
    return sorted({1, *(round(bound) for bound in statistics.quantiles(numbers, n=5) if bound > 1)})
