"""No text of an article's container is lost in any element; only named elements are removed."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from lxml import html
from scrapy.http import HtmlResponse

from kcna_spider.layouts.base import ArticleLayout, Page
from kcna_spider.layouts.paragraphs import is_excluded, paragraphs_of
from tests.layouts.test_pages import CASES, layouts_of, load

WORD = "Extraordinary words"
HOLDERS = [
    f"<ul><li>{WORD}</li></ul>", f"<ol><li><b>{WORD}</b></li></ol>", f"<blockquote>{WORD}</blockquote>",
    f"<div>{WORD}</div>", f"<h4>{WORD}</h4>", f"<table><tr><td>{WORD}</td><td>and more</td></tr></table>",
    f"<dl><dt>{WORD}</dt><dd>x</dd></dl>", f"<pre>{WORD}</pre>", f"<center>{WORD}</center>",
    f"<font size='2'>{WORD}</font>", WORD, f"<section><article>{WORD}</article></section>",
    f"<x-note>{WORD}</x-note>", f"<details>{WORD}</details>", f"<address>{WORD}</address>",
    f"<em>{WORD}</em>", f"<a href='/x'>{WORD}</a>", f"<div class='text body'><span>{WORD}</span></div>",
    f"<aside>{WORD}</aside>", f"<!-- comment -->{WORD}", f"<form>{WORD}</form>", f"<small>{WORD}</small>",
    f"<br>{WORD}<br><br>", f"<hr>{WORD}",
]  # fmt: skip
NAMED = [
    f"<script>{WORD}</script>", f"<style>{WORD}</style>", f"<div class='caption'><p>{WORD}</p></div>",
    f"<figure><figcaption>{WORD}</figcaption></figure>", f"<p class='wp-caption-text'>{WORD}</p>",
    f"<div class='sharedaddy sd-sharing'>{WORD}</div>", f"<button>{WORD}</button>", f"<nav>{WORD}</nav>",
    f"<a class='right_button gallery_button'>{WORD}</a>", f"<noscript>{WORD}</noscript>",
    f"<span class='publish-time'>{WORD}</span>",
]  # fmt: skip
# The tests insert elements into a stored page of each layout, after the first occurrence of this text.
PLACES = {
    "kcna_kp/article_2026": "</p>", "kcna_kp/article_2022": "</p>",
    "kcnawatch/article_2016": 'article-content"><p>', "kcna_co_jp/article_2008": "<br>",
    "kcna_co_jp/articles_1997": "</h3>", "kcna_co_jp/article_2018": "</p>",
}  # fmt: skip
ARTICLES = [case for case in CASES if "article" in case.parts[-2]]
PLACED = [
    case for case in ARTICLES if PLACES.get("/".join(case.parts[-3:-1]), "\0").encode() in case.read_bytes()
]


def test_every_layout_of_articles_has_a_page_with_a_place() -> None:
    assert {case.parts[-3:-1] for case in PLACED} == {case.parts[-3:-1] for case in ARTICLES}


def paragraphs(case: Path, body: bytes) -> list[str]:
    """Return all paragraphs of a page, with single spaces."""
    about = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    response = HtmlResponse(about["url"], headers={"Content-Type": about["content_type"]}, body=body)
    page = Page(about["url"], response.selector.root)
    (layout,) = [layout for layout in layouts_of(case.parts[-3]) if layout.matches(page)]
    assert isinstance(layout, ArticleLayout)
    return [" ".join(text.split()) for raw in layout.articles(page) for text in raw.paragraphs]


@pytest.mark.parametrize("case", ARTICLES, ids=lambda case: "/".join(case.parts[-3:]))
def test_the_whole_text_of_the_container_is_kept(case: Path) -> None:
    """Compare the text with lxml's text of the container without the excluded elements."""
    page, _ = load(case)
    (layout,) = [layout for layout in layouts_of(case.parts[-3]) if layout.matches(page)]
    assert isinstance(layout, ArticleLayout)
    # On a page of many articles, each part between two rules is a container.
    if type(layout).containers is ArticleLayout.containers:
        whole = "".join(text for raw in layout.articles(page) for text in [raw.title or "", *raw.paragraphs])
        body = page.root.find("body")
        assert body is not None
        kept, there = re.sub(r"\W", "", whole), re.sub(r"\W", "", body.text_content())
        begin = there.index(kept[:30])
        assert kept[30:200] in there[begin:]
        return
    # The first paragraph of this layout is the date.
    dated = "" if case.parts[-2] != "article_2018" else layout.articles(page)[0].day or ""
    kept = dated + "".join(text for raw in layout.articles(page) for text in raw.paragraphs)
    excluded = set(layout.excluded(page))
    expected = ""
    for container in layout.containers(page):
        for element in list(container.iter()):
            if (
                isinstance(element.tag, str)
                and element is not container
                and (element in excluded or is_excluded(element))
            ):
                element.drop_tree()
        expected += container.text_content()
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", expected)
    assert kept.strip() or case.stem == "without_text"


