"""`scrapy report`: one self-contained page, tested in a real browser: light, dark, narrow and printed."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from kcna_spider.downloadermiddlewares.chromium import find_browser
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.samples import article
from tests.stored_photos import fill_photos
from tests.system import chromium

SCREENSHOTS = os.environ.get("REPORT_SCREENSHOTS")  # Set it to a folder to keep the screenshots.


def report(scrapy: Crawler, folder: Path) -> Path:
    page = folder / "report.html"
    done = scrapy("report", "-o", str(page))
    assert done.code == 0, done.output
    return page


def test_an_empty_archive_has_a_report(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    text = report(scrapy, tmp_path).read_text(encoding="utf-8")
    assert "<dt>articles</dt><dd>0</dd>" in text
    assert "0 gaps" in text
    assert "photo" not in text


def test_it_says_what_is_there_and_asks_nothing_of_others(
    scrapy: Crawler, site: SampleSite, archive: Archive, tmp_path: Path
) -> None:
    for spider in ("kcna_kp", "kcna_co_jp", "kcnawatch"):
        scrapy("crawl", spider)
    site.world.epoch = 2
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    text = report(scrapy, tmp_path).read_text(encoding="utf-8")
    assert f"<dt>articles</dt><dd>{archive.database['articles'].count_documents({})}</dd>" in text
    assert not re.search(r"<script|<link|@import|<img|<iframe|url\((?!#)", text)
    assert set(re.findall(r"https?://[^\s\"'<]+", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    for heading in (
        "Articles a day",
        "Gaps",
        "By month and language",
        "Places of datelines",
        "Delay of publication",
        "Edits and withdrawals",
    ):
        assert f">{heading}</h2>" in text
    assert re.search(r'<th scope="row">Samjiyon</th><td>\d+</td>', text)
    assert text.count("<svg") >= 6
    assert "not read to their ends" not in text, (
        "the report names a listing of a finished crawl as incomplete"
    )


def test_photos_where_there_are_some(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    fill_photos(archive)
    text = report(scrapy, tmp_path).read_text(encoding="utf-8")
    assert ">Photos a day</h2>" in text
    assert "<dt>photos</dt><dd>5</dd>" in text
    assert '<th scope="col">photo altered</th>' in text
    assert "edited: 0, withdrawn: 0, restored: 0, gone: 0, back: 0, photo altered: 1, " in text
    assert "photo altered: 1, photo captioned: 0, photo gone: 2" in text


def test_a_listing_with_a_gap_is_said(scrapy: Crawler, tmp_path: Path) -> None:
    scrapy("crawl", "kcna_kp", "-a", "limit=2")
    assert "listings of kcna.kp not read to their ends yet" in report(scrapy, tmp_path).read_text(
        encoding="utf-8"
    )


def test_what_a_site_wrote_stays_text(archive: Archive, scrapy: Crawler, tmp_path: Path) -> None:
    place = "<script>alert(1)</script>"
    sighting = article()
    assert sighting.dateline
    sighting.dateline = type(sighting.dateline)(place, sighting.dateline.date, "KCNA", "en", "raw", 3)
    decide_and_write(archive, [sighting])
    text = report(scrapy, tmp_path).read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@chromium
def test_in_a_browser(scrapy: Crawler, tmp_path: Path) -> None:
    for spider in ("kcna_kp", "kcna_co_jp", "kcnawatch"):
        scrapy("crawl", spider)
    address = report(scrapy, tmp_path).as_uri()
    said: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser("", playwright.chromium.executable_path),
            args=["--no-sandbox"],
            chromium_sandbox=False,
        )
        for name, size, dark in (
            ("light", (1280, 900), False),
            ("dark", (1280, 900), True),
            ("narrow", (320, 700), False),
        ):
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
            )
            page = context.new_page()
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(address)
            check_fits(page, name)
            background = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert background == ("rgb(21, 24, 28)" if dark else "rgb(255, 255, 255)")
            picture(page, name)
        page.emulate_media(media="print")
        assert not page.locator("nav").is_visible()
        assert page.get_by_role("heading", name="Places of datelines").is_visible()
        heights = page.locator("details table").evaluate_all(
            "tables => tables.map(table => table.getBoundingClientRect().height)"
        )
        assert heights
        assert min(heights) > 0, "a table is not printed"
        picture(page, "print")
        browser.close()
    assert said == []
    assert set(asked) == {address}


def check_fits(page: Page, name: str) -> None:
    """Check that only scrollable elements are wider than the window, and that squares are wide enough."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    unreachable = page.evaluate(
        "[...document.querySelectorAll('.wide')]"
        ".filter(e => e.scrollWidth > e.clientWidth && e.tabIndex < 0).length"
    )
    assert unreachable == 0
    sizes = page.evaluate(
        "[...document.querySelectorAll('#days svg path[fill^=\"var(--heat\"]')]"
        ".map(e => e.getBoundingClientRect().width)"
    )
    assert sizes
    assert min(sizes) >= 7
    assert "NaN" not in page.content()


def picture(page: Page, name: str) -> None:
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SCREENSHOTS}/{name}.png", full_page=True)
