"""Damaged bodies are recognised before Scrapy passes on the part that it could read."""

from __future__ import annotations

import gzip

import pytest
from scrapy.http import HtmlResponse, Request
from scrapy.utils.test import get_crawler

from kcna_spider.downloadermiddlewares.damaged_response import DAMAGED, DamagedResponseMiddleware
from kcna_spider.text.block_detection import is_whole_gzip

PAGE = b"<html><body>" + b"<p>A text.</p>" * 500 + b"</body></html>"
PACKED = gzip.compress(PAGE, mtime=0)
URL = "http://www.kcna.kp/en"


def is_damaged(
    body: bytes, encoding: str = "", flags: tuple[str, ...] = (), request: Request | None = None
) -> bool:
    """Return whether the middleware marks a response, which then has no body."""
    headers = {"Content-Encoding": encoding} if encoding else {}
    response = HtmlResponse(URL, body=body, headers=headers, flags=list(flags))
    found = DamagedResponseMiddleware(get_crawler()).process_response(request or Request(URL), response)
    assert (DAMAGED in found.flags) == (found is not response)
    assert found is response or (found.body, found.headers.get("Content-Encoding")) == (b"", None)
    return found is not response


@pytest.mark.parametrize(
    ("body", "encoding", "damaged"),
    [
        (PACKED, "gzip", False),
        (PACKED, "x-gzip", False),
        (PACKED + b"\0\0", "gzip", False),
        (PACKED[:-1], "gzip", True),
        (PACKED[: len(PACKED) // 2], "gzip", True),
        (b"<html>no gzip</html>", "gzip", True),
        (b"", "gzip", False),  # of the status 304
        (PAGE[:100], "", False),  # Scrapy checks the stated length itself
        (PACKED[:-1], "br", False),
    ],
)
def test_compressed_bodies(body: bytes, encoding: str, *, damaged: bool) -> None:
    assert is_damaged(body, encoding) is damaged


@pytest.mark.parametrize(
    ("body", "damaged"),
    [(PAGE, False), (PAGE[:-50], True), (b"<div>a piece of a listing", False), (PAGE.upper(), False)],
)
def test_bodies_of_unstated_length(body: bytes, *, damaged: bool) -> None:
    assert is_damaged(body, flags=("partial",)) is damaged


def test_a_page_that_always_ends_so() -> None:
    request = Request(URL)
    assert is_damaged(PAGE[:-50], flags=("partial",), request=request)
    assert is_damaged(PAGE[:-60], flags=("partial",), request=request)
    assert not is_damaged(PAGE[:-60], flags=("partial",), request=request)


def test_a_body_beyond_the_limit_is_not_read_to_its_end() -> None:
    assert is_whole_gzip(PACKED[:-1], 100)
    assert not is_whole_gzip(PACKED[:-1], 0)
