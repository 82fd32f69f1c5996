"""Two texts side by side: links with a reason, their languages, and the words that differ."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.search.stories import FARM
from tests.web.conftest import HOSTILE, Site

FIRST, KOREAN, OTHER_REPORT = f"{600:024x}", f"{601:024x}", f"{610:024x}"
EDITED, HOSTILE_KEY = f"{0:024x}", f"{500:024x}"


def test_the_article_links_to_the_other_languages_with_a_reason(pages: Site) -> None:
    body = pages.get(f"/article/{FIRST}")[2]
    links = re.findall(rf'(\w+):\s+<a href="/article/{FIRST}/with/(\w+)" lang="(\w+)">', body)
    assert [name for name, _, _ in links] == ["Spanish", "Japanese", "Korean", "Russian", "Chinese"]
    assert OTHER_REPORT not in {key for _, key, _ in links}
    assert body.count("shares 1,205, 113.5, 4,000, 16, Kim Jong Un") == 5
    assert "In other languages" not in pages.get(f"/article/{OTHER_REPORT}")[2]


def test_both_texts_with_their_languages(pages: Site) -> None:
    root = html.fromstring(pages.get(f"/article/{FIRST}/with/{KOREAN}")[2])
    columns = root.xpath("//article")
    assert [column.get("lang") for column in columns] == ["en", "ko"]
    for column, language in zip(columns, ("en", "ko"), strict=True):
        title, _, body = FARM[language]
        assert title in column.text_content()
        assert all(paragraph in column.text_content() for paragraph in body.split("\n\n"))
    assert "Both have: 1,205, 113.5, 4,000, 16, Kim Jong Un." in root.text_content()


def test_any_two_articles(pages: Site) -> None:
    body = pages.get(f"/article/{HOSTILE_KEY}/with/{OTHER_REPORT}")[2]
    assert "They share no number and no known name." in body
    assert "<script" not in body


@pytest.mark.parametrize(
    "path",
    [
        f"/article/{FIRST}/with/none",
        f"/article/none/with/{FIRST}",
        f"/article/{FIRST}/with/{FIRST}",
        f"/article/{FIRST}/with/%3Cscript%3E",
        f"/article/{EDITED}/1/with/1",
        f"/article/{EDITED}/1/with/9",
        "/article/none/1/with/2",
        f"/article/{EDITED}/1/with/" + "9" * 40,
    ],
)
def test_what_is_missing(pages: Site, path: str) -> None:
    assert pages.get(path)[0] == 404


def test_two_texts_of_an_article(pages: Site) -> None:
    body = pages.get(f"/article/{EDITED}/1/with/2")[2]
    before, after = body.split("<article")[1:]
    assert "<del>A zeppelin flew. &lt;script" in before
    assert "<ins>" not in before
    assert "<ins>" in after
    assert "<del>" not in after
    assert HOSTILE not in body


def test_a_copy_with_another_text_links_to_both(pages: Site) -> None:
    body = pages.get(f"/article/{EDITED}")[2]
    assert f'<a href="/article/{EDITED}/1/with/2">another text, text 1</a>' in body
    assert "/with/" not in pages.get(f"/article/{HOSTILE_KEY}")[2]
