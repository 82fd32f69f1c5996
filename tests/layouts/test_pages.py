"""Every stored page matches exactly one layout of its site, and the result equals the expectation beside it.

For a page without an expectation, the test writes one, and fails until a person has checked it.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from kcna_spider import layouts
from kcna_spider.layouts.base import ArticleLayout, Layout, ListingLayout, Page, PhotoLayout, Selector

PAGES = Path(__file__).parent.parent / "pages"
CASES = sorted(PAGES.glob("*/*/*.html"))
# These modules of the package belong to no site.
HELPERS = (
    "base",
    "paragraphs",
    "anchored_sections",
    "more_button",
    "page_photos",
    "kcna_kp_photos",
    "kcna_co_jp_evidence",
)
SITES = [module.name for module in pkgutil.iter_modules(layouts.__path__) if module.name not in HELPERS]


def layouts_of(site: str) -> tuple[Layout, ...]:
    """Return the layouts of a site."""
    found: tuple[Layout, ...] = importlib.import_module(f"kcna_spider.layouts.{site}").LAYOUTS
    return found


def load(case: Path) -> tuple[Page, dict[str, Any]]:
    """Return a stored page, decoded as Scrapy decodes it, and its description."""
    about = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    response = HtmlResponse(
        about["url"], headers={"Content-Type": about["content_type"]}, body=case.read_bytes()
    )
    return Page(about["url"], response.selector.root), about


def found_by(layout: Layout, page: Page) -> Any:
    """Return the result of a layout for a page, as JSON values."""
    if isinstance(layout, ArticleLayout):
        return json.loads(json.dumps([dataclasses.asdict(raw) for raw in layout.articles(page)]))
    if isinstance(layout, PhotoLayout):
        return json.loads(json.dumps(dataclasses.asdict(layout.photo_page(page))))
    assert isinstance(layout, ListingLayout)
    return json.loads(json.dumps(dataclasses.asdict(layout.listing(page))))


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(case.parts[-3:]))
def test_page(case: Path) -> None:
    page, about = load(case)
    matching = [layout for layout in layouts_of(case.parts[-3]) if layout.matches(page)]
    assert [layout.name for layout in matching] == [case.parts[-2]]
    found = found_by(matching[0], page)
    if "expected" not in about:
        case.with_suffix(".json").write_text(
            json.dumps({**about, "expected": found}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        pytest.fail(
            f"{case.name} had no expectation; the result was written to its .json: check it, then run again"
        )
    assert found == about["expected"]


def test_every_layout_has_a_page() -> None:
    stored = {(case.parts[-3], case.parts[-2]) for case in CASES}
    assert {(site, layout.name) for site in SITES for layout in layouts_of(site)} == stored


def selectors() -> list[Selector]:
    """Return all selectors of all layouts."""
    modules = [importlib.import_module(f"kcna_spider.layouts.{name}") for name in (*SITES, *HELPERS)]
    holders = [*modules, *(type(layout) for site in SITES for layout in layouts_of(site))]
    return [value for one in holders for value in vars(one).values() if isinstance(value, Selector)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(case.parts[-3:]))
def test_a_selector_names_only_classes_that_it_needs(case: Path) -> None:
    page, _ = load(case)
    assert len(selectors()) > 30
    for selector in selectors():
        assert page.all(selector) == selector(page.root), selector.path
