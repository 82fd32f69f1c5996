"""The common parts of all layouts."""

from __future__ import annotations

import pytest
from lxml import html

from kcna_spider.layouts.base import Page, has_class, xpath


@pytest.mark.parametrize(
    ("classes", "found"),
    [
        ("story", True),
        ("big story", True),
        ("story\n  big", True),
        ("\tstory ", True),
        ("storyline", False),
        ("big-story", False),
        ("", False),
        (None, False),
    ],
)
def test_has_class_means_a_whole_class(classes: str | None, found: bool) -> None:
    element = html.fragment_fromstring("<p>x</p>")
    if classes is not None:
        element.set("class", classes)
    assert bool(xpath(f"self::*[{has_class('story')}]")(element)) is found


def test_a_page_is_looked_through_once_for_each_thing() -> None:
    page = Page("http://www.kcna.kp/", html.document_fromstring("<p>a</p><p>b</p>"))
    paragraphs = xpath("//p")
    first = page.all(paragraphs)
    assert [p.text for p in first] == ["a", "b"]
    assert page.all(paragraphs) is first
    assert page.all(xpath("//td")) == []
