"""The JSON API under /api/v1. docs/how-to/search.md lists its parameters and fields."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kcna_spider.search import appearance_lookup, lookup
from kcna_spider.search.changes import KINDS, ORDERS
from kcna_spider.search.changes import changes as list_changes
from kcna_spider.search.highlight import Highlighter
from kcna_spider.search.people.sentence_kinds import KINDS as APPEARANCE_KINDS
from kcna_spider.search.photo_lookup import photo as find_photo
from kcna_spider.search.reader import COUNTED, Reader
from kcna_spider.search.similar_photos import DEFAULT_DISTANCE, MOST_DISTANCE
from kcna_spider.search.similar_photos import similar_photos as list_similar
from kcna_spider.search.sql import condition
from kcna_spider.web.change_pages import wanted_of
from kcna_spider.web.people_pages import filter_of
from kcna_spider.web.render import day_or_none, number_of, query_of, reading

_DEFAULT, _MOST = 20, 200
_HIDDEN = ("number", "article", "version")  # row numbers, which a rebuilt file may change


def search(request: Request) -> Response:
    """Return found articles with snippets. Parameters: q, limit, cursor, order."""
    text, query = query_of(request)
    limit = number_of(request, "limit", _DEFAULT, _MOST) or _DEFAULT
    skip = number_of(request, "cursor", 0)
    order = request.query_params.get("order", "newest")
    if order not in ("newest", "oldest", "best"):
        return error("order is one of newest, oldest, best", 400)
    found = condition(query)
    highlighter = Highlighter.of(query)
    with reading(request) as reader:
        total = reader.count(found)
        rows = []
        for hit in reader.hits(found, limit, order=order, skip=skip, total=total):
            snippet = highlighter.snippet(reader.body(hit.number), hit.language)
            rows.append({**hit.fields(), "snippet": [asdict(part) for part in snippet]})
    cursor = skip + limit if skip + limit < total else None
    return JSONResponse(
        {"query": text, "total": total, "also": found.also, "cursor": cursor, "articles": rows}
    )


def article(request: Request) -> Response:
    """Return one article with its copies, events, texts and photos."""
    with reading(request) as reader:
        found = lookup.article(reader, request.path_params["key"])
        if found is None:
            raise HTTPException(404)
        texts = list(lookup.texts(reader, found).values())
    for row in (found, *texts, *found["copies"], *found["events"], *found["photos"]):
        for name in _HIDDEN:
            row.pop(name, None)
    return JSONResponse({**found, "texts": texts})


def photo(request: Request) -> Response:
    """Return the file of a photo, with the articles that show or showed it."""
    with reading(request) as reader:
        return JSONResponse(_photo(reader, request))


def similar_photos(request: Request) -> Response:
    """Return the near-identical photos of other articles. Parameters: distance, limit."""
    limit = number_of(request, "limit", _DEFAULT, _MOST) or _DEFAULT
    distance = number_of(request, "distance", DEFAULT_DISTANCE)
    if distance > MOST_DISTANCE:
        return error(f"distance is at most {MOST_DISTANCE}", 400)
    with reading(request) as reader:
        found = _photo(reader, request)
        photos = list_similar(reader, found, distance, limit)
    described = {name: found[name] for name in ("sha256", "phash")}
    return JSONResponse({**described, "distance": distance, "photos": photos})


def _photo(reader: Reader, request: Request) -> dict[str, Any]:
    found = find_photo(reader, request.path_params["key"])
    if found is None:
        raise HTTPException(404)
    return found


def changes(request: Request) -> Response:
    """Return edits, withdrawals, returns and changes of photos.

    Parameters: q, kind, size, order, limit, cursor.
    """
    for name, known in (("kind", KINDS), ("order", ORDERS)):
        if request.query_params.get(name) and request.query_params[name] not in known:
            return error(f"{name} is one of {', '.join(known)}", 400)
    limit = number_of(request, "limit", _DEFAULT, _MOST) or _DEFAULT
    skip = number_of(request, "cursor", 0)
    text, _ = query_of(request)
    with reading(request) as reader:
        found = list_changes(reader, wanted_of(request), limit + 1, skip)
    cursor = skip + limit if len(found) > limit else None
    return JSONResponse({"query": text, "cursor": cursor, "changes": found[:limit]})


def appearances(request: Request) -> Response:
    """Return appearances, the latest first. Parameters: person, kind, since, until, limit, cursor."""
    asked = request.query_params
    if asked.get("kind") and asked["kind"] not in APPEARANCE_KINDS:
        return error(f"kind is one of {', '.join(APPEARANCE_KINDS)}", 400)
    for name in ("since", "until"):
        if asked.get(name) and day_or_none(asked[name]) is None:
            return error(f"{name} is a day, as 2024-03-05", 400)
    limit = number_of(request, "limit", _DEFAULT, _MOST) or _DEFAULT
    skip = number_of(request, "cursor", 0)
    wanted = filter_of(request)
    with reading(request) as reader:
        total = appearance_lookup.count_appearances(reader, wanted)
        found = appearance_lookup.appearances(reader, wanted, limit, skip)
    cursor = skip + limit if skip + limit < total else None
    return JSONResponse({"total": total, "cursor": cursor, "appearances": found})


def counts(request: Request) -> Response:
    """Return the number of found articles by year, month, language, site, place or category.

    Parameters: q, by.
    """
    by = request.query_params.get("by", "year")
    if by not in COUNTED:
        return error(f"by is one of {', '.join(COUNTED)}", 400)
    text, query = query_of(request)
    with reading(request) as reader:
        return JSONResponse({"query": text, "by": by, "counts": reader.counts(condition(query), by)})


def error(message: str, status: int) -> Response:
    """Return an error as JSON. status: of the HTTP response."""
    return JSONResponse({"error": message}, status)
