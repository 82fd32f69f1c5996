"""Records of other programs: damage to one record costs only that record, and other formats are read."""

from __future__ import annotations

import gzip
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kcna_spider.archives.exchange import WarcResponse
from kcna_spider.archives.warc_files import WarcFile, unread_files, warc_files, why_unread
from kcna_spider.archives.warc_reader import records

MOST = 10**6
PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"
    + bytes(random.Random(1).choices(b"abcdefghij <>=\r\n", k=900))
    + b"</p>"
)


def record(
    number: int, answer: bytes = PAGE, *more: str, length: int | None = None, kind: str = "response"
) -> bytes:
    """Return one uncompressed record."""
    lines = (
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:uuid:{number}>",
        f"WARC-Target-URI: http://www.kcna.kp/en/article/detail/{number}",
        "WARC-Date: 2026-01-01T00:00:00Z", "Content-Type: application/http; msgtype=response", *more,
        f"Content-Length: {len(answer) if length is None else length}",
    )  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + answer + b"\r\n\r\n"


def read(path: Path, data: bytes) -> list[WarcResponse]:
    """Return what is read from a file with these bytes."""
    path.write_bytes(data)
    return list(records(WarcFile(path), MOST))


def numbers(found: list[WarcResponse]) -> list[int]:
    """Return the numbers of the pages that were read."""
    return [int(one.url.rpartition("/")[2]) for one in found if one.kind == "page"]


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["compressed", "plain"])
def test_cut_anywhere(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Cut the end of the second of four records, or bytes from its middle, at every tenth position."""
    parts = [pack(record(n)) for n in range(4)]
    for at in range(1, len(parts[1]), 10):
        for broken in (parts[1][:at], parts[1][:at] + parts[1][at + 7 :]):
            found = read(tmp_path / "a.warc.gz", parts[0] + broken + parts[2] + parts[3])
            assert [n for n in numbers(found) if n != 1] == [0, 2, 3], at
            assert len(found) == 4, f"the broken record is neither read nor reported: {at}"


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["compressed", "plain"])
def test_noise_anywhere(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Replace four bytes of the second record; check that the other records are read correctly."""
    chance = random.Random(7)
    parts = [pack(record(n)) for n in range(4)]
    for _ in range(150):
        data = bytearray(parts[1])
        at = chance.randrange(len(data))
        data[at : at + 4] = chance.randbytes(4)
        found = read(tmp_path / "a.warc.gz", parts[0] + bytes(data) + parts[2] + parts[3])
        assert {0, 2, 3} <= set(numbers(found)), at


def test_a_file_that_ends_in_the_middle(tmp_path: Path) -> None:
    for pack in (gzip.compress, bytes):
        whole = b"".join(pack(record(n)) for n in range(3))
        found = read(tmp_path / "a.warc.gz", whole[:-200])
        assert numbers(found) == [0, 1]
        assert [one.kind for one in found][-1] == "bad_record"


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (record(1, PAGE.replace(b"200 OK", b"OK")), "its status line has no number: OK"),
        (record(1, PAGE.replace(b"200 OK", "２００ OK".encode())), "its status line has no number"),
        (record(1, b"nonsense"), "it is no HTTP response"),
        (record(1, length=9999), "cut off"),
        (record(1, length=20), "its length is wrong"),
        (record(1).replace(b"Content-Length", b"X-Length"), "no length"),
        (record(1).replace(b"2026-01-01T00:00:00Z", b"yesterday"), "its WARC-Date is no date: yesterday"),
    ],
    ids=range(7),
)
def test_malformed(tmp_path: Path, broken: bytes, why: str) -> None:
    found = read(tmp_path / "a.warc", record(0) + broken + record(2))
    assert numbers(found) == [0, 2]
    (bad,) = [one for one in found if one.kind == "bad_record"]
    assert why in bad.detail
    assert bad.url.endswith("/1")
    assert bad.location.offset == len(record(0))


def test_all_records_in_one_gzip_member(tmp_path: Path) -> None:
    assert numbers(read(tmp_path / "a.warc.gz", gzip.compress(b"".join(record(n) for n in range(3))))) == [
        0,
        1,
        2,
    ]


@pytest.mark.parametrize(
    ("data", "pages", "bad"),
    [
        (gzip.compress(b"".join(record(n) for n in range(4)))[:-20], [0, 1, 2], 1),
        (gzip.compress(b"".join(record(n) for n in range(4))) + b"junk", [0, 1, 2, 3], 1),
        (
            gzip.compress(record(0)) + gzip.compress(record(1) + record(2)) + gzip.compress(record(3)),
            [0, 1, 2, 3],
            0,
        ),
        (gzip.compress(record(0)) + b"\0" * 512, [0], 0),
        (gzip.compress(record(0)) + gzip.compress(record(1, PAGE + b"x" * 3_000_000) + record(2)), [0, 2], 0),
    ],
    ids=["cut", "junk", "several in one", "padding", "large"],
)
def test_several_records_in_a_gzip_member(tmp_path: Path, data: bytes, pages: list[int], bad: int) -> None:
    found = read(tmp_path / "a.warc.gz", data)
    assert numbers(found) == pages
    assert sum(one.kind == "bad_record" for one in found) == bad


