"""The pages show the contents of the file, and no text of a site or a visitor becomes markup."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import re
from contextlib import suppress
from urllib.parse import quote

import feedparser
import pytest
from lxml import html
from starlette.routing import Route

from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import condition
from kcna_spider.web.app import ROUTES
from tests.web.conftest import Site
from tests.web.hostile import CRAFTED, random_query, withstands
from tests.web.hostile import PATHS as HOSTILE_PATHS

EDITED = f"{0:024x}"
WRITTEN = f"{500:024x}"
PATHS = (
    "/", "/?q=bakery", "/?q=%ED%95%B5", "/?q=bakery&order=best&skip=20", f"/article/{EDITED}",
    f"/article/{EDITED}/1", f"/article/{EDITED}/2", f"/article/{WRITTEN}", f"/article/{WRITTEN}/record/1",
    "/day/2023-11-01", "/day/1999-01-01", "/month/2023-12", "/changes", f"/article/{600:024x}",
    f"/article/{600:024x}/with/{601:024x}", f"/article/{EDITED}/1/with/2", "/changes?kind=edited",
    "/changes?size=10&order=largest", "/places", "/trends", "/trends?term=bakery&term=lang:ko", "/about",
)  # fmt: skip
MISSING = (
    "/article/none",
    f"/article/{EDITED}/9",
    "/day/2023-13-01",
    "/day/x",
    "/month/2023",
    "/nothing",
    "/search.exe",
)


@pytest.mark.parametrize("path", PATHS)
def test_page(pages: Site, path: str) -> None:
    status, headers, body = pages.get(path)
    assert status == 200
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    root = html.fromstring(body)
    assert not list(root.iter("script", "img", "style")), (
        "the page has no scripts, images or styles of its own"
    )
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert set(re.findall(r"(?:src|href|action)=\"(https?://[^/\"]+)", body)) <= {
        pages.address, "http://kcna.kp", "http://kcna.co.jp", "http://kcnawatch.org",
        "https://web.archive.org",
    }  # fmt: skip
    assert body.count("<h1") == 1


@pytest.mark.parametrize("path", MISSING)
def test_what_is_missing(pages: Site, path: str) -> None:
    assert pages.get(path)[0] == 404


def test_the_search_shows_what_is_found(pages: Site, pages_file: object) -> None:
    _, _, body = pages.get("/?q=bakery")
    reader = Reader(pages_file)  # type: ignore[arg-type]
    number = reader.count(condition(parse("bakery")))
    reader.close()
    assert f"<strong>{number}</strong>" in body
    assert "<mark>bakery</mark>" in body
    assert len(re.findall(r'<li>\s*<h2>\s*<a href="', body)) == min(number, 20)


def test_links_of_a_query_with_alternatives(pages: Site) -> None:
    body = pages.get("/?q=" + quote('mill OR"bakery"'))[2]
    (first, *_) = re.findall(r'href="(\?q=[^"]*date%3A2023)"', body)
    assert first.startswith("?q=%28mill+OR%22bakery%22%29+date")


def test_other_spellings_are_named(pages: Site) -> None:
    assert "Also searched: Pyongyang" in pages.get("/?q=" + quote("평양"))[2]


def test_a_mistake_keeps_the_query(pages: Site) -> None:
    status, _, body = pages.get("/?q=" + quote('mill "bakery'))
    assert status == 400
    assert "quotation mark that is not closed (at character 6 of the query)" in body
    assert 'value="mill &#34;bakery"' in body


def test_an_edit_is_shown_word_by_word(pages: Site) -> None:
    _, _, body = pages.get(f"/article/{EDITED}/2")
    assert "<del>A zeppelin flew." in body
    assert "<ins>" in body
    assert f'href="/article/{EDITED}/2"' in pages.get("/changes?kind=edited")[2]


def test_a_day_without_articles_is_marked(pages: Site) -> None:
    assert '<span class="state">none</span>' in pages.get("/month/2024-03")[2]
    assert "No article of this day is in the archive." in pages.get("/day/2024-03-30")[2]


def test_exports_and_feed(pages: Site) -> None:
    lines = [json.loads(line) for line in pages.get("/search.jsonl?q=bakery")[2].splitlines()]
    rows = pages.get("/search.csv?q=bakery")[2].splitlines()
    entries = feedparser.parse(pages.get("/search.atom?q=bakery")[2].encode()).entries
    assert len(lines) == len(rows) - 1 == len(entries) > 5
    feeds = [
        feedparser.parse(pages.get(path)[2].encode()).feed
        for path in (
            "/search.atom?q=bakery",
            "/search.atom?q=mill",
            "/changes.atom",
            "/changes.atom?kind=withdrawn",
        )
    ]
    assert len({feed.id for feed in feeds}) == len({feed.title for feed in feeds}) == len(feeds)
    assert feeds[0].title == "KCNA archive: bakery"
    own = next(link.href for link in feeds[0].links if link.rel == "self")
    assert own.endswith("/search.atom?q=bakery")
    assert pages.get("/trends.csv?term=bakery")[2].startswith(
        "month,articles,days_without_articles,bakery,bakery (share)\r\n2023-11,30,0,"
    )


def test_the_api(pages: Site) -> None:
    first = json.loads(pages.get("/api/v1/search?q=bakery&limit=3")[2])
    assert (len(first["articles"]), first["cursor"]) == (3, 3)
    seen, cursor = [a["id"] for a in first["articles"]], first["cursor"]
    while cursor is not None:
        more = json.loads(pages.get(f"/api/v1/search?q=bakery&limit=3&cursor={cursor}")[2])
        seen += [a["id"] for a in more["articles"]]
        cursor = more["cursor"]
    assert len(seen) == len(set(seen)) == first["total"]
    article = json.loads(pages.get(f"/api/v1/articles/{EDITED}")[2])
    assert [text["revision"] for text in article["texts"]] == [1, 2]
    counts = json.loads(pages.get("/api/v1/counts?q=bakery&by=month")[2])
    assert sum(counts["counts"].values()) == first["total"]
    assert pages.get("/api/v1/counts?by=x")[0] == 400
    assert json.loads(pages.get("/api/v1/articles/none")[2]) == {
        "error": "there is no such page, article or photo"
    }
    assert json.loads(pages.get("/api/v1/search?q=%22")[2])["error"].startswith("a quotation mark")


def test_hostile_requests(pages: Site) -> None:
    """Check that no request gives a status 500, a timeout or a traceback."""
    assert len(set(CRAFTED)) >= 200
    for number, query in enumerate(CRAFTED):
        withstands(pages, query, HOSTILE_PATHS[number % len(HOSTILE_PATHS)])
    chosen = random.Random(7)
    for number in range(500):
        withstands(pages, random_query(chosen), HOSTILE_PATHS[number % len(HOSTILE_PATHS)])
    for path in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/article/%00",
        "/day/" + "9" * 3000,
        "/?skip=-1&order=x&q=a",
    ):
        assert pages.get(path)[0] in (200, 400, 404)
    assert pages.get("/?q=" + "a" * 5000)[0] == 400
    assert pages.get("/?q=" + "a" * 30_000)[0] == 414
    assert pages.get("/?q=" + quote("평양" * 900))[0] == 200
    with suppress(OSError):  # uvicorn may close the connection while the URL is still being sent.
        assert pages.get("/?q=" + "a" * 1_000_000)[0] == 400
    assert pages.get("/")[0] == 200


def test_a_misspelt_word_is_corrected(pages: Site) -> None:
    assert ">bakery lang:en</a>?" in pages.get("/?q=bakrey+lang:en")[2]
    assert "Did you mean" not in pages.get("/?q=bakery+lang:ja")[2], "a known word was corrected"


def test_changes_of_what_a_query_finds(pages: Site) -> None:
    body = pages.get("/changes?q=lang:en")[2]
    found = {entry.id for entry in feedparser.parse(pages.get("/changes.atom?q=lang:en")[2].encode()).entries}
    every = {entry.id for entry in feedparser.parse(pages.get("/changes.atom")[2].encode()).entries}
    assert found < every
    assert body.count("/article/") == len(found)
    edited = feedparser.parse(pages.get("/changes.atom?kind=edited")[2].encode()).entries
    assert len(edited) == 1
    assert "[-A zeppelin flew." in edited[0].summary


def test_changes_by_size(pages: Site) -> None:
    body = pages.get("/changes?size=10&order=largest")[2]
    assert body.count('<span class="state">edited</span> <span class="quiet">') == 1
    assert re.search(r"\d+ words</span>", body)
    assert re.search(r"edited <span class=\"quiet\">\d+ words", pages.get(f"/article/{EDITED}")[2])
    assert "<li>None.</li>" in pages.get("/changes?size=100000")[2]
    assert len(feedparser.parse(pages.get("/changes.atom?size=10")[2].encode()).entries) == 1
    assert "size=10" in re.findall(r'href="(/changes\.atom[^"]*)"', body)[0], (
        "the feed must have the filter of the page"
    )
    (change,) = json.loads(pages.get("/api/v1/changes?size=10&order=largest")[2])["changes"]
    assert change["size"] >= 10
    sizes = [event["size"] for event in json.loads(pages.get(f"/api/v1/articles/{EDITED}")[2])["events"]]
    assert sizes == [change["size"]]
    first = json.loads(pages.get("/api/v1/changes?limit=1&kind=withdrawn")[2])
    assert (len(first["changes"]), first["cursor"], first["changes"][0]["size"]) == (1, 1, None)
    assert pages.get("/api/v1/changes?order=x")[0] == pages.get("/api/v1/changes?kind=x")[0] == 400
    last = json.loads(pages.get("/api/v1/changes?limit=200")[2])
    assert last["cursor"] is None


def test_references(pages: Site) -> None:
    bibtex = pages.get(f"/article/{WRITTEN}.bib")[2]
    assert bibtex.startswith(f"@misc{{kcna{WRITTEN},")
    assert "author = {{Korean Central News Agency}}" in bibtex
    assert "\\&" in bibtex
    assert pages.get(f"/article/{WRITTEN}.ris")[2].startswith(
        "TY  - NEWS\r\nAU  - Korean Central News Agency\r\nTI  - "
    )
    assert pages.get(f"/article/{WRITTEN}.doc")[0] == 404


def test_similar_titles(pages: Site) -> None:
    assert "Similar titles of these weeks" in pages.get("/article/" + f"{30:024x}")[2]


def test_the_api_is_described(pages: Site) -> None:
    """Check that the described parameters and fields exist, and that every route is described."""
    described = json.loads(pages.get("/api/v1/openapi.json")[2])["paths"]
    assert set(described) == {
        route.path
        for route in ROUTES
        if isinstance(route, Route) and route.path.startswith("/api/") and "openapi" not in route.path
    }
    for path, asked in (
        ("/api/v1/search", "?q=bakery"),
        ("/api/v1/counts", "?q=bakery"),
        ("/api/v1/changes", ""),
        ("/api/v1/articles/{key}", ""),
    ):
        answer = json.loads(pages.get(path.replace("{key}", EDITED) + asked)[2])
        fields = described[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"][
            "properties"
        ]
        assert set(fields) <= set(answer)
        schema = fields["articles"]["items"]["properties"] if "articles" in fields else fields
        for one in answer.get("articles", [answer]):
            missing = [name for name, value in one.items() if value is None and name in schema]
            assert all("null" in schema[name]["type"] for name in missing), missing


def test_pages_far_back_and_empty_ones(pages: Site) -> None:
    assert json.loads(pages.get("/api/v1/search?limit=0")[2])["cursor"] == 20
    far = json.loads(pages.get("/api/v1/search?cursor=900000000")[2])
    assert (far["articles"], far["cursor"]) == ([], None)
    assert pages.get("/search.csv?q=zeppelin")[2].startswith("id,language,title,published,")
    assert pages.get("/search.jsonl?q=zeppelin")[2] == ""


def test_about_shows_what_the_report_shows(pages: Site, pages_file: object) -> None:
    root = html.fromstring(pages.get("/about")[2])
    tables = {
        table.findtext("caption"): [[cell.text_content() for cell in row] for row in table.xpath("tbody/tr")]
        for table in root.iter("table")
    }
    reader = Reader(pages_file)  # type: ignore[arg-type]
    number = reader.count(condition(None))
    (urls,) = reader.rows("SELECT count(*) FROM copies")
    reader.close()
    for caption in ("Articles by year", "Articles by language"):
        assert sum(int(row[1]) for row in tables[caption]) == number
    assert sum(int(row[2]) for row in tables["URLs by site and state"]) == urls[0]
    assert ["2023-11", "edited", "1"] in tables["Changes by the month in which they were noticed"]
    assert sum(int(row[1]) for row in tables["Days from the dateline to the publication"]) <= number


def test_each_copy_leads_to_the_wayback_machine(pages: Site) -> None:
    root = html.fromstring(pages.get(f"/article/{EDITED}")[2])
    copies = root.xpath("//h2[.='Where it was seen']/following::table[1]/tbody/tr")
    assert copies
    for copy in copies:
        (live,) = copy.xpath("th/a/@href")
        assert f"https://web.archive.org/web/*/{live}" in copy.xpath(".//a/@href")


def test_an_error_of_the_server_has_the_headers_too(pages: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("kcna_spider.web.overviews.trends", broken)
    status, headers, _ = pages.get("/trends?term=farm")
    assert status == 500
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_today_in_trends_is_the_day_in_utc_for_changes(pages: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check an evening in UTC, when it is the next day in Pyongyang, and an edit of that evening."""
    evening = dt.datetime(2023, 11, 1, 20, tzinfo=dt.UTC)
    monkeypatch.setattr("kcna_spider.web.overviews.utc_now", lambda: evening)
    rows = list(csv.DictReader(io.StringIO(pages.get("/trends.csv?term=changed:today")[2])))
    assert [row["month"] for row in rows if row["changed:today"] != "0"] == ["2023-11"]


def test_a_term_is_no_formula(pages: Site) -> None:
    header = pages.get("/trends.csv?term=%3Dfarm")[2].splitlines()[0]
    assert header == "month,articles,days_without_articles,'=farm,'=farm (share)"
