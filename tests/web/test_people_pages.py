"""The pages and the API route of persons and appearances."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

from kcna_spider.search.about import write_about
from kcna_spider.web.app import create_app
from kcna_spider.web.openapi import description
from tests.search.people.stories import appearance_stories, story
from tests.search.test_people_rows import new_file
from tests.search.texts import BEGIN
from tests.system import chromium
from tests.web.browser import VIEWS, check_page, empty_page, running_chromium, show
from tests.web.conftest import HOSTILE, Site, serving

MET = (
    "Jang Ho Jun, minister of Trade, met the envoy on November 20. Meanwhile, O Kum Chol, minister of "
    "Culture, met him."
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield an archive with appearances, one of them in an article with HTML in its text."""
    path = tmp_path_factory.mktemp("people") / "archive.sqlite"
    body = f"Kim Jong Un visited the {HOSTILE} Mill on November 20. He was accompanied by Pak Chol Min."
    several = story(791, 385, "Officials Meet Envoy", MET)
    writer = new_file(path, [*appearance_stories(), story(790, 385, f"Kim Jong Un {HOSTILE}", body), several])
    write_about(writer.base, "a test", BEGIN)
    writer.close()
    with serving(create_app(path, 5.0)) as running:
        yield running


PATHS = (
    "/appearances", "/appearances?person=Kim+Jong-un&kind=inspection&since=2024-12-01&until=2024-12-31",
    "/appearances?kind=x&since=y", "/appearances?skip=99", "/people", "/people?name=chol",
    "/people/kim-jong-un", "/people/pak-chol-min?skip=3", "/appearances?person=%3Cscript%3E",
    "/people?name=%3Cscript%3E%22",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_page(site: Site, path: str) -> None:
    status, headers, body = site.get(path)
    assert status == 200
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    root = html.fromstring(body)
    assert not list(root.iter("script", "img", "style"))
    assert body.count("<h1") == 1
    labels = {one.get("for") for one in root.iter("label")}
    assert {one.get("id") for one in root.iter("input", "select")} <= labels


def test_what_the_page_of_appearances_shows(site: Site) -> None:
    root = html.fromstring(site.get("/appearances?person=Kim+Jong+Un&since=2024-12-01")[2])
    text = " ".join(root.text_content().split())
    assert "3 appearances." in text
    assert "2024-12-04 Kim Jong Un: inspection, Haksan Mill" in text
    assert "With Pak Chol Min, Ri Su Il." in text
    quotes = [quote.text_content() for quote in root.iter("q")]
    assert any(quote.startswith("He was accompanied by") for quote in quotes)
    links = {a.get("href") for a in root.iter("a")}
    assert f"/article/{700:024x}" in links
    assert "/people/kim-jong-un" in links


def test_several_appearances_of_one_article(site: Site) -> None:
    for person, other in (("Jang Ho Jun", "O Kum Chol"), ("O Kum Chol", "Jang Ho Jun")):
        root = html.fromstring(site.get(f"/appearances?person={person.replace(' ', '+')}")[2])
        (quote,) = (quote.text_content() for quote in root.iter("q"))
        assert person in quote
        assert other not in quote
        assert [a.get("href") for a in root.iter("a")].count(f"/article/{791:024x}") == 1


def test_csv(site: Site) -> None:
    status, headers, body = site.get("/appearances.csv?person=Pak+Chol+Min")
    assert (status, headers["content-type"]) == (200, "text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert len(rows) == 5
    assert {row["person"] for row in rows} == {"Kim Jong Un", "Pak Chol Min"}


def test_the_api_gives_pages(site: Site) -> None:
    found: list[Any] = []
    part: dict[str, Any] = {"cursor": 0}
    while part["cursor"] is not None:
        address = f"/api/v1/appearances?person=Kim+Jong+Un&limit=2&cursor={part['cursor']}"
        status, _, body = site.get(address)
        assert status == 200
        part = json.loads(body)
        found += part["appearances"]
    assert len(found) == part["total"] == 4
    assert [one["day"] for one in found] == sorted((one["day"] for one in found), reverse=True)
    fields = description()["paths"]["/api/v1/appearances"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]
    properties = fields["schema"]["properties"]
    assert set(part) == set(properties)
    assert set(found[0]) == set(properties["appearances"]["items"]["properties"])


@pytest.mark.parametrize("query", ["kind=party", "since=2024", "until=2024-02-30"])
def test_mistakes(site: Site, query: str) -> None:
    status, _, body = site.get(f"/api/v1/appearances?{query}")
    assert status == 400
    assert query.partition("=")[0] in json.loads(body)["error"]


@pytest.mark.parametrize(("step", "link"), [(2, True), (0, False)])
def test_the_last_page_has_no_link_to_a_next_one(
    site: Site, monkeypatch: pytest.MonkeyPatch, step: int, link: bool
) -> None:
    number = site.get("/people")[2].count('href="/people/')
    monkeypatch.setattr("kcna_spider.web.people_pages._STEP", step or number)
    body = site.get("/people")[2]
    assert ('rel="next"' in body) == link
    assert body.count('href="/people/') == (step or number)


def test_an_unknown_person(site: Site) -> None:
    assert site.get("/people/nobody")[0] == 404


@chromium
@pytest.mark.process
def test_in_a_browser(site: Site) -> None:
    """Check the pages in light, dark, narrow and printed form."""
    with running_chromium() as browser:
        page, said = empty_page(browser)
        for path in ("/appearances", "/people", "/people/kim-jong-un"):
            check_page(page, site.address + path, said)
            for summary in page.locator("summary").all():
                summary.click()
            for scheme, width in VIEWS:
                show(page, scheme, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.emulate_media(media="print")
        assert not page.get_by_role("searchbox").is_visible()
