"""The page of changes, and its feed."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kcna_spider.export.atom import FeedHead
from kcna_spider.search.changes import KINDS, ORDERS, ChangeFilter, changes
from kcna_spider.search.feed import changes_as_feed
from kcna_spider.search.sql import condition
from kcna_spider.web.photo_views import pictures_of
from kcna_spider.web.render import number_of, page, query_of, reading

_STEP = 100
_IN_FEED = 50
_SIZES = ((0, "any size"), (10, "at least 10 words"), (100, "at least 100"))


def wanted_of(request: Request) -> ChangeFilter:
    """Return the filter of a request's parameters q, kind, size and order. Ignore unknown values."""
    _, query = query_of(request)
    kind, order = request.query_params.get("kind"), request.query_params.get("order", "")
    return ChangeFilter(
        kind if kind in KINDS else None,
        number_of(request, "size", 0),
        order if order in ORDERS else ORDERS[0],
        condition(query),
    )


def changes_page(request: Request) -> Response:
    """Show edits, withdrawals, returns and changes of photos, of all articles or of those a query finds."""
    wanted = wanted_of(request)
    skip = number_of(request, "skip", 0)
    text, _ = query_of(request)
    with reading(request) as reader:
        found = changes(reader, wanted, _STEP + 1, skip)
        further, found = len(found) > _STEP, found[:_STEP]
        names = [change[name] for change in found for name in ("sha256_before", "sha256_after")]
        pictures = pictures_of(request, reader, names)
    asked = {"q": text, "kind": wanted.kind or "", "size": wanted.size, "order": wanted.order}
    return page(
        request,
        "changes.html",
        changes=found,
        further=further,
        pictures=pictures,
        wanted=wanted,
        kinds=KINDS,
        sizes=_SIZES,
        orders=ORDERS,
        skip=skip,
        step=_STEP,
        query=text,
        link=lambda **changed: "?" + urlencode({**asked, "skip": 0} | changed),
    )


def changes_feed(request: Request) -> Response:
    """Return the first changes in the requested order as an Atom feed."""
    query = str(request.query_params)
    head = FeedHead(f"KCNA archive: changes {query}".strip(), f"changes?{query}", str(request.url))
    with reading(request) as reader:
        body = changes_as_feed(reader, changes(reader, wanted_of(request), _IN_FEED), head)
    return Response(body, media_type="application/atom+xml")
