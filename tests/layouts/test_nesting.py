"""Thousands of nested tags, as in a broken or hostile page, take a bounded time.

The parser stops at 2,048 levels. The unit of time is reading the text of that many nested divisions once, so
the bound holds on any machine, busy or not, with or without coverage.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from kcna_spider.exceptions import LayoutError
from kcna_spider.items import RawPhotoPage
from kcna_spider.layouts.base import Listing, text_of
from kcna_spider.site_adapter import SiteAdapter, site_adapters
from tests.layouts.test_pages import CASES, layouts_of

pytestmark = pytest.mark.slow
TAGS = [
    b"<div>", b"<p>", b"<b>", b"<h3>", b"<table><tr><td>", b"<ul><li>",
    b"<ul><li><h3><a href='./news1/15.htm#4'>",
    b"<div class='gallery'><img src='/photo/x.jpg'>", b"<figure><img src='/photo/x.jpg'><figcaption>",
    b"<div class='article'><h5><a href='/en/article/detail/x'>",
    b"<div class='article-desc'><h4><a href='/newstream/1-1/x/'>",
]  # fmt: skip
NUMBER, UNITS = 2_000, 5
SIBLINGS = [b"<p>x</p>", b"<p>x</p><img src='/photo/x.jpg'>", b"<h1></h1>", b"<div class='caption'></div>"]
STARTS = [
    b"<main><div class='gallery'><h5>x</h5>",
    b"<article><div class='container'><h1>x</h1><p>x</p><div>",
    b"<article><div class='container'><h1>x</h1><div>",
]
SIBLING_PAIRS = 20_000


def cost(work: Callable[[], object]) -> float:
    """Return the processor time of a call, in seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


@cache
def unit() -> float:
    """Return the time to read the text of every division, with links nested as deep as the parser allows."""
    body = b"<html><body>" + b"<div><h4><a href='x'>" * NUMBER
    root = HtmlResponse("http://localhost/", body=body).selector.root
    return cost(lambda: [text_of(element) for element in root.iter("div")])


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(case.parts[-3:]))
def test_nested_tags(case: Path) -> None:
    """Check tags in the middle of the page, where its content is."""
    about, body = json.loads(case.with_suffix(".json").read_text(encoding="utf-8")), case.read_bytes()
    middle = body.find(b">", len(body) // 2) + 1
    adapter = next(
        adapter for adapter in site_adapters().values() if adapter.layouts == layouts_of(case.parts[-3])
    )
    for tag in TAGS:
        response = HtmlResponse(
            about["url"],
            headers={"Content-Type": about["content_type"]},
            body=body[:middle] + tag * NUMBER + body[middle:],
        )
        assert cost(partial(read, adapter, response)) < UNITS * unit(), tag


def read(adapter: SiteAdapter, response: HtmlResponse) -> None:
    """Read a page as a spider does, without an error if no layout matches."""
    with suppress(LayoutError):
        found = adapter.read(*adapter.select_layout(response))
        if isinstance(found, Listing):
            adapter.entries(response.url, found)


@pytest.mark.parametrize("pair", SIBLINGS)
@pytest.mark.parametrize("start", STARTS)
def test_thousands_of_siblings(start: bytes, pair: bytes) -> None:
    """Check that no element is compared with each of its siblings: paragraphs beside images took 11 s."""
    adapter = site_adapters()["kcna.kp"]
    response = HtmlResponse(
        "http://www.kcna.kp/en/article/detail/x",
        headers={"Content-Type": "text/html"},
        body=b"<html><body>" + start + pair * SIBLING_PAIRS,
    )
    assert cost(partial(read, adapter, response)) < UNITS * unit()


def test_articles_nested_in_articles() -> None:
    """Check that nested articles are not read once per level: such a page of kcna.kp took 9 s."""
    nested = (b"<main><article><li><a class='link'>" + b"<b>text</b> " * 40) * 500
    body = b"<html><body><article><div class='container'><h1>Title</h1><p>Text</p>" + nested
    response = HtmlResponse(
        "http://www.kcna.kp/en/article/detail/x", headers={"Content-Type": "text/html"}, body=body
    )
    adapter = site_adapters()["kcna.kp"]
    assert cost(lambda: adapter.read(*adapter.select_layout(response))) < UNITS * unit()


@pytest.mark.parametrize("before", [b"", b"<i>x</i>" * 20_000])
def test_a_photo_page_of_thousands_of_images(before: bytes) -> None:
    """Check that the elements around the images are searched once, not once per image."""
    images = b"".join(b"<img src='/photo/%d.jpg'>" % n for n in range(20_000))
    body = b"<html><body><main><div class='gallery'><h5>x</h5><img src='/photo/x.jpg'>" + before + images
    response = HtmlResponse(
        "http://www.kcna.kp/en/gallery/detail/x", headers={"Content-Type": "text/html"}, body=body
    )
    adapter = site_adapters()["kcna.kp"]
    found = adapter.read(*adapter.select_layout(response))
    assert isinstance(found, RawPhotoPage)
    assert len(found.photos) == 20_001
    assert cost(lambda: adapter.read(*adapter.select_layout(response))) < UNITS * unit()
