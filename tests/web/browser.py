"""A real Chromium for the tests of pages, in common sizes and colour schemes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from kcna_spider.downloadermiddlewares.chromium import find_browser

NARROW = 320  # This is in pixels.
VIEWS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1200), ("dark", 1200), ("light", NARROW))
_BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 28)"}


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


def empty_page(browser: Browser) -> tuple[Page, list[str]]:
    """Return an empty page, and the list of its console messages."""
    page = browser.new_context(bypass_csp=True).new_page()
    return page, listening(page)


def show(page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """Show a page in a colour scheme and a width, without loading it again."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)


def check_page(page: Page, address: str, said: list[str]) -> None:
    """Check that a page fits the window in each view and prints nothing on the console.

    Check the background too, and that axe finds no serious problem, except in the narrow view.
    """
    page.goto(address)
    page.evaluate(Axe().axe_script)
    for scheme, width in VIEWS:
        show(page, scheme, width)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), address
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == _BACKGROUNDS[scheme], address
        if width > NARROW:
            assert serious_problems(page) == [], address
        assert said == [], address


def serious_problems(page: Page) -> list[str]:
    """Return the serious problems that axe finds in a page that has loaded it."""
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")
    ]


def listening(page: Page) -> list[str]:
    """Return a list that gets the console messages of a page."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
