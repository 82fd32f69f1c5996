"""Tags nested by the thousand, as a broken or hostile page has them, cost about what as many tags cost side by side."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from kcna_spider.exceptions import LayoutError
from kcna_spider.layouts.base import Listing
from kcna_spider.site_adapter import site_adapters
from tests.layouts.test_pages import CASES, layouts_of

TAGS = [
    b"<div>", b"<p>", b"<b>", b"<h3>", b"<table><tr><td>", b"<ul><li>", b"<ul><li><h3><a href='./news1/15.htm#4'>",
    b"<div class='article'><h5><a href='/en/article/detail/x'>", b"<div class='article-desc'><h4><a href='/newstream/1-1/x/'>",
]  # fmt: skip
NUMBER, SECONDS = 2_000, 3.0


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(case.parts[-3:]))
def test_nested_tags(case: Path) -> None:
    """In the middle of the page, where its content is."""
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
        begun = time.process_time()
        try:
            found = adapter.read(*adapter.select_layout(response))
        except LayoutError:
            found = []
        if isinstance(found, Listing):
            adapter.entries(response.url, found)
        assert time.process_time() - begun < SECONDS, tag


def test_articles_nested_in_articles() -> None:
    """A page of kcna.kp took 9 s: what is in nested articles was visited once for each of them."""
    nested = (b"<main><article><li><a class='link'>" + b"<b>text</b> " * 40) * 500
    body = b"<html><body><article><div class='container'><h1>Title</h1><p>Text</p>" + nested
    response = HtmlResponse(
        "http://www.kcna.kp/en/article/detail/x", headers={"Content-Type": "text/html"}, body=body
    )
    adapter = site_adapters()["kcna.kp"]
    begun = time.process_time()
    adapter.read(*adapter.select_layout(response))
    assert time.process_time() - begun < SECONDS
