"""Pages with two texts side by side: two articles, or two texts of one article."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kcna_spider.export.diff import whole_text, word_diff
from kcna_spider.search import lookup
from kcna_spider.search.reader import Reader
from kcna_spider.search.translations import shared
from kcna_spider.web.render import page, reading


def articles(request: Request) -> Response:
    """Show two articles side by side, with the numbers and names that both contain."""
    key, other_key = request.path_params["key"], request.path_params["other"]
    with reading(request) as reader:
        one, other = _found(reader, key), _found(reader, other_key)
    if one["id"] == other["id"]:
        raise HTTPException(404)
    return page(request, "two_articles.html", one=one, other=other, shares=shared(one, other))


def texts(request: Request) -> Response:
    """Show two texts of an article side by side, with the words that differ and the copies of each text."""
    numbers = [request.path_params[name] for name in ("number", "other")]
    with reading(request) as reader:
        found = _found(reader, request.path_params["key"])
        every = lookup.texts(reader, found)
    if numbers[0] == numbers[1] or not set(numbers) <= set(every):
        raise HTTPException(404)
    old, new = (every[number] for number in numbers)
    return page(
        request,
        "two_texts.html",
        article=found,
        sides=[
            (number, every[number], _urls(found, number), kind)
            for number, kind in zip(numbers, ("gone", "new"), strict=True)
        ],
        differences={
            "title": word_diff(old["title"], new["title"], None),
            "body": word_diff(whole_text(old), whole_text(new), None),
        },
    )


def _urls(found: dict[str, Any], number: int) -> list[str]:
    """Return the URLs of the copies with a text. number: that of its revision."""
    return [copy["url"] for copy in found["copies"] if copy["revision"] == number]


def _found(reader: Reader, key: str) -> dict[str, Any]:
    found = lookup.article(reader, key)
    if found is None:
        raise HTTPException(404)
    return found
