"""Photos of articles: fetched, kept, rechecked, read from WARC files, after kills and with faults."""

from __future__ import annotations

import hashlib
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kcna_spider.sample_site.kcna_kp_2022_pages import q_url
from kcna_spider.sample_site.kcna_kp_pages import detail_url
from kcna_spider.sample_site.kcnawatch_pages import shows_picture, watch_url
from kcna_spider.sample_site.sample_photos import (
    ALONE,
    SamplePhoto,
    is_linked,
    photo_page_url,
    photos_of,
    picture,
)
from kcna_spider.sample_site.site_http import PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import STORIES, Story
from kcna_spider.sample_site.wayback_pages import CAPTURED
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler

STORIES_ON_KP = [s for s in STORIES if s.kp and s.code == "en" and s.live(1)]
WITH_PHOTOS = [s for s in STORIES_ON_KP if photos_of(s)]
RECHECK = ("-a", "recheck=36500")


@pytest.fixture
def folder(tmp_path: Path, scrapy: Crawler) -> Path:
    """Return the folder in which the crawls of a test keep photos."""
    scrapy.environment["FILES_STORE"] = str(tmp_path / "photos")
    return tmp_path / "photos"


def crawl(scrapy: Crawler, spider: str = "kcna_kp", *arguments: str, code: int = 0) -> str:
    done = scrapy("crawl", spider, "-a", "photos=1", *arguments)
    assert done.code == code, done.output[-4000:]
    assert "Traceback" not in done.output
    return done.output


def stored(archive: Archive) -> dict[str, dict[str, Any]]:
    """Return the article of the URL of each copy."""
    return {c["url"]: d for d in archive.database["articles"].find() for c in d["copies"]}


def live(document: dict[str, Any]) -> dict[str, str]:
    """Return the SHA-256 for the URLs of the photos that the site shows."""
    return {p["url"]: p["sha256"] for p in document.get("photos", []) if p["status"] == "live"}


def wanted(story: Story, epoch: int = 1) -> dict[str, str]:
    return {p.url: sha256 for p in photos_of(story) if (sha256 := p.sha256(epoch))}


