"""Complete re-parses of WARC files that other programs wrote.

The cases are bad URLs, decoded bodies, revisits, truncated records and WACZ files.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kcna_spider.sample_site.kcna_kp_pages import kp
from kcna_spider.sample_site.kcnawatch_pages import watch, watch_url
from kcna_spider.sample_site.site_http import PageRequest
from kcna_spider.sample_site.site_state import World
from kcna_spider.sample_site.stories import EN, Story
from kcna_spider.store.archive import Archive
from tests.conftest import Crawl, Crawler

BASE = "http://www.kcna.kp/en/article/detail/"


def page_of(story: Story, epoch: int = 1) -> bytes:
    """Return the article's page on kcna.kp."""
    return kp(PageRequest("GET", BASE + story.key, {}), World(epoch=epoch)).body


class Maker:
    """Writer of records into a file."""

    def __init__(self, path: Path, *, packed: bool = True) -> None:
        self.file = path.open("wb")
        self.writer = WARCWriter(self.file, gzip=packed)

    def add(
        self,
        url: str,
        body: bytes = b"",
        day: int = 1,
        status: str = "200 OK",
        headers: tuple[tuple[str, str], ...] = (),
        kind: str = "response",
        **more: str,
    ) -> None:
        """Write one record of a day in January 2026."""
        answer = StatusAndHeaders(
            status, [("Content-Type", "text/html; charset=utf-8"), *headers], protocol="HTTP/1.1"
        )
        date = {
            "WARC-Date": f"2026-01-{day:02}T12:00:00Z",
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        made = self.writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), length=len(body), http_headers=answer, warc_headers_dict=date
        )
        self.writer.write_record(made)

    def close(self) -> None:
        """Complete the file."""
        self.file.close()


def parse(scrapy: Crawler, path: Path) -> Crawl:
    """Re-parse a file or folder without network."""
    return Crawler(scrapy.store, "http://127.0.0.1:9")("reparse", str(path))


def titles(archive: Archive) -> list[str]:
    """Return the titles of the stored articles."""
    return sorted(document["title"] for document in archive.database["articles"].find())


@pytest.mark.parametrize(
    ("url", "status", "location"),
    [
        (f"{BASE}x", "301 Moved", "http://[bad/"),
        (f"{BASE}x", "302 Found", "http://www.kcna.kp:99999/en"),
        ("http://www.kcna.kp:99999/en", "200 OK", ""),
        ("http://[bad/", "200 OK", ""),
        (f"{BASE}x", "OK", ""),
    ],
)
def test_one_bad_record_among_good_ones(
    scrapy: Crawler, archive: Archive, tmp_path: Path, url: str, status: str, location: str
) -> None:
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add(BASE + EN[1].key, page_of(EN[1]))
    maker.add(url, b"<html>x</html>", status=status, headers=(("Location", location),) if location else ())
    maker.add(BASE + EN[3].key, page_of(EN[3]))
    maker.close()
    crawl = parse(scrapy, tmp_path)
    assert titles(archive) == sorted([EN[1].title, EN[3].title])
    assert crawl.code == 1
    assert "reparse: unread_records." in crawl.output
    assert "'warc/bad_record': 1" in crawl.output
    assert [reject["reason"] for reject in archive.rejects.find()] == ["bad_record"]
    assert any(url in line for line in crawl.output.splitlines() if "Rejected: " in line)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd"])
def test_bodies_that_are_decoded_already(
    scrapy: Crawler, archive: Archive, tmp_path: Path, encoding: str
) -> None:
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add(
        BASE + EN[1].key,
        page_of(EN[1]),
        headers=(("Content-Encoding", encoding), ("Transfer-Encoding", "chunked"), ("Content-Length", "7")),
    )
    maker.add(BASE + EN[3].key, gzip.compress(page_of(EN[3])), headers=(("Content-Encoding", "gzip"),))
    maker.close()
    assert parse(scrapy, tmp_path).code == 0
    assert titles(archive) == sorted([EN[1].title, EN[3].title])


def digest(body: bytes) -> str:
    """Return a digest in the form of WARC-Payload-Digest."""
    return f"sha1:{hashlib.sha1(body).hexdigest()}"


