"""Reading one stored record, without reading another file, another record or a huge body by mistake."""

from __future__ import annotations

import gzip
import os
import tracemalloc
import zlib
from pathlib import Path

import pytest

from kcna_spider.archives.exchange import RecordLocation
from kcna_spider.archives.stored_record import RecordError, read_record
from tests.archives.test_warc_files import CHUNKS, exchange, folder

URL = "http://www.kcna.kp/en/article/detail/1"
PAGE = b"<html><h1>Page</h1></html>"


def plain(path: Path, *records: bytes, name: str = "plain.warc") -> list[int]:
    """Write records without compression; return their offsets."""
    offsets, text = [], b""
    for record in records:
        offsets.append(len(text))
        text += record
    (path / name).write_bytes(text)
    return offsets


def raw(payload: bytes, url: str = URL, length: int | None = None, **headers: str) -> bytes:
    """Return a response record."""
    named = {
        "WARC-Type": "response", "WARC-Target-URI": url, "WARC-Date": "2026-05-01T12:00:00Z",
        "Content-Type": "application/http; msgtype=response", "Content-Length": str(length or len(payload)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"WARC/1.1\r\n{head}\r\n".encode() + payload + b"\r\n\r\n"


HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE


def test_our_own_records(tmp_path: Path) -> None:
    writer = folder(tmp_path)
    first = writer.write(exchange(1))
    packed = writer.write(
        exchange(
            2, gzip.compress(PAGE), headers=[("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
        )
    )
    rendered = writer.write(exchange(3, rendered=True))
    gone = writer.write(exchange(4, b"gone", status=410))
    writer.close()
    record = read_record(tmp_path, first, URL, 1000)
    assert (record.status, record.body, record.is_cut, record.agrees) == (200, PAGE, False, True)
    assert record.digest.startswith("sha1:")
    assert ("Content-Type", "text/html") in record.http_headers
    assert record.headers["warc-target-uri"] == URL
    record = read_record(tmp_path, packed, exchange(2).url, 10)
    assert (record.body, record.is_cut, record.packed, record.agrees) == (PAGE[:10], True, "", True)
    record = read_record(tmp_path, rendered, exchange(3).url, 1000)
    assert (record.status, record.http_headers, record.body, record.agrees) == (None, [], PAGE, True)
    assert read_record(tmp_path, gone, exchange(4).url, 1000).status == 410


@pytest.mark.parametrize(
    ("digest", "agrees"),
    [
        ("sha1:ASMW7ENAHIDQVBT3TZXMR7RFRBAQRZPX", False),
        ("md5:x", False),
        ("blake9:1234", None),
        ("", None),
        ("shake_128:1234", None),
    ],
)
def test_digests(tmp_path: Path, digest: str, agrees: bool | None) -> None:
    plain(tmp_path, raw(HTTP, WARC_Payload_Digest=digest))
    record = read_record(tmp_path, RecordLocation("plain.warc", 0), URL, 1000)
    assert (record.digest, record.agrees) == (digest, agrees)


def test_a_chunked_body_and_either_digest(tmp_path: Path) -> None:
    import hashlib

    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    for digested in (CHUNKS, b"<html>"):
        digest = "sha256:" + hashlib.sha256(digested).hexdigest()
        plain(tmp_path, raw(head + CHUNKS, WARC_Payload_Digest=digest))
        record = read_record(tmp_path, RecordLocation("plain.warc", 0), URL, 1000)
        assert (record.body, record.agrees) == (b"<html>", True)


def test_captures_and_other_spellings_of_the_url(tmp_path: Path) -> None:
    capture = "https://web.archive.org/web/20240811103000id_/http://www.kcna.kp/en/article/detail/1"
    offsets = plain(
        tmp_path, raw(HTTP, capture), raw(HTTP, f"<{URL}>"), raw(HTTP, "http://kcna.kp/en/article/detail/1")
    )
    for offset in offsets:
        for url in (URL, f"{URL}#2"):  # A page may contain several articles.
            assert read_record(tmp_path, RecordLocation("plain.warc", offset), url, 1000).body == PAGE


def test_several_records_in_one_gzip_member(tmp_path: Path) -> None:
    text = raw(HTTP, "http://www.kcna.kp/other") + raw(HTTP) + raw(HTTP, "http://www.kcna.kp/third")
    (tmp_path / "one.warc.gz").write_bytes(gzip.compress(text))
    assert read_record(tmp_path, RecordLocation("one.warc.gz", 0), URL, 1000).body == PAGE


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../outside.warc", "is not the name of a file"),
        ("/etc/passwd", "is not the name of a file"),
        ("sub/plain.warc", "is not the name of a file"),
        ("..", "is not the name of a file"),
        ("", "is not the name of a file"),
        ("a\0b", "is not the name of a file"),
        ("x" * 5000, "is not in the folder"),
        ("none.warc", "is not in the folder"),
        ("link.warc", "is not in the folder"),
        ("pipe.warc", "is no file"),
        ("sub", "is no file"),
    ],
)
def test_names_that_lead_elsewhere(tmp_path: Path, name: str, message: str) -> None:
    inside = tmp_path / "warc"
    (inside / "sub").mkdir(parents=True)
    plain(tmp_path, raw(HTTP), name="outside.warc")
    plain(inside / "sub", raw(HTTP))
    (inside / "link.warc").symlink_to(tmp_path / "outside.warc")
    os.mkfifo(inside / "pipe.warc")
    with pytest.raises(RecordError, match=message) as caught:
        read_record(inside, RecordLocation(name, 0), URL, 1000)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
    assert str(tmp_path) not in str(caught.value), "the message shows a path of the server"


@pytest.mark.parametrize("compressed", [False, True])
def test_offsets_that_are_wrong(tmp_path: Path, compressed: bool) -> None:
    records = [raw(HTTP), raw(HTTP, "http://www.kcna.kp/other"), raw(HTTP, WARC_Type="request")]
    parts = [gzip.compress(record) for record in records] if compressed else records
    offsets = plain(tmp_path, *parts)
    for offset, message in (
        (-1, "has no byte -1"),
        (10**18, "has no byte"),
        ("x", "has no byte x"),
        (None, "has no byte None"),
        (offsets[0] + 1, "has no WARC record at byte 1"),
        (offsets[1], "has a response record of http://www.kcna.kp/other at byte"),
        (offsets[2], "has a request record"),
    ):
        with pytest.raises(RecordError, match=message):
            read_record(tmp_path, RecordLocation("plain.warc", offset), URL, 1000)  # type: ignore[arg-type]


def test_damage(tmp_path: Path) -> None:
    whole = gzip.compress(raw(HTTP))
    for text, message in (
        (whole[:-30], "cut off"),
        (whole[:40] + b"\xff" * 40, "damaged in its compression"),
        (raw(HTTP, length=10**6), "cut off"),
        (raw(b"no http at all"), "it is no HTTP response"),
        (b"WARC/1.1\r\nnothing\r\n", "no length"),
        (gzip.compress(whole), "has no WARC record"),
    ):
        (tmp_path / "plain.warc").write_bytes(text)
        with pytest.raises(RecordError, match=message):
            read_record(tmp_path, RecordLocation("plain.warc", 0), URL, 1000)


def packed(head: bytes, filling: bytes, megabytes: int) -> bytes:
    """Return a gzip member of `head` and a megabyte of `filling` this many times."""
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    chunk = filling * 1_000_000
    return b"".join(
        [packer.compress(head), *(packer.compress(chunk) for _ in range(megabytes)), packer.flush()]
    )


@pytest.mark.parametrize("compressed", [False, True])
def test_a_huge_record_is_read_only_in_part(tmp_path: Path, compressed: bool) -> None:
    size = 200_000_000
    head = raw(HTTP, length=len(HTTP) + size).removesuffix(b"\r\n\r\n")
    with (tmp_path / "plain.warc").open("wb") as file:
        if compressed:
            file.write(packed(head, b"\0", 200))
        else:
            file.write(head)
            file.truncate(len(head) + size)
    tracemalloc.start()
    record = read_record(tmp_path, RecordLocation("plain.warc", 0), URL, 1000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(record.body), record.is_cut, record.agrees) == (1000, True, None)
    assert peak < 60_000_000


def test_a_compressed_bomb_of_a_page(tmp_path: Path) -> None:
    bomb = packed(b"", b"<", 500)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    plain(tmp_path, raw(head + bomb))
    record = read_record(tmp_path, RecordLocation("plain.warc", 0), URL, 1000)
    assert (record.body, record.is_cut) == (b"<" * 1000, True)


def test_an_encoding_that_cannot_be_removed_is_named(tmp_path: Path) -> None:
    plain(tmp_path, raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x0b\x02\x80"))
    record = read_record(tmp_path, RecordLocation("plain.warc", 0), URL, 1000)
    assert (record.body, record.packed) == (b"", "br")
