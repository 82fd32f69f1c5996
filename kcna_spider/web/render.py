"""Render templates, open the archive file for a request, and read the parameters of a request."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kcna_spider.base_spiders.arguments import day
from kcna_spider.search.query import parse
from kcna_spider.search.query_nodes import Node
from kcna_spider.search.reader import Reader
from kcna_spider.text.dates import day_in_pyongyang, utc_now

LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "ja": "Japanese",
    "ko": "Korean",
    "ru": "Russian",
    "zh": "Chinese",
}
_MOST = 10**9
_ENVIRONMENT = Environment(
    loader=PackageLoader("kcna_spider.web", "templates"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
_ENVIRONMENT.globals["languages"] = LANGUAGES


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Return the HTML response of a template. values: variables of the template.

    The template also gets `url`, which returns the path of a route by its name, and the current `path`.
    """
    values = {"query": "", **values}
    text = _ENVIRONMENT.get_template(template).render(
        url=request.app.url_path_for, path=request.url.path, **values
    )
    return HTMLResponse(text, status)


@contextmanager
def reading(request: Request) -> Iterator[Reader]:
    """Open the archive file for one request, and close it afterwards."""
    reader = Reader(request.app.state.path, request.app.state.seconds)
    try:
        yield reader
    finally:
        reader.close()


def query_of(request: Request) -> tuple[str, Node | None]:
    """Return the query of a request as text and as parsed node, None if it is empty. Raise QueryError."""
    text = request.query_params.get("q", "").strip()
    now = utc_now()
    return text, parse(text, day_in_pyongyang(now), now.date()) if text else None


def number_of(request: Request, name: str, default: int, most: int = _MOST) -> int:
    """Return a request's parameter as an integer from 0 to `most`, or the default if it is no such number."""
    text = request.query_params.get(name, "")
    return min(int(text), most) if re.fullmatch(r"[0-9]{1,9}", text) else default


def day_or_none(text: str) -> dt.date | None:
    """Return the date that a text gives as YYYY-MM-DD, or None."""
    try:
        return day(text)
    except ValueError:
        return None
