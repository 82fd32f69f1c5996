"""Pages on many articles: a day, a month, places, trends, and the contents of the archive."""

from __future__ import annotations

import io
import re
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kcna_spider.search import lookup
from kcna_spider.search.query import QueryError, field_text, parse
from kcna_spider.search.sql import condition
from kcna_spider.search.trends import Month, trends, write_trends
from kcna_spider.text.dates import day_in_pyongyang, utc_now
from kcna_spider.web.render import day_or_none, page, reading

_NO_LIMIT = -1  # SQLite's value for no limit: a day has only dozens of articles
_MOST_TERMS = 6


def day(request: Request) -> Response:
    """Show the articles of a day, and the sites with a gap on that day."""
    wanted = day_or_none(request.path_params["day"])
    if wanted is None:
        raise HTTPException(404)
    with reading(request) as reader:
        hits = reader.hits(condition(parse(f"date:{wanted}")), _NO_LIMIT, order="oldest")
        before, after = lookup.neighbours(reader, str(wanted))
        gaps = lookup.gaps_of_days(reader, str(wanted), str(wanted)).get(str(wanted), [])
        by_site = lookup.articles_by_site(reader, str(wanted)) if gaps else {}
    return page(
        request,
        "day.html",
        day=str(wanted),
        hits=hits,
        before=before,
        after=after,
        gaps=gaps,
        by_site=by_site,
    )


def month(request: Request) -> Response:
    """Show the days of a month; mark days without articles and days within a gap of a site."""
    wanted = request.path_params["month"]
    if not re.fullmatch(r"\d{4}-\d{2}", wanted) or day_or_none(f"{wanted}-01") is None:
        raise HTTPException(404)
    with reading(request) as reader:
        days = lookup.days_of_month(reader, wanted)
        gaps = lookup.gaps_of_days(reader, min(days), max(days))
        before, _ = lookup.neighbours(reader, f"{wanted}-01")
        _, after = lookup.neighbours(reader, f"{wanted}-31")
    return page(request, "month.html", month=wanted, days=days, gaps=gaps, before=before, after=after)


def places(request: Request) -> Response:
    """Show the places of datelines."""
    with reading(request) as reader:
        found = lookup.places(reader)
    return page(
        request,
        "places.html",
        places=found,
        search=lambda place: "/?" + urlencode({"q": field_text("place", place)}),
    )


def about(request: Request) -> Response:
    """Show the contents, gaps and statistics of the archive."""
    with reading(request) as reader:
        facts, gaps = reader.about(), lookup.gaps(reader)
        everything = condition(None)
        numbers = {by: reader.counts(everything, by) for by in ("year", "site", "language")}
        tables = {
            "URLs by site and state": lookup.copies_by_state(reader),
            "Changes by the month in which they were noticed": lookup.changes_by_month(reader),
            "Days from the dateline to the publication": lookup.delays(reader),
        }
    return page(request, "about.html", facts=facts, gaps=gaps, numbers=numbers, tables=tables)


def trends_page(request: Request) -> Response:
    """Show the share of articles with each term by month, with the days without articles."""
    terms, months = _trends(request)
    most = max((share or 0 for month in months for share in month.shares()), default=0) or 1
    return page(
        request,
        "trends.html",
        terms=terms,
        months=months,
        most=most,
        csv="?" + urlencode({"term": terms}, doseq=True),
    )


def trends_csv(request: Request) -> Response:
    """Return the numbers of `trends_page` as CSV."""
    terms, months = _trends(request)
    file = io.StringIO()
    write_trends(terms, months, file, excel=True)
    return Response(file.getvalue(), media_type="text/csv; charset=utf-8")


def _trends(request: Request) -> tuple[list[str], list[Month]]:
    terms = [term.strip() for term in request.query_params.getlist("term") if term.strip()]
    if len(terms) > _MOST_TERMS:
        raise QueryError(f"more than {_MOST_TERMS} terms", 0)
    now = utc_now()
    queries = [parse(term, day_in_pyongyang(now), now.date()) for term in terms]
    if not queries:
        return [], []
    with reading(request) as reader:
        return terms, trends(reader, queries)


def no_icon(request: Request) -> Response:  # noqa: ARG001
    """Return an empty response (204) for the icon that every browser requests."""
    return Response(status_code=204)