def test_revisits_are_sightings(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    """Check that a revisit record of the 3rd reverts an edit of the 2nd to the first text."""
    old, new, url = page_of(EN[0]), page_of(EN[0], epoch=2), BASE + EN[0].key
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add(url, old, day=1, WARC_Payload_Digest=digest(old))
    maker.add(url, new, day=2, WARC_Payload_Digest=digest(new))
    maker.add(url, b"", day=3, kind="revisit", WARC_Payload_Digest=digest(old), WARC_Refers_To_Target_URI=url)
    maker.add(url, b"", day=4, kind="revisit", WARC_Payload_Digest=digest(old), WARC_Refers_To_Target_URI=url)
    maker.close()
    crawl = parse(scrapy, tmp_path)
    assert crawl.code == 0
    document = archive.database["articles"].find_one()
    assert document
    (copy,) = document["copies"]
    assert (copy["first_seen"].day, copy["last_seen"].day) == (1, 4)
    assert [(entry["at"].day, entry["before"], entry["revision"]) for entry in copy["history"]] == [
        (2, 1, 2),
        (3, 2, 1),
    ]
    assert "'warc/revisits': 2" in crawl.output


def test_a_revisit_of_a_page_that_is_elsewhere(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    body, url = page_of(EN[0]), BASE + EN[0].key
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add(url, body, day=1)
    maker.add(url, b"", day=5, kind="revisit", WARC_Payload_Digest="sha1:UNKNOWN")
    maker.close()
    assert parse(scrapy, tmp_path).code == 0
    document = archive.database["articles"].find_one()
    assert document
    assert document["copies"][0]["last_seen"].day == 5, "the revisit is not a sighting"


@pytest.mark.parametrize("kind", ["response", "revisit"])
def test_a_web_archive_without_the_page_shows_nothing(
    scrapy: Crawler, archive: Archive, tmp_path: Path, kind: str
) -> None:
    """Check a capture that does not exist, and a revisit of one: neither is a check of the site."""
    url = BASE + EN[1].key
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add(url, page_of(EN[1]))
    if kind == "revisit":
        maker.add(url, b"gone", day=3, status="404 Not Found")
    status = "404 NOT FOUND" if kind == "response" else "200 OK"
    capture = f"https://web.archive.org/web/20260105000000id_/{url}"
    maker.add(capture, day=9, status=status, kind=kind, WARC_Payload_Digest="sha1:AAAA")
    maker.close()
    assert parse(scrapy, tmp_path).code == 0
    (document,) = archive.database["articles"].find()
    assert document["copies"][0]["status"] == ("live" if kind == "response" else "gone")
    assert [event["kind"] for event in document.get("events", [])] == ["withdrawn"] * (kind == "revisit")


def test_a_file_name_that_is_not_utf_8(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    maker = Maker(Path(os.fsdecode(os.fsencode(tmp_path) + "/평양.warc.gz".encode("euc-kr"))))
    maker.add(BASE + EN[1].key, page_of(EN[1]))
    maker.close()
    assert parse(scrapy, tmp_path).code == 0
    (document,) = archive.database["articles"].find()
    assert document["copies"][0]["record"]["file"] == "????.warc.gz"


def test_truncated_records_are_no_edit(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    body, url = page_of(EN[0]), BASE + EN[0].key
    cut = body[: body.index(b"The bakers baked on")]
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add(url, body, day=1)
    maker.add(url, cut, day=2, WARC_Truncated="length")
    maker.add(url, cut, day=3, headers=(("Content-Length", str(len(body))),))
    maker.add(BASE + EN[1].key, page_of(EN[1])[:900], WARC_Truncated="time")
    maker.close()
    crawl = parse(scrapy, tmp_path)
    assert crawl.code == 0
    assert titles(archive) == [EN[0].title]
    assert archive.database["revisions"].count_documents({}) == 1
    assert "'warc/skipped/truncated': 3" in crawl.output
    assert f"Skipped: {BASE}{EN[1].key}: truncated" in crawl.output


def test_a_wacz_file(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    maker = Maker(tmp_path / "data.warc.gz")
    maker.add(
        watch_url(EN[0]).replace(".org/", ".xyz/").rstrip("/"),
        watch(PageRequest("GET", watch_url(EN[0]), {}), World()).body,
    )
    maker.close()
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as zipped:
        zipped.write(tmp_path / "data.warc.gz", "archive/data.warc.gz")
    (tmp_path / "data.warc.gz").unlink()
    assert parse(scrapy, tmp_path / "a.wacz").code == 0
    document = archive.database["articles"].find_one()
    assert document
    assert document["copies"][0]["url"] == watch_url(EN[0]), "the URL is not canonical"
    assert document["copies"][0]["record"]["file"] == "a.wacz/archive/data.warc.gz"


def test_archives_that_are_not_read(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.warc.zst").write_bytes(b"x")
    alone = parse(scrapy, tmp_path)
    assert alone.code == 2
    assert "a.warc.zst: .warc.zst files are not supported" in alone.output
    maker = Maker(tmp_path / "b.warc.gz")
    maker.add(BASE + EN[1].key, page_of(EN[1]))
    maker.close()
    crawl = parse(scrapy, tmp_path)
    assert (crawl.code, titles(archive)) == (1, [EN[1].title])
    assert "a.warc.zst: .warc.zst files are not supported" in crawl.output


def test_pages_of_ours_that_hold_nothing_are_named(scrapy: Crawler, tmp_path: Path) -> None:
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add("http://www.kcna.kp/en/new/design", b"<html><body><main>A new design</main></body></html>")
    maker.add("https://example.org/", b"<html>x</html>")
    maker.close()
    crawl = parse(scrapy, tmp_path)
    assert "'warc/skipped/no_layout': 1" in crawl.output
    assert "Skipped: http://www.kcna.kp/en/new/design: no_layout" in crawl.output
    assert "example.org" not in crawl.output
    assert "referer" not in crawl.output.lower(), "a middleware that re-parsing does not need gave a warning"


def test_kcna_watch_without_a_date_line(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    url = watch_url(EN[1])
    body = watch(PageRequest("GET", url, {}), World()).body.replace(b"Date: 10/03/2024 | ", b"")
    maker = Maker(tmp_path / "a.warc.gz")
    maker.add(url, body)
    maker.close()
    parse(scrapy, tmp_path)
    assert archive.database["articles"].count_documents({}) == 0
    assert [reject["reason"] for reject in archive.rejects.find()] == ["no_day"]
