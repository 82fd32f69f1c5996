"""What the documents show is run."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

from scrapy.http import HtmlResponse

from kcna_spider.layouts.base import ArticleLayout, ListingLayout, Page, choose

DOCS = Path(__file__).parent.parent / "docs"


def blocks(name: str) -> list[str]:
    """The Python blocks of a document."""
    return re.findall(r"```python\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)


def test_the_site_of_adding_a_site() -> None:
    layouts_code, spider_code = blocks("adding-a-site.md")
    layouts = types.ModuleType("kcna_spider.layouts.example")
    sys.modules[layouts.__name__] = layouts
    exec(layouts_code, layouts.__dict__)
    home = b"<html><body><h2><a href='/one'>One</a></h2></body></html>"
    story = b"<html><body><h1>One</h1><time>2026-07-19</time><div class='story-text'><p>Pyongyang, July 18 (KCNA) -- Text.</p></div></body></html>"
    pages = [Page("https://example.org/", HtmlResponse("https://example.org/", body=body).selector.root) for body in (home, story)]
    listing, article = (choose(layouts.LAYOUTS, page) for page in pages)
    assert isinstance(listing, ListingLayout)
    assert [story.url for story in listing.listing(pages[0]).stories] == ["https://example.org/one"]
    assert isinstance(article, ArticleLayout)
    assert article.articles(pages[1])[0].day == "2026-07-19"
    spider = types.ModuleType("kcna_spider.spiders.example")
    exec(spider_code, spider.__dict__)
    assert spider.ExampleSpider.name == "example"
    del sys.modules[layouts.__name__]


def test_every_stat_is_documented() -> None:
    """Names of stats in the code stand in docs/operations.md."""
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    package = DOCS.parent / "kcna_spider"
    names = {name for file in package.rglob("*.py") for name in re.findall(r"inc_value\(f?\"([^\"]+)\"", file.read_text(encoding="utf-8"))}
    names |= {
        f"stories/{name}" for file in package.rglob("*.py") for name in re.findall(r"self\.count\(\"([^\"]+)\"", file.read_text(encoding="utf-8"))
    }
    assert names
    missing = [name for name in names if re.sub(r"\{.*", "", name) not in text]
    assert missing == []
