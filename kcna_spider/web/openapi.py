"""The description of the JSON API, as OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kcna_spider import __version__
from kcna_spider.search.changes import KINDS, ORDERS
from kcna_spider.search.people.sentence_kinds import KINDS as APPEARANCE_KINDS
from kcna_spider.search.reader import COUNTED, HIT_FIELDS
from kcna_spider.search.similar_photos import DEFAULT_DISTANCE, MOST_DISTANCE

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a route. place: query or path."""

    name: str
    about: str
    schema: Schema
    place: str = "query"

    def described(self) -> Schema:
        """Return the OpenAPI parameter object."""
        return {
            "name": self.name,
            "in": self.place,
            "description": self.about,
            "schema": self.schema,
            "required": self.place == "path",
        }


@dataclass(frozen=True, slots=True)
class Operation:
    """A route. fields: schema of each field of its response."""

    summary: str
    parameters: Sequence[Parameter]
    fields: Schema


_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer"}
_NUMBER_OR_NULL: Schema = {"type": ["integer", "null"]}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_LIST: Schema = {"type": "array"}
_QUERY = Parameter("q", "the query; docs/how-to/search.md describes the language", _TEXT)
_PAGING = (
    Parameter("limit", "rows of a page, default 20", {"type": "integer", "maximum": 200}),
    Parameter("cursor", "the `cursor` of the page before", _NUMBER),
)
_CHANGE: Schema = {
    **dict.fromkeys(("at", "kind", "url", "id", "title", "language", "published"), _TEXT),
    **dict.fromkeys(("before", "after", "size"), _NUMBER_OR_NULL),
    **dict.fromkeys(("sha256_before", "sha256_after", "caption_before", "caption_after"), _TEXT_OR_NULL),
}
_ARTICLE: Schema = {
    **dict.fromkeys(HIT_FIELDS, _TEXT),
    **dict.fromkeys(("place", "source", "changed_at", "withdrawn_at"), _TEXT_OR_NULL),
}
_FILE: Schema = {
    **dict.fromkeys(("sha256", "phash", "format", "path", "first_seen", "last_seen"), _TEXT),
    **dict.fromkeys(("width", "height", "bytes"), _NUMBER),
}
_SIMILAR: Schema = {
    **dict.fromkeys(("sha256", "phash", "format", "path", "id", "title", "language", "published"), _TEXT),
    **dict.fromkeys(("width", "height", "distance", "current"), _NUMBER),
}
_DAY: Schema = {"type": "string", "format": "date"}
_APPEARANCE: Schema = {
    **dict.fromkeys(
        ("id", "day", "day_from", "person", "person_id", "kind", "confidence", "reported"), _TEXT
    ),
    "place": _TEXT_OR_NULL,
    "companions": {"type": "array", "items": _TEXT},
    "articles": _LIST,
}
_PHOTO_KEY = Parameter("key", "the SHA-256 of the file", _TEXT, "path")
_OPERATIONS = {
    "/api/v1/search": Operation(
        "Found articles with snippets",
        [
            _QUERY,
            Parameter("order", "how they are sorted", {"enum": ["newest", "oldest", "best"]}),
            *_PAGING,
        ],
        {
            "query": _TEXT,
            "total": _NUMBER,
            "also": {"type": "array", "items": _TEXT},
            "cursor": _NUMBER_OR_NULL,
            "articles": {"type": "array", "items": {"type": "object", "properties": _ARTICLE}},
        },
    ),
    "/api/v1/articles/{key}": Operation(
        "One article with its copies, events, categories, texts and photos",
        [Parameter("key", "the article's `id`", _TEXT, "path")],
        {**_ARTICLE, "copies": _LIST, "events": _LIST, "categories": _LIST, "texts": _LIST, "photos": _LIST},
    ),
    "/api/v1/changes": Operation(
        "Edits, withdrawals, returns and changes of photos",
        [
            _QUERY,
            Parameter("kind", "default all", {"enum": list(KINDS)}),
            Parameter("size", "only edits that removed and added at least this number of words", _NUMBER),
            Parameter("order", "how they are sorted, default latest", {"enum": list(ORDERS)}),
            *_PAGING,
        ],
        {
            "query": _TEXT,
            "cursor": _NUMBER_OR_NULL,
            "changes": {"type": "array", "items": {"type": "object", "properties": _CHANGE}},
        },
    ),
    "/api/v1/appearances": Operation(
        "Public activities that articles report, the latest first",
        [
            Parameter("person", "a name in any spelling, principal or companion; default all", _TEXT),
            Parameter("kind", "default all", {"enum": list(APPEARANCE_KINDS)}),
            Parameter("since", "the first day", _DAY),
            Parameter("until", "the last day", _DAY),
            *_PAGING,
        ],
        {
            "total": _NUMBER,
            "cursor": _NUMBER_OR_NULL,
            "appearances": {"type": "array", "items": {"type": "object", "properties": _APPEARANCE}},
        },
    ),
    "/api/v1/photos/{key}": Operation(
        "The file of a photo, with the articles that show it or showed it",
        [_PHOTO_KEY],
        {**_FILE, "articles": _LIST, "more": {"type": "boolean"}},
    ),
    "/api/v1/photos/{key}/similar": Operation(
        "Near-identical photos of other articles, the nearest first",
        [
            _PHOTO_KEY,
            Parameter(
                "distance",
                f"bits of the perceptual hash that may differ, default {DEFAULT_DISTANCE}",
                {"type": "integer", "maximum": MOST_DISTANCE},
            ),
            _PAGING[0],
        ],
        {
            **dict.fromkeys(("sha256", "phash"), _TEXT),
            "distance": _NUMBER,
            "photos": {"type": "array", "items": {"type": "object", "properties": _SIMILAR}},
        },
    ),
    "/api/v1/counts": Operation(
        "The number of articles that a query finds, by year, language, site or another value",
        [_QUERY, Parameter("by", "default year", {"enum": list(COUNTED)})],
        {"query": _TEXT, "by": _TEXT, "counts": {"type": "object", "additionalProperties": _NUMBER}},
    ),
}
_ERRORS = {"400": "a mistake in the query", "404": "an unknown article or photo", "503": "it took too long"}


def description() -> Schema:
    """Return the OpenAPI document of all routes."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "KCNA archive", "version": __version__},
        "paths": {path: {"get": _described(operation)} for path, operation in _OPERATIONS.items()},
    }


def _described(operation: Operation) -> Schema:
    schema = {"type": "object", "properties": operation.fields}
    response = {"description": operation.summary, "content": {"application/json": {"schema": schema}}}
    errors = {status: {"description": f'{text}, as {{"error": ...}}'} for status, text in _ERRORS.items()}
    return {
        "summary": operation.summary,
        "parameters": [parameter.described() for parameter in operation.parameters],
        "responses": {"200": response, **errors},
    }


def openapi(request: Request) -> Response:  # noqa: ARG001
    """Return the OpenAPI document as JSON."""
    return JSONResponse(description())