def check(archive: Archive, folder: Path, epoch: int = 1) -> None:
    """Check that every photo of every story is stored once, with its bytes, and in no other story."""
    articles = stored(archive)
    for story in [s for s in STORIES if s.kp and s.code == "en" and s.live(epoch)]:
        assert live(articles[detail_url(story)]) == wanted(story, epoch), story.title
    for document in archive.database["photos"].find():
        body = (folder / document["path"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == document["sha256"] == document["_id"]
        assert (document["format"], document["bytes"]) == ("jpeg", len(body))
        assert (document["width"], document["height"]) == (96, 64)
    files = list(folder.rglob("*.jpg"))  # A kill may leave unfinished `.new-...` files there.
    assert len(files) == archive.database["photos"].count_documents({})


def test_all_photos_once(scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path) -> None:
    assert any(not is_linked(story) for story in WITH_PHOTOS)
    assert any(len(photos_of(story)) > 1 for story in WITH_PHOTOS)
    crawl(scrapy)
    check(archive, folder)
    asked = site.requested("/photo/") + site.requested("/gallery/detail/")
    assert set(asked.values()) == {1}
    first = next(s for s in WITH_PHOTOS if len(photos_of(s)) > 1 and is_linked(s))
    photos = stored(archive)[detail_url(first)]["photos"]
    assert [(p["url"], p["position"]) for p in photos] == [
        (p.url, n) for n, p in enumerate(photos_of(first), 1)
    ]
    assert [p["caption"] for p in photos[:2]] == [None, f"{first.title}, photo 2"]
    assert {p["page_url"] for p in photos} == {photo_page_url(first)}
    site.log.clear()
    crawl(scrapy)
    assert not site.requested("/photo/")
    assert not site.requested("/gallery/detail/")


def test_photo_pages_without_an_article(scrapy: Crawler, archive: Archive, folder: Path) -> None:
    crawl(scrapy)
    articles = stored(archive)
    for story in ALONE:
        document = articles[photo_page_url(story)]
        assert (document["kind"], document["title"], document["published"].date()) == (
            "photo",
            story.title,
            story.day,
        )
        assert live(document) == wanted(story)
    unlinked = next(story for story in WITH_PHOTOS if not is_linked(story))
    assert photo_page_url(unlinked) not in articles
    assert articles[detail_url(unlinked)]["photo_pages"][0]["url"] == photo_page_url(unlinked)


def test_without_the_argument_no_request_more(
    scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path
) -> None:
    assert scrapy("crawl", "kcna_kp").code == 0
    assert not site.requested("/photo/")
    assert not site.requested("/gallery/")
    assert not folder.exists()
    crawl(scrapy)  # A later crawl with photos also fetches those of stored articles.
    check(archive, folder)
    assert not [url for url in site.requested("/article/detail/") if site.requested(url)[url] > 1]


def test_altered_removed_and_back(scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path) -> None:
    crawl(scrapy)
    site.world.epoch = 2
    site.log.clear()
    crawl(scrapy, "kcna_kp", *RECHECK)
    check(archive, folder, 2)
    assert max(site.requested("/photo/").values()) == 1
    photos = [p for s in [*STORIES_ON_KP, *ALONE] if s.live(2) for p in photos_of(s)]
    altered = {p.url for p in photos if p.altered and not p.removed}
    removed = {p.url for p in photos if p.removed}
    assert altered
    assert removed
    withdrawn = {p.url for s in STORIES_ON_KP if not s.live(2) for p in photos_of(s)}
    assert events(archive, "photo_altered") == Counter(altered)
    assert events(archive, "photo_gone") == Counter(removed | withdrawn)
    for document in archive.database["articles"].find({"events.kind": "photo_altered"}):
        for event in document["events"]:
            if event["kind"] == "photo_altered":
                names = (event["sha256_before"], event["sha256_after"])
                assert all(archive.database["photos"].find_one({"_id": name}) for name in names)
    site.world.epoch = 1
    crawl(scrapy, "kcna_kp", *RECHECK)
    check(archive, folder, 1)
    assert events(archive, "photo_back") == Counter(removed | withdrawn)
    assert events(archive, "photo_altered") == Counter([*altered, *altered])


def events(archive: Archive, kind: str) -> Counter[str]:
    return Counter(
        event["url"]
        for document in archive.database["articles"].find()
        for event in document.get("events", [])
        if event["kind"] == kind
    )


def test_a_recheck_is_conditional(scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path) -> None:
    crawl(scrapy)
    site.log.clear()
    output = crawl(scrapy, "kcna_kp", *RECHECK)
    number = sum(len(photos_of(s)) for s in [*STORIES_ON_KP, *ALONE])
    assert len(site.requested("/photo/")) == number
    assert f"'photos/unchanged': {number}" in output
    assert all("if-none-match" in asked.headers for asked in site.log if "/photo/" in asked.url)
    check(archive, folder)
    files = list(archive.database["photos"].find())
    assert len(files) > 1
    assert all(file["first_seen"] < file["last_seen"] for file in files)


def test_the_older_layout(scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path) -> None:
    site.world.era = 2024
    crawl(scrapy)
    articles = stored(archive)
    linked = [story for story in WITH_PHOTOS if is_linked(story)]
    assert linked
    for story in linked:
        for category in story.categories:
            assert live(articles[q_url(story, category)]) == wanted(story)
    assert max(site.requested("/photo/").values()) == 1


def test_kcnawatch_shows_its_own(scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path) -> None:
    crawl(scrapy, "kcnawatch")
    own = [s for s in STORIES if s.watch and s.live(1) and shows_picture(s, 1)]
    assert own
    articles = stored(archive)
    for story in own:
        url = f"https://kcnawatch.org/wp-content/uploads/{story.number}.jpg"
        name = hashlib.md5(str(story.number).encode()).hexdigest()
        assert live(articles[watch_url(story)]) == {url: hashlib.sha256(picture(name, 1)).hexdigest()}
    assert not [asked for asked in site.log if "pixel.example" in asked.url]
    site.log.clear()
    output = crawl(scrapy, "kcnawatch", *RECHECK)
    assert f"'photos/unchanged': {len(own)}" in output
    site.world.epoch = 2
    crawl(scrapy, "kcnawatch", *RECHECK)
    gone = [s for s in own if not s.live(2) or not shows_picture(s, 2)]
    assert 0 < len(gone) < len(own)
    urls = [f"https://kcnawatch.org/wp-content/uploads/{s.number}.jpg" for s in gone]
    assert events(archive, "photo_gone") == Counter(urls)


def test_wayback(scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path) -> None:
    crawl(scrapy, "wayback", "-a", "site=kcna.kp")
    articles = stored(archive)
    linked = [s for s in STORIES if s.kp and photos_of(s) and is_linked(s)]
    assert linked
    for story in linked:
        document = articles[detail_url(story)]
        page = next(c for c in document["copies"] if c["url"] == detail_url(story))
        epoch = 1 + CAPTURED.index(f"{page['capture']['at']:%Y%m%d%H%M%S}")
        assert live(document) == wanted(story, epoch), story.title
    entry = articles[detail_url(linked[0])]["photos"][0]
    assert entry["capture"]["url"].startswith("https://web.archive.org/web/")
    assert not events(archive, "photo_gone"), "a capture must not mark photos as gone"


def test_killed_at_any_time(scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path) -> None:
    cut = 0
    for number in range(4):
        process = scrapy.begin("crawl", "kcna_kp", "-a", "photos=1", "-s", "DOWNLOAD_DELAY=0.05")
        before = len(site.log)
        while len(site.log) < before + 12 * (number + 1) and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        cut += process.returncode == -signal.SIGKILL
    assert cut, "no kill hit a running crawl"
    crawl(scrapy)
    check(archive, folder)


def test_two_crawls_at_once(scrapy: Crawler, archive: Archive, folder: Path) -> None:
    both = [scrapy.begin("crawl", "kcna_kp", "-a", "photos=1") for _ in range(2)]
    for process in both:
        process.communicate()
    assert [process.returncode for process in both] == [0, 0]
    check(archive, folder)


def test_again_from_warc_files(
    scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path, tmp_path: Path, store: StoreSettings
) -> None:
    scrapy.environment["WARC_DIR"] = str(tmp_path / "warc")
    crawl(scrapy)
    site.world.epoch = 2
    crawl(scrapy, "kcna_kp", *RECHECK)
    other = StoreSettings(uri=store.uri, database=f"{store.database}_2")
    reading = Crawler(other, "http://127.0.0.1:9", {"FILES_STORE": str(tmp_path / "again")})
    done = reading("reparse", "--photos", str(tmp_path / "warc"))
    assert done.code == 0, done.output[-3000:]
    again = Archive(other)
    assert _photos_by_url(again) == _photos_by_url(archive)
    assert events(again, "photo_altered") == events(archive, "photo_altered")
    assert events(again, "photo_gone") == events(archive, "photo_gone")
    again.close()
    names = sorted(path.name for path in folder.rglob("*.jpg"))
    assert sorted(path.name for path in (tmp_path / "again").rglob("*.jpg")) == names


def test_a_photo_of_two_pages_again_from_warc_files(
    scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path, tmp_path: Path, store: StoreSettings
) -> None:
    """Check a photo that a crawl requests once, because two pages show it."""
    linked = [story for story in WITH_PHOTOS if is_linked(story)][:2]
    shared = photos_of(linked[0])[0]
    for story in linked:
        gallery = f'<main><div class="gallery"><h5>x</h5><img src="{urlsplit(shared.url).path}"></div></main>'
        site.responses[photo_page_url(story)] = [PageResponse(gallery.encode())]
    scrapy.environment["WARC_DIR"] = str(tmp_path / "warc")
    crawl(scrapy, "kcna_kp", "-s", "CONCURRENT_REQUESTS=1")
    other = StoreSettings(uri=store.uri, database=f"{store.database}_2")
    reading = Crawler(other, "http://127.0.0.1:9", {"FILES_STORE": str(tmp_path / "again")})
    assert reading("reparse", "--photos", str(tmp_path / "warc")).code == 0
    again = Archive(other)
    for stored_by in (archive, again):
        articles = stored(stored_by)
        for story in linked:
            assert list(live(articles[detail_url(story)])) == [shared.url]
            assert articles[detail_url(story)]["photos_due"] is False
    again.close()


def test_reparse_without_room_for_photos(
    scrapy: Crawler, archive: Archive, folder: Path, tmp_path: Path
) -> None:
    scrapy.environment["WARC_DIR"] = str(tmp_path / "warc")
    crawl(scrapy)
    (tmp_path / "file").write_text("in the way")
    scrapy.environment["FILES_STORE"] = str(tmp_path / "file")
    done = scrapy("reparse", "--photos", str(tmp_path / "warc"))
    assert done.code == 1
    assert "photos_not_kept: [Errno" in done.output
    assert "Traceback" not in done.output


def _photos_by_url(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    fields = ("url", "page_url", "sha256", "caption", "position", "status")
    return {
        url: [tuple(photo[name] for name in fields) for photo in document.get("photos", [])]
        for url, document in stored(archive).items()
    }


def spoilt(photo: SamplePhoto, number: int) -> tuple[PageResponse, str]:
    """Return the response of a hostile or broken server in place of a photo, and the reason of the reject."""
    body = photo.file(1) or b""
    kinds = (
        (PageResponse(b"<html><title>Error</title>no such photo</html>", 200, "image/jpeg"), "not_an_image"),
        (PageResponse(body[: len(body) * 2 // 3], 200, "image/jpeg"), "truncated"),
        (PageResponse(body, 200, "text/html"), "wrong_type"),
        (PageResponse(b"\x00" * 2_000, 200, "image/jpeg"), "not_an_image"),
        (PageResponse(b"", 200, "image/jpeg"), "empty"),
        (PageResponse(b"\xff\xd8" + b"x" * (50 * 2**20), 200, "image/jpeg"), "cancelled"),
        (PageResponse(b"<html><title>Web Page Blocked</title></html>", 200, "image/jpeg"), "blocked"),
        (PageResponse(b"no", 503), "http_503"),
    )
    return kinds[number % len(kinds)]


def test_hostile_files(scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path) -> None:
    by_url = {p.url: p for s in [*STORIES_ON_KP, *ALONE] for p in photos_of(s)}

    hostile = {url: spoilt(photo, n) for n, (url, photo) in enumerate(by_url.items())}
    for url, (answer, _) in hostile.items():
        site.responses[url] = [answer] * 20
        site.responses[url.replace("www.", "")] = [answer] * 20  # This is the site's other host.
    output = crawl(scrapy, "kcna_kp", "-s", "RETRY_PAUSE_SECONDS=0.01", code=1)
    assert "photos_missing" in output
    assert not folder.exists() or not [path for path in folder.rglob("*") if path.is_file()]
    assert archive.database["photos"].count_documents({}) == 0
    rejects = {r["url"]: r["reason"] for r in archive.rejects.find({"reason": {"$regex": "^photo_"}})}
    assert rejects == {url: f"photo_{reason}" for url, (_, reason) in hostile.items()}
    assert archive.database["articles"].count_documents({"photos": {"$exists": True}}) == 0
    # A later crawl fetches the photos after the server has recovered.
    archive.database["articles"].update_many({}, {"$set": {"photo_pages.$[].asked_at": None}})
    site.responses.clear()
    crawl(scrapy)
    check(archive, folder)


def test_a_path_in_the_url(scrapy: Crawler, archive: Archive, site: SampleSite, folder: Path) -> None:
    story = next(story for story in WITH_PHOTOS if is_linked(story))
    url = "http://www.kcna.kp/photo/..%2F..%2F..%2Fescaped.jpg"
    page = f'<main><div class="gallery"><h5>x</h5><img src="{urlsplit(url).path}"></div></main>'
    site.responses[photo_page_url(story)] = [PageResponse(page.encode())]
    site.responses[url] = [PageResponse(picture("ab" * 16, 1), 200, "image/jpeg")]
    crawl(scrapy)
    (photo,) = stored(archive)[detail_url(story)]["photos"]
    assert photo["url"] == url
    assert (folder / photo["sha256"][:2] / f"{photo['sha256']}.jpg").exists()
    assert not list(folder.parent.rglob("*escaped*"))


def test_a_site_without_the_argument_refuses_it(scrapy: Crawler) -> None:
    done = scrapy("crawl", "kcna_co_jp", "-a", "photos=1")
    assert done.code != 0
    assert "unknown argument 'photos'" in done.output


def test_a_store_that_cannot_be_used_is_named_before_the_first_request(
    scrapy: Crawler, archive: Archive
) -> None:
    done = scrapy("crawl", "kcna_kp", "-a", "photos=1", "-s", "FILES_STORE=ftp://example.org/photos")
    assert done.code == 2
    assert "scrapy crawl: FILES_STORE=ftp://example.org/photos: name a folder, s3://" in done.output
    assert not archive.runs.count_documents({})