@pytest.mark.parametrize(
    "date", ["0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-12:00", "2026-13-01T00:00:00Z", ""]
)
def test_dates_that_are_none(tmp_path: Path, date: str) -> None:
    broken = record(1).replace(b"2026-01-01T00:00:00Z", date.encode())
    assert [one.kind for one in read(tmp_path / "a.warc", record(0) + broken + record(2))] == [
        "page",
        "bad_record",
        "page",
    ]


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["compressed", "plain"])
def test_a_record_by_its_place(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    found = read(tmp_path / "a.warc", b"".join(pack(record(n)) for n in range(3)))
    for one in found:
        assert next(records(WarcFile(tmp_path / "a.warc"), MOST, one.location.offset)) == one


def http(*headers: str, body: bytes = b"<p>x</p>", status: str = "HTTP/1.1 200 OK") -> bytes:
    """Return an HTTP response."""
    return "\r\n".join([status, "Content-Type: text/html", *headers, "", ""]).encode() + body


def untyped(body: bytes, header: str = "") -> bytes:
    """Return an HTTP response whose header does not say what the body is."""
    return f"HTTP/1.1 200 OK\r\n{header}\r\n".encode() + body


@pytest.mark.parametrize(
    ("answer", "kind", "body"),
    [
        (http("Transfer-Encoding: chunked", body=b"8\r\n<p>x</p>\r\n0\r\n\r\n"), "page", b"<p>x</p>"),
        (http("Transfer-Encoding: chunked"), "page", b"<p>x</p>"),
        (http("Transfer-Encoding: chunked", body=b"8\r\n<p>x</p>\r\n40\r\n<p>y"), "truncated", b""),
        (http("Content-Length: 8"), "page", b"<p>x</p>"),
        (http("Content-Length: 99"), "truncated", b""),
        (http("Content-Length: 99", "Content-Encoding: gzip"), "page", b"<p>x</p>"),
        (http("Transfer-Encoding: chunked", body=b"40\r\n<p>y, cut"), "truncated", b""),
        (
            http("Transfer-Encoding: chunked", body=b"8\r\n<p>x</p>\r\n0\r\nX-Trailer: y\r\n\r\n"),
            "page",
            b"<p>x</p>",
        ),
        (http("Content-Encoding: gzip", body=gzip.compress(b"<p>x</p>" * 99)[:-20]), "truncated", b""),
        (http(status="HTTP/2 200"), "page", b"<p>x</p>"),
        (http(status="HTTP/2.0 404 Not Found"), "gone", b""),
        (http(status="HTTP/1.1 304"), "unchanged", b""),
        (
            http("Transfer-Encoding: chunked", body=b"13\r\n<p>x</p>\n0\n<p>y</p>\r\n0\r\n\r\n"),
            "page",
            b"<p>x</p>\n0\n<p>y</p>",
        ),
        (untyped(b"\xff\xd8\xff\xe0"), "image", b"\xff\xd8\xff\xe0"),
        (untyped(b"\x89PNG", "Content-Type: application/octet-stream\r\n"), "image", b"\x89PNG"),
        (untyped(b"%PDF-1.4", "Content-Type: application/octet-stream\r\n"), "other", b""),
        (untyped(b"<p>x</p>"), "page", b"<p>x</p>"),
    ],
    ids=range(17),
)
def test_how_bodies_are_kept(tmp_path: Path, answer: bytes, kind: str, body: bytes) -> None:
    (found,) = read(tmp_path / "a.warc", record(1, answer))
    assert (found.kind, found.body) == (kind, body)


def test_records_that_say_that_they_are_cut(tmp_path: Path) -> None:
    for header in ("WARC-Truncated: length", "WARC-Segment-Number: 1"):
        (found,) = read(tmp_path / "a.warc", record(1, PAGE, header))
        assert found.kind == "truncated"


def test_a_damaged_wacz_file(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("archive/a.warc", record(1))
        zipped.writestr("archive/b.warc.zst", b"x")
    assert [file.name for file in unread_files(tmp_path)] == ["b.warc.zst"]
    data = path.read_bytes()
    path.write_bytes(data[:120] + b"\xff\xff\xff" + data[123:])
    with pytest.raises(OSError, match="damaged or encrypted"):
        list(records(warc_files(path)[0], MOST))


def test_wacz(tmp_path: Path) -> None:
    for name, data in (
        ("one.warc.gz", gzip.compress(record(1)) + gzip.compress(record(2))),
        ("two.warc", record(3)),
    ):
        with zipfile.ZipFile(tmp_path / "a.wacz", "a") as zipped:
            zipped.writestr(f"archive/{name}", data)
            zipped.writestr(f"pages/{name}.jsonl", "{}")
    files = warc_files(tmp_path)
    assert [file.name for file in files] == ["a.wacz/archive/one.warc.gz", "a.wacz/archive/two.warc"]
    found = [one for file in files for one in records(file, MOST)]
    assert numbers(found) == [1, 2, 3]
    assert next(records(files[0], MOST, found[1].location.offset)) == found[1]
    assert unread_files(tmp_path) == []


def test_what_is_not_read_is_named(tmp_path: Path) -> None:
    for name in ("a.warc.zst", "b.arc.gz", "c.har", "d.wacz", "notes.txt", "e.warc"):
        (tmp_path / name).write_bytes(b"x")
    assert [file.name for file in unread_files(tmp_path)] == ["a.warc.zst", "b.arc.gz", "c.har", "d.wacz"]
    assert (
        why_unread(tmp_path / "a.warc.zst")
        == f"{tmp_path / 'a.warc.zst'}: .warc.zst files are not supported: convert it to .warc.gz"
    )
    assert "no ZIP file" in why_unread(tmp_path / "d.wacz")
