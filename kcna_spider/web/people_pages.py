"""Pages of persons and of appearances."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kcna_spider.export.formats import without_formulas, write_csv
from kcna_spider.search import appearance_lookup, person_lookup
from kcna_spider.search.appearance_lookup import COLUMNS, AppearanceFilter, flat
from kcna_spider.search.people.sentence_kinds import KINDS
from kcna_spider.web.render import day_or_none, number_of, page, reading

_STEP = 50
_MOST_PLACES, _MOST_COMPANIONS = 30, 12


def filter_of(request: Request) -> AppearanceFilter:
    """Return the filter of a request's parameters person, kind, since and until. Ignore unknown values."""
    query = request.query_params
    kind = query.get("kind", "")
    return AppearanceFilter(
        query.get("person", "").strip(),
        kind if kind in KINDS else "",
        day_or_none(query.get("since", "")),
        day_or_none(query.get("until", "")),
    )


def appearances_page(request: Request) -> Response:
    """Show appearances by month and place, their companions, and a list with the sentences they rest on."""
    wanted = filter_of(request)
    skip = number_of(request, "skip", 0)
    with reading(request) as reader:
        total = appearance_lookup.count_appearances(reader, wanted)
        found = appearance_lookup.appearances(reader, wanted, _STEP, skip)
        months = appearance_lookup.months(reader, wanted)
        places = appearance_lookup.place_counts(reader, wanted, _MOST_PLACES)
        names, pairs = appearance_lookup.companions_matrix(reader, wanted, _MOST_COMPANIONS)
    return page(
        request,
        "appearances.html",
        wanted=wanted,
        total=total,
        found=found,
        months=months,
        most=max(months.values(), default=1) or 1,
        places=places,
        names=names,
        pairs=pairs,
        kinds=KINDS,
        skip=skip,
        step=_STEP,
        link=_link(wanted),
    )


def appearances_csv(request: Request) -> Response:
    """Return all appearances that match a request's parameters as CSV."""
    with reading(request) as reader:
        rows = [flat(row) for row in appearance_lookup.appearances(reader, filter_of(request))]
    file = io.StringIO()
    write_csv(without_formulas(rows), list(COLUMNS), file)
    return Response(file.getvalue(), media_type="text/csv; charset=utf-8")


def people_page(request: Request) -> Response:
    """Show the persons named in most articles, or only those whose names contain a text."""
    text = request.query_params.get("name", "").strip()
    skip = number_of(request, "skip", 0)
    with reading(request) as reader:
        found = person_lookup.people(reader, text, _STEP + 1, skip)
    return page(
        request,
        "people.html",
        people=found[:_STEP],
        further=len(found) > _STEP,
        text=text,
        skip=skip,
        step=_STEP,
        link=lambda skip: "?" + urlencode({"name": text, "skip": skip}),
    )


def person_page(request: Request) -> Response:
    """Show the titles of a person as articles write them, and the mentions in articles."""
    key, skip = request.path_params["key"], number_of(request, "skip", 0)
    with reading(request) as reader:
        found = person_lookup.person(reader, key)
        if found is None:
            raise HTTPException(404)
        mentions = person_lookup.mentions(reader, key, _STEP + 1, skip)
        total = appearance_lookup.count_appearances(reader, AppearanceFilter(found["name"]))
    return page(
        request,
        "person.html",
        person=found,
        mentions=mentions[:_STEP],
        further=len(mentions) > _STEP,
        appearances=total,
        skip=skip,
        step=_STEP,
        search=lambda name: "?" + urlencode({"person": name}),
    )


def _link(wanted: AppearanceFilter) -> Callable[..., str]:
    asked = {
        "person": wanted.person,
        "kind": wanted.kind,
        "since": wanted.since or "",
        "until": wanted.until or "",
    }
    return lambda **changed: "?" + urlencode({**asked, **changed})
