"""The pages in a real Chromium: light, dark, narrow, printed, without JavaScript, checked with axe-core."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.system import chromium
from tests.web.browser import check_page, empty_page, running_chromium
from tests.web.conftest import Site
from tests.web.test_pages import PATHS


@chromium
@pytest.mark.process
def test_every_page(pages: Site) -> None:
    with running_chromium() as browser:
        page, said = empty_page(browser)
        for path in PATHS:
            check_page(page, pages.address + path, said)
        page.goto(pages.address + "/?q=bakery")
        page.emulate_media(media="print")
        assert not page.get_by_role("search").is_visible()
        assert page.get_by_role("heading", name="Search").is_visible()
        without_scripts(browser, pages)


def without_scripts(browser: Browser, pages: Site) -> None:
    """Check a search, a click on a hit, and a wrong query, with JavaScript off and the site's own policy."""
    page = browser.new_context(java_script_enabled=False).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages.address)
    page.get_by_role("searchbox").fill("bakery title:the")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_role("status").inner_text().endswith("found.")
    page.locator(".hits a").first.click()
    assert page.get_by_role("heading", name="Where it was seen").is_visible()
    page.go_back()
    page.get_by_role("searchbox").fill('"bakery')
    page.keyboard.press("Enter")
    assert "quotation mark that is not closed" in page.get_by_role("alert").inner_text()
    assert {url.partition("/")[0] + "//" + url.split("/")[2] for url in asked} == {pages.address}
