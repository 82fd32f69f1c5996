"""A real Chromium for the tests of pages, in common sizes and colour schemes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from kcna_spider.downloadermiddlewares.chromium import find_browser

NARROW = 320  # This is in pixels.
_SIZES = (("light", 1200), ("dark", 1200), ("light", NARROW))


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Yield a browser, and close it afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser("", playwright.chromium.executable_path),
            args=["--no-sandbox"],
            chromium_sandbox=False,
        )
        yield browser
        browser.close()


def sized_pages(browser: Browser) -> Iterator[tuple[str, int, Page, list[str]]]:
    """Yield the colour scheme, the width, an empty page, and the list of its console messages."""
    for scheme, width in _SIZES:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            bypass_csp=True,
        )
        page = context.new_page()
        yield scheme, width, page, listening(page)


def check_page(page: Page, address: str, said: list[str], *, rules: bool) -> None:
    """Check that a page fits the window and prints nothing on the console.

    rules: whether axe must find no serious problem.
    """
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
    """Return a list that gets the console messages of a page."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
