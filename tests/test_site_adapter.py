"""A page is read in its encoding, whatever it declares, and an error in a layout names the layout."""

from __future__ import annotations

import re

import pytest
from scrapy.http import HtmlResponse

from kcna_spider.exceptions import LayoutError
from kcna_spider.items import ListingEntry, RawArticle
from kcna_spider.layouts.base import ArticleLayout, Listing, Page
from kcna_spider.site_adapter import adapter_of_url

URL = "http://www.kcna.kp/ko/article/q/6c39a5e1eb8848bfe917b31914b7dd90a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1.kcmsf"
TEXT = "(평양 3월 8일발 조선중앙통신) 새 빵공장이 준공되였다."


def test_an_entry_of_the_page_of_another_day_has_the_day_of_that_page() -> None:
    """The real listing of 4 April 2005 links to the articles of 1 April."""
    day = "http://www.kcna.co.jp/item/2005/200504/"
    adapter = adapter_of_url(day)
    assert adapter
    urls = [f"{day}news04/01.htm#1", f"{day}news04/04.htm#1", "http://www.kcna.co.jp/item/2005/x.htm"]
    listing = Listing([ListingEntry(url, day="April 4.2005 Juch 94") for url in urls])
    entries = adapter.entries(f"{day}20050404.htm", listing)
    assert [entry.day for entry in entries] == ["2005-04-01", "2005-04-04", "2005-04-04"]


@pytest.mark.parametrize(
    ("written", "meta", "header"),
    [
        ("utf-8", "", "utf-8"),
        ("utf-8", "rot13", "utf-8"),
        ("utf-8", "", "shift_jis"),
        ("utf-8", "euc-kr", "euc-kr"),
        ("utf-8", "", "iso-8859-1"),
        ("utf-8", "shift_jis", ""),
        ("euc-kr", "euc-kr", "utf-8"),
        ("euc-kr", "euc-kr", "euc-kr"),
        ("euc-kr", "", "euc-kr"),
    ],
)
def test_encodings(written: str, meta: str, header: str) -> None:
    page = (
        f"<html><head>{f'<meta charset={meta}>' if meta else ''}</head><body>"
        "<div class='article-main-title'>새 빵공장 준공</div><div class='article-content-body'>"
        f"<div class='content-wrapper'><p>{TEXT}</p><p>로동자들이 기뻐하였다.</p></div></div></body></html>"
    )
    headers = {"Content-Type": f"text/html; charset={header}" if header else "text/html"}
    body = page.encode(written)
    if written == header == "utf-8":
        body = body.replace(b"</p></div>", b"\xff</p></div>")  # one byte is damaged
    response = HtmlResponse(URL, headers=headers, body=body)
    adapter = adapter_of_url(URL)
    assert adapter
    layout, found = adapter.select_layout(response)
    articles = adapter.read(layout, found)
    assert isinstance(articles, list)
    (raw,) = articles
    assert raw.title == "새 빵공장 준공"
    assert raw.paragraphs[0] == TEXT


def test_an_error_in_a_layout_names_the_page_and_the_layout() -> None:
    class Broken(ArticleLayout):
        name = "broken_2026"

        def articles(self, page: Page) -> list[RawArticle]:
            raise IndexError("list index out of range")

    adapter = adapter_of_url(URL)
    assert adapter
    page = Page(URL, HtmlResponse(URL, body=b"<html></html>").selector.root)
    with pytest.raises(
        LayoutError, match=f"^{re.escape(URL)}: broken_2026 cannot read this page: IndexError"
    ):
        adapter.read(Broken(), page)
