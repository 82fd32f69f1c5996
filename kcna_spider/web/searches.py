"""The search page, its export and its feed."""

from __future__ import annotations

import io
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kcna_spider.export.atom import FeedHead
from kcna_spider.export.formats import without_formulas, write_csv, write_jsonl
from kcna_spider.search.feed import hits_as_feed
from kcna_spider.search.highlight import Highlighter
from kcna_spider.search.query import field_text
from kcna_spider.search.query_nodes import Either, Node
from kcna_spider.search.reader import HIT_FIELDS, Reader
from kcna_spider.search.sql import Condition, condition
from kcna_spider.search.suggestions import suggestion
from kcna_spider.web.render import number_of, page, query_of, reading

PAGE = 20
MOST_EXPORTED = 10_000
_EXPORTS = {"csv": (write_csv, "text/csv; charset=utf-8"), "jsonl": (write_jsonl, "application/x-ndjson")}
_IN_FEED = 50
_FILTERS = {"language": "lang", "site": "site", "place": "place", "category": "category"}
_MOST_FILTERS = 8


def search(request: Request) -> Response:
    """Show the hits of a query, newest, oldest or best first, with counts by year and filters."""
    text, query = query_of(request)
    order = request.query_params.get("order", "newest")
    order = order if order in ("newest", "oldest", "best") else "newest"
    skip = number_of(request, "skip", 0)
    found = condition(query)
    with reading(request) as reader:
        years = reader.counts(found, "year")
        hits = reader.hits(found, PAGE, order=order, skip=skip, total=sum(years.values()))
        highlighter = Highlighter.of(query)
        shown = [(hit, highlighter.snippet(reader.body(hit.number), hit.language)) for hit in hits]
        filters = _filters(reader, text, query, found) if query else {}
        about = reader.about()
        instead = suggestion(reader, text, query) if query and not hits and not skip else None
    most = max(years.values(), default=1)
    return page(
        request,
        "search.html",
        query=text,
        total=sum(years.values()),
        shown=shown,
        also=found.also,
        instead=instead,
        order=order,
        skip=skip,
        step=PAGE,
        most_exported=MOST_EXPORTED,
        filters=filters,
        about=about,
        bars=[
            (year, number, 100 * number / most, _with(text, query, f"date:{year}"))
            for year, number in years.items()
        ],
        link=lambda **changes: "?" + urlencode({"q": text, "order": order, "skip": 0} | changes),
    )


def _filters(
    reader: Reader, text: str, query: Node, found: Condition
) -> dict[str, list[tuple[str, int, str]]]:
    filters = {}
    for by, field in _FILTERS.items():
        counted = list(reader.counts(found, by).items())[:_MOST_FILTERS]
        if len(counted) > 1:
            filters[by] = [
                (name, number, _with(text, query, field_text(field, name))) for name, number in counted
            ]
    return filters


def _with(text: str, query: Node | None, term: str) -> str:
    """Return the URL of a query with one more term. query: the parsed text, None if it is empty."""
    whole = f"({text}) {term}" if isinstance(query, Either) else f"{text} {term}".strip()
    return "?" + urlencode({"q": whole})


def export(request: Request) -> Response:
    """Return the newest hits as CSV or JSON Lines, at most MOST_EXPORTED."""
    kind = request.path_params["kind"]
    if kind not in _EXPORTS:
        raise HTTPException(404)
    _, query = query_of(request)
    with reading(request) as reader:
        hits = reader.hits(condition(query), MOST_EXPORTED)
    write, media_type = _EXPORTS[kind]
    file = io.StringIO()
    rows = (hit.fields() for hit in hits)
    write(without_formulas(rows) if kind == "csv" else rows, list(HIT_FIELDS), file)
    return Response(file.getvalue(), media_type=media_type)


def feed(request: Request) -> Response:
    """Return the newest hits with their texts as an Atom feed."""
    text, query = query_of(request)
    head = FeedHead(f"KCNA archive: {text}" if text else "KCNA archive", f"search?{text}", str(request.url))
    with reading(request) as reader:
        hits = reader.hits(condition(query), _IN_FEED)
        body = hits_as_feed(reader, hits, head)
    return Response(body, media_type="application/atom+xml")
