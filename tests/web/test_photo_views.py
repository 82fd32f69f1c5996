"""Photos on the pages of articles, files and changes, and their files from one folder only."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from kcna_spider.search.about import write_about
from kcna_spider.search.tables import create
from kcna_spider.search.writer import Writer
from kcna_spider.web.app import create_app
from tests.search.texts import BEGIN, document
from tests.stored_photos import (
    ALTERED,
    CAPTION,
    ELSEWHERE,
    GONE,
    HASHES,
    files,
    photo,
    photo_document,
    photos_of_first,
    photos_of_second,
    sha256,
)
from tests.system import chromium
from tests.web.browser import check_page, empty_page, listening, running_chromium
from tests.web.conftest import HOSTILE, Site, serving

FIRST, SECOND, THIRD = (f"{n:024x}" for n in (1, 2, 3))
PATHS = (
    f"/article/{FIRST}", f"/article/{SECOND}", f"/article/{THIRD}", f"/photo/{sha256('before')}",
    f"/photo/{sha256('back')}", f"/photo/{sha256('elsewhere')}", f"/photo/{sha256('svg')}", "/changes",
    "/changes?kind=photo_altered", "/about",
)  # fmt: skip
# These files are not served: outside the folder, linked to the outside, not a photo, or missing.
REFUSED = {
    "outside": {"path": "../secret.jpg"},
    "absolute": {"path": "/etc/passwd"},
    "link": {"path": "link.jpg"},
    "svg": {"format": "svg", "path": "x.svg"},
    "null": {"path": "a\0b.jpg"},
    "folder": {"path": ""},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with all photos except "elsewhere", and with files that must not be served."""
    path = tmp_path_factory.mktemp("files") / "photos"
    for number, name in enumerate(HASHES):
        if name != "elsewhere":
            file = path / f"{sha256(name)[:2]}/{sha256(name)}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (640, 480), (40 * number, 90, 120)).save(file, "JPEG")
    (path.parent / "secret.jpg").write_text("a secret")
    (path / "link.jpg").symlink_to(path.parent / "secret.jpg")
    (path / "x.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive file with both articles, and one with HTML in its texts."""
    path = tmp_path_factory.mktemp("archive") / "archive.sqlite"
    hostile = [
        photo(f"http://kcna.kp/{name}.jpg", name, n, caption=HOSTILE) for n, name in enumerate(REFUSED, 1)
    ]
    articles = [
        document(1, "en", "Bakery Opened", "A bakery.", **photos_of_first()),
        document(2, "ko", "제과점", "새 제과점.", **photos_of_second()),
        document(3, "en", HOSTILE, HOSTILE, photos=hostile, kind="photo"),
    ]
    kept = [*files(), *(photo_document(name, 2**63 - 1, **fields) for name, fields in REFUSED.items())]
    writer = Writer(path)
    create(writer.base)
    writer.write(articles, (), kept)
    write_about(writer.base, "a test", BEGIN)
    writer.close()
    return path


@pytest.fixture(scope="module")
def shown(file: Path, folder: Path) -> Iterator[Site]:
    """Yield the running server."""
    with serving(create_app(file, 5.0, None, folder)) as site:
        yield site


def bytes_of(site: Site, path: str) -> tuple[dict[str, str], bytes]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(site.address + path, headers={"Accept-Encoding": "gzip"})
    with opener.open(request, timeout=30) as response:
        return dict(response.headers), response.read()


def test_a_file(shown: Site, folder: Path) -> None:
    headers, body = bytes_of(shown, f"/photo-files/{sha256('before')}")
    assert body == (folder / f"{sha256('before')[:2]}/{sha256('before')}.jpg").read_bytes()
    assert headers["content-type"] == "image/jpeg"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "content-encoding" not in headers


@pytest.mark.parametrize("name", [*REFUSED, "elsewhere", "unknown"])
def test_what_is_not_served(shown: Site, name: str) -> None:
    status, headers, body = shown.get(f"/photo-files/{sha256(name)}")
    assert status == 404
    assert headers["content-type"].startswith("text/html")
    assert "secret" not in body


def test_paths_instead_of_a_name(shown: Site) -> None:
    for path in ("..%2f..%2fetc%2fpasswd", "../secret.jpg", "link.jpg", "%00", "x" * 2000, sha256("x")[:63]):
        assert shown.get(f"/photo-files/{path}")[0] == 404
        assert shown.get(f"/photo/{path}")[0] == 404


def test_an_article(shown: Site) -> None:
    root = html.fromstring(shown.get(f"/article/{FIRST}")[2])
    altered, gone, _ = root.xpath("//figure")
    assert altered.xpath(".//img/@src") == [f"/photo-files/{sha256(name)}" for name in ("before", "after")]
    assert CAPTION in altered.xpath("string(figcaption)")
    assert {ALTERED, f"https://web.archive.org/web/*/{ALTERED}"} < set(altered.xpath(".//a/@href"))
    assert gone.xpath(".//img/@src") == [f"/photo-files/{sha256('gone')}"]
    assert GONE in gone.xpath(".//a/@href")
    assert "gone since 2026-05-02" in gone.xpath("string(.)")
    assert "seen from 2026-05-01" in gone.xpath("string(.)")
    assert "photo altered" in root.xpath("string(//h2[.='What happened to it']/following::ul[1])")
    (missing, there) = html.fromstring(shown.get(f"/article/{SECOND}")[2]).xpath("//figure")
    assert "Not shown: the file is not in the folder of photos." in missing.xpath("string(.)")
    assert ELSEWHERE in missing.xpath(".//a/@href")
    assert (len(missing.xpath(".//img")), len(there.xpath(".//img"))) == (0, 1)


def test_a_photo_page_that_belongs_to_no_article(shown: Site) -> None:
    said = "a photo page that belongs to no article"
    assert said in shown.get(f"/article/{THIRD}")[2]
    assert said not in shown.get(f"/article/{FIRST}")[2]
    assert json.loads(shown.get(f"/api/v1/articles/{THIRD}")[2])["kind"] == "photo"


def test_a_photo(shown: Site) -> None:
    root = html.fromstring(shown.get(f"/photo/{sha256('before')}")[2])
    text = root.xpath("string(//main)")
    assert sha256("before") in text
    assert "f0f0123456789abc" in text
    assert "640 × 480 pixels" in text
    assert "showed it before its photo was altered" in text
    (near,) = root.xpath("//ul[@class='photos']/li")
    assert "2 bits differ" in near.xpath("string(.)")
    assert f"/article/{SECOND}" in near.xpath(".//a/@href")
    both = html.fromstring(shown.get(f"/photo/{sha256('back')}")[2])
    assert set(both.xpath("//main/ul[1]//a[starts-with(@href, '/article/')]/@href")) == {
        f"/article/{FIRST}",
        f"/article/{SECOND}",
    }
    assert "None." in both.xpath("string(//main)"), "the same file must not count as a near-identical photo"


def test_changes_of_photos(shown: Site) -> None:
    body = shown.get("/changes?kind=photo_altered")[2]
    root = html.fromstring(body)
    (change,) = root.xpath("//ol/li")
    assert change.xpath(".//img/@src") == [f"/photo-files/{sha256(name)}" for name in ("before", "after")]
    assert change.xpath(".//a/@href")[0] == f"/article/{FIRST}"
    kinds = root.xpath("//nav[@aria-label='Kinds of changes']/a")
    assert {"photo altered", "photo gone", "photo back"} < {kind.text for kind in kinds}
    assert len(html.fromstring(shown.get("/changes")[2]).xpath("//ol/li")) == 4
    feed = shown.get("/changes.atom?kind=photo_altered")[2]
    assert sha256("before") in feed
    assert sha256("after") in feed
    (described,) = json.loads(shown.get("/api/v1/changes?kind=photo_altered")[2])["changes"]
    assert (described["url"], described["sha256_after"]) == (ALTERED, sha256("after"))


def test_the_api(shown: Site) -> None:
    found = json.loads(shown.get(f"/api/v1/articles/{FIRST}")[2])["photos"]
    assert [(one["url"], one["status"]) for one in found[:2]] == [(ALTERED, "live"), (GONE, "gone")]
    assert [one["before"] for one in found[0]["changes"]] == [sha256("before")]
    assert "article" not in found[0], "the API must not show row numbers, which change with a rebuild"
    one = json.loads(shown.get(f"/api/v1/photos/{sha256('before')}")[2])
    assert (one["phash"], one["width"], len(one["articles"])) == ("f0f0123456789abc", 640, 1)
    assert one["articles"][0]["photos"][0]["url"] == ALTERED
    near = json.loads(shown.get(f"/api/v1/photos/{sha256('before')}/similar")[2])
    assert [(p["sha256"], p["distance"], p["id"]) for p in near["photos"]] == [
        (sha256("elsewhere"), 2, SECOND)
    ]
    closer = json.loads(shown.get(f"/api/v1/photos/{sha256('before')}/similar?distance=1")[2])
    assert (closer["photos"], closer["distance"]) == ([], 1)
    assert shown.get(f"/api/v1/photos/{sha256('before')}/similar?distance=8")[0] == 400
    for path in ("x", "x/similar"):
        assert shown.get(f"/api/v1/photos/{path}")[0] == 404
    paths = json.loads(shown.get("/api/v1/openapi.json")[2])["paths"]
    for path, answer in (("/api/v1/photos/{key}", one), ("/api/v1/photos/{key}/similar", near)):
        schema = paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert set(schema["properties"]) == set(answer)
    schema = paths["/api/v1/photos/{key}/similar"]["get"]["responses"]["200"]["content"]["application/json"]
    items = schema["schema"]["properties"]["photos"]["items"]["properties"]
    assert set(items) == set(near["photos"][0])


@pytest.mark.parametrize("path", PATHS)
def test_nothing_becomes_markup(shown: Site, path: str) -> None:
    status, headers, body = shown.get(path)
    assert status == 200
    assert "img-src 'self'" in headers["content-security-policy"]
    root = html.fromstring(body)
    assert not list(root.iter("script", "style"))
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert all(source.startswith("/photo-files/") for source in root.xpath("//img/@src"))
    assert body.count("<h1") == 1
    assert "<b>bakery" not in body


def test_without_a_folder(file: Path) -> None:
    with serving(create_app(file, 5.0)) as site:
        assert site.get(f"/photo-files/{sha256('before')}")[0] == 404
        body = site.get(f"/photo/{sha256('before')}")[2]
    assert "<img" not in body
    assert "Not shown: the file is not in the folder of photos." in body


@chromium
@pytest.mark.process
def test_in_a_browser(shown: Site) -> None:
    """Check that the images load, that the pages fit the window, and that axe finds nothing serious."""
    with running_chromium() as browser:
        page, messages = empty_page(browser)
        for path in PATHS:
            check_page(page, shown.address + path, messages)
        strict = browser.new_context(java_script_enabled=False).new_page()
        said = listening(strict)
        loaded: list[str] = []
        strict.on("requestfinished", lambda request: loaded.append(request.url))
        strict.goto(f"{shown.address}/changes?kind=photo_altered", wait_until="networkidle")
    assert said == []
    assert {url for url in loaded if "/photo-files/" in url} == {
        f"{shown.address}/photo-files/{sha256(name)}" for name in ("before", "after")
    }
