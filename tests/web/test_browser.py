"""The pages in a real Chromium: light, dark, narrow, on paper, without JavaScript; axe-core finds nothing serious."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from kcna_spider.downloadermiddlewares.chromium import find_browser
from tests.system import chromium
from tests.web.conftest import Site
from tests.web.test_pages import PATHS

SIZES = (("light", 1200, "light"), ("dark", 1200, "dark"), ("narrow", 320, "light"))


def check_page(page: Page, address: str, said: list[str], *, rules: bool) -> None:
    """It fits the window and says nothing on the console. rules: axe finds nothing serious either."""
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        address
    )
    found: list[dict[str, Any]] = Axe().run(page).response["violations"] if rules else []
    serious = [
        f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")
    ]
    assert serious == [], address
    assert said == [], address


def listening(page: Page) -> list[str]:
    """What the console says from now on."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@chromium
@pytest.mark.process
def test_every_page(pages: Site) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser("", playwright.chromium.executable_path),
            args=["--no-sandbox"],
            chromium_sandbox=False,
        )
        for name, width, scheme in SIZES:
            context = browser.new_context(
                viewport={"width": width, "height": 800},
                color_scheme="dark" if scheme == "dark" else "light",
                bypass_csp=True,
            )
            page = context.new_page()
            said = listening(page)
            for path in PATHS:
                check_page(page, pages.address + path, said, rules=name != "narrow")
            background = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert background == ("rgb(21, 24, 28)" if name == "dark" else "rgb(255, 255, 255)")
        page.goto(pages.address + "/?q=bakery")
        page.emulate_media(media="print")
        assert not page.get_by_role("search").is_visible()
        assert page.get_by_role("heading", name="Search").is_visible()
        without_scripts(browser, pages)
        browser.close()


def without_scripts(browser: Browser, pages: Site) -> None:
    """A search, a click on a hit, and a mistake, with JavaScript off and the site's own policy."""
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