@pytest.mark.parametrize("case", PLACED, ids=lambda case: "/".join(case.parts[-3:]))
def test_text_in_any_element(case: Path) -> None:
    place, body = PLACES["/".join(case.parts[-3:-1])].encode(), case.read_bytes()
    at = body.index(place) + len(place)
    if case.parts[-2] == "article_2016":
        at = body.index(b"</p>", at) + 4
    before = paragraphs(case, body)
    for holder in HOLDERS:
        found = " ".join(paragraphs(case, body[:at] + holder.encode() + body[at:]))
        assert WORD in found, holder
        assert all(text in found for paragraph in before for text in paragraph.split(". ")[:1]), holder
    for named in NAMED if case.parts[-2] != "articles_1997" else ():
        assert paragraphs(case, body[:at] + named.encode() + body[at:]) == before, named


@pytest.mark.parametrize(
    "breaks", ["<br><br>", "<br/><br/>", "<br>\n<br>", "<br> &nbsp;<br>", "<BR><BR><br>"]
)
@pytest.mark.parametrize("case", PLACED, ids=lambda case: "/".join(case.parts[-3:]))
def test_two_breaks_are_a_paragraph_break(case: Path, breaks: str) -> None:
    body = case.read_bytes()
    place = PLACES["/".join(case.parts[-3:-1])].encode()
    at = body.index(place) + len(place)
    if case.parts[-2] == "article_2016":
        at = body.index(b"</p>", at) + 4
    text = f"<p>&nbsp;&nbsp;&nbsp; First.<br>More.{breaks}&nbsp;&nbsp;&nbsp; Third.</p>"
    found = paragraphs(case, body[:at] + text.encode() + body[at:])
    assert "First. More." in found
    assert "Third." in found or any(part.startswith("Third.") for part in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<div><p>Text.<br>More.<br/><br/>Third.</p></div>", ["Text.\nMore.", "Third."]),
        ("<div>One.<br>Two.<br>Three.</div>", ["One.", "Two.", "Three."]),
        ("<div>One.<br><br>Two.<br>Still two.</div>", ["One.", "Two.\nStill two."]),
        ("<div><p>One.<br>Still one.</p></div>", ["One.\nStill one."]),
        ("<div>Bare <b>bold</b> text<p>P.</p>tail</div>", ["Bare bold text", "P.", "tail"]),
        ("<div><pre>One\nTwo\n\nThree</pre><p>x</p></div>", ["One\nTwo", "Three", "x"]),
        ("<div><table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table></div>", [" a b", " c"]),
        ("<div> <p> </p><br><br></div>", []),
    ],
)
def test_paragraphs_of(text: str, expected: list[str]) -> None:
    assert paragraphs_of([html.fromstring(text)]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First.<figure>cap</figure>Second.", ["First.", "Second."]),
        ("First<img>Second<button>Share</button>Third", ["First Second Third"]),
        ("One.<x-para>Two.</x-para><x-para>Three.</x-para>", ["One.", "Two.", "Three."]),
        ("<p>a<br>\u200b<br>b</p>", ["a", "b"]),
        ("One.<iframe></iframe>Two<noscript>z</noscript>three", ["One.", "Two three"]),
        (
            "<p>Lead.</p><div class='social-life'><p>Text of a category.</p></div>",
            ["Lead.", "Text of a category."],
        ),
        (
            "<div class='photo'><p>All of the article stands here.</p></div>x",
            ["All of the article stands here.", "x"],
        ),
    ],
)
def test_nothing_is_joined_or_lost(text: str, expected: list[str]) -> None:
    assert [
        " ".join(part.split()) for part in paragraphs_of([html.fromstring(f"<div>{text}</div>")])
    ] == expected


def test_names_of_classes_take_no_time() -> None:
    for name in ("a_" * 5000 + "x", "photo" + "_a" * 5000 + "!", "share-" * 5000):
        begun = time.process_time()
        is_excluded(html.fromstring(f"<div class='{name}'>x</div>"))
        assert time.process_time() - begun < 0.5


KOREAN = "(평양 9월 19일발 조선중앙통신)"


@pytest.mark.parametrize(
    "body",
    [
        f"<div><h1>T</h1><div>{KOREAN} 하나.</div><div>둘은 더 길다.</div><div>셋.</div></div>",
        (
            f"<ul><li><a href='/'>Menu</a></li></ul><h2>T</h2><p>{KOREAN} 하나.</p>"
            "<ul><li>둘은 더 길다.</li></ul><p>셋.</p><p>Copyright (C) KNS</p>"
        ),
        (
            f"<table><tr><td><b>T</b></td></tr><tr><td>{KOREAN} 하나.</td></tr>"
            "<tr><td>둘은 더 길다.<br><br>셋.</td></tr></table>"
        ),
    ],
)
def test_pages_of_2018_of_other_make(body: str) -> None:
    page = Page(
        "http://www.kcna.co.jp/calendar/2018/09/09-19/2018-0919-023.html",
        html.document_fromstring(f"<html><body>{body}</body></html>"),
    )
    (layout,) = [layout for layout in layouts_of("kcna_co_jp") if layout.matches(page)]
    assert isinstance(layout, ArticleLayout)
    (raw,) = layout.articles(page)
    assert raw.title == "T"
    assert [" ".join(text.split()) for text in raw.paragraphs] == [f"{KOREAN} 하나.", "둘은 더 길다.", "셋."]
