"""The page of a stored record shows the source as text, or one line with the reason why it cannot."""

from __future__ import annotations

import re
import sqlite3
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from kcna_spider.archives.stored_record import StoredRecord
from kcna_spider.web.app import create_app
from kcna_spider.web.records import source_of
from tests.web.conftest import HOSTILE, Site, serving

KEY = f"{500:024x}"


@pytest.fixture
def altered(pages_file: Path, warc_folder: Path, tmp_path: Path) -> Iterator[tuple[Site, sqlite3.Connection]]:
    """Yield a served copy of the archive file, and a connection that may change it."""
    path = tmp_path / "archive.sqlite"
    path.write_bytes(pages_file.read_bytes())
    base = sqlite3.connect(path, isolation_level=None)
    with serving(create_app(path, 5.0, warc_folder)) as site:
        yield site, base
    base.close()


def test_the_record(pages: Site) -> None:
    assert f'href="/article/{KEY}/record/1"' in pages.get(f"/article/{KEY}")[2]
    body = pages.get(f"/article/{KEY}/record/1")[2]
    assert "The payload agrees with it." in body
    assert "HTTP status 200" in body
    assert '<th scope="row">warc-target-uri</th><td>http://kcnawatch.org/500</td>' in body
    source = body[body.index("<pre") : body.index("</pre>")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in source
    assert "<script" not in body
    assert "조선" in source


@pytest.mark.parametrize("path", ["record/0", "record/2", "record/x", "record/-1", "record/" + "9" * 30])
def test_no_such_copy(pages: Site, path: str) -> None:
    assert pages.get(f"/article/{KEY}/{path}")[0] == 404
    assert pages.get(f"/article/none/{path}")[0] == 404


def test_a_copy_without_a_record(pages: Site) -> None:
    assert pages.get(f"/article/{1:024x}/record/1")[0] == 404
    assert "/record/" not in pages.get(f"/article/{1:024x}")[2]


def test_without_a_folder_there_is_no_link(pages_file: Path) -> None:
    with serving(create_app(pages_file, 5.0)) as site:
        assert "/record/" not in site.get(f"/article/{KEY}")[2]
        assert site.get(f"/article/{KEY}/record/1")[0] == 404


@pytest.mark.parametrize(
    ("file", "offset", "said"),
    [
        ("../../etc/passwd", 0, "is not the name of a file"),
        ("/etc/passwd", 0, "is not the name of a file"),
        ("none.warc.gz", 0, "is not in the folder of WARC files any more"),
        (HOSTILE, 0, "&lt;img"),
        (None, 3, "has no WARC record at byte 3"),
        (None, 10**15, "has no byte"),
        (None, "x", "has no byte x"),
        (None, None, "has no byte None"),
        (None, 0, "has a warcinfo record"),
    ],
)
def test_what_cannot_be_shown(
    altered: tuple[Site, sqlite3.Connection], file: str | None, offset: object, said: str
) -> None:
    site, base = altered
    base.execute("UPDATE copies SET warc_file = coalesce(?, warc_file), warc_offset = ?", (file, offset))
    status, headers, body = site.get(f"/article/{KEY}/record/1")
    assert (status, headers["content-type"]) == (410, "text/html; charset=utf-8")
    (alert,) = re.findall(r'<p role="alert">(.*)</p>', body)
    assert said in alert
    assert "Traceback" not in body
    assert "<img" not in body
    assert "root:" not in body


def record(body: bytes, content_type: str, packed: str = "") -> StoredRecord:
    """Return a record with a page."""
    return StoredRecord({}, 200, [("content-type", content_type)], body, False, packed, "", None)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("조선".encode("euc-kr"), "text/html; charset=EUC-KR", "조선"),
        (
            b'<meta charset="Shift_JIS">' + "朝鮮".encode("shift_jis"),
            "text/html",
            '<meta charset="Shift_JIS">朝鮮',
        ),
        ("조선".encode(), "text/html; charset=none", "조선"),
        (b"xn--", "text/html; charset=punycode", "xn--"),
        (b"x", "text/html; charset=zlib", "x"),
        (b"a\0b\xff", "", "a\ufffdb\ufffd"),
        (b"\x89PNG", "image/png", None),
    ],
)
def test_the_source_is_text_in_its_encoding(body: bytes, content_type: str, text: str | None) -> None:
    assert source_of(record(body, content_type)) == text
    assert source_of(record(body, content_type, "br")) is None


def test_the_address_is_no_path(pages: Site) -> None:
    for part in ("../1", "..%2f1", urllib.parse.quote("../../../etc/passwd", safe="")):
        assert pages.get(f"/article/{KEY}/record/{part}")[0] == 404
