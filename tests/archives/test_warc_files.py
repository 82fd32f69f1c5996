"""WARC files of this project and of other programs are readable, also by `warcio check` and after a kill."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kcna_spider.archives.exchange import HttpExchange
from kcna_spider.archives.warc_files import WarcFile, warc_files
from kcna_spider.archives.warc_reader import records
from kcna_spider.archives.warc_writer import WarcFolder, about, whole_bytes

AT = dt.datetime(2026, 5, 1, 12, 0, 0, 123000, tzinfo=dt.UTC)
MOST = 10**6
CHUNKS = b"5\r\n<html\r\n1\r\n>\r\n0\r\n\r\n"


def exchange(number: int = 1, body: bytes = b"<html><h1>Page</h1></html>", **changes: object) -> HttpExchange:
    """Return a page to write."""
    fields = {
        "url": f"http://www.kcna.kp/en/article/detail/{number}",
        "at": AT,
        "status": 200,
        "headers": [("Content-Type", "text/html")],
        "body": body,
    }
    return HttpExchange(**(fields | changes))  # type: ignore[arg-type]


def folder(path: Path, most_bytes: int = MOST) -> WarcFolder:
    """Return a folder for writing."""
    return WarcFolder(path, "kcna-test", about("kcna_spider/test", "agent"), most_bytes)


def check(*files: Path) -> subprocess.CompletedProcess[str]:
    """Return the finished `warcio check` of the files."""
    return subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    writer = folder(tmp_path)
    packed = gzip.compress(b"<html>packed</html>")
    places = [
        writer.write(exchange(1)),
        writer.write(
            exchange(
                2,
                packed,
                headers=[
                    ("Content-Encoding", "gzip"),
                    ("Content-Type", "text/html"),
                    ("Transfer-Encoding", "chunked"),
                ],
            )
        ),
        writer.write(exchange(3, b"", status=404)),
        writer.write(exchange(4, b"", status=302, headers=[("Location", "/en/other")])),
        writer.write(exchange(5, b"", status=304)),
        writer.write(exchange(6, b"<html>rendered</html>", rendered=True)),
        writer.write(exchange(7, method="POST", request_body=b"page_num=2")),
    ]
    writer.close()
    (file,) = warc_files(tmp_path)
    found = list(records(file, MOST))
    assert [one.kind for one in found] == ["page", "page", "gone", "redirect", "unchanged", "page", "page"]
    assert [one.location for one in found] == places
    assert [one.at for one in found] == [AT] * 7
    assert found[1].body == packed, "the body was changed"
    assert found[5].body == b"<html>rendered</html>"
    done = check(file.path)
    assert done.returncode == 0, done.stdout
    text = gzip.decompress(file.path.read_bytes()).decode("latin-1")
    assert text.startswith("WARC/1.1")
    assert "POST /en/article/detail/7 HTTP/1.1" in text
    assert "page_num=2" in text
    assert text.count("WARC-Payload-Digest: sha1:") == 13
    assert not list(tmp_path.glob("*.open"))


def test_a_record_is_a_gzip_member_at_its_offset(tmp_path: Path) -> None:
    writer = folder(tmp_path)
    places = [writer.write(exchange(n)) for n in range(3)]
    writer.close()
    data = (tmp_path / places[2].file).read_bytes()
    assert b"/en/article/detail/2" in gzip.decompress(data[places[2].offset :])


def test_a_new_file_before_the_old_one_is_too_large(tmp_path: Path) -> None:
    writer = folder(tmp_path, most_bytes=3000)
    files = {writer.write(exchange(n, os.urandom(600).hex().encode())).file for n in range(10)}
    writer.close()
    assert len(files) > 2
    assert all((tmp_path / name).stat().st_size <= 3000 for name in files)
    assert check(*(file.path for file in warc_files(tmp_path))).returncode == 0
    assert sum(len(list(records(file, MOST))) for file in warc_files(tmp_path)) == 10


def test_a_kill_in_the_middle_of_a_record(tmp_path: Path) -> None:
    writer = folder(tmp_path)
    last = [writer.write(exchange(n)) for n in range(3)][-1]
    os.close(writer.descriptor)  # A kill leaves the file without an end, and with its mark.
    file = tmp_path / last.file
    whole = file.read_bytes()
    file.write_bytes(whole + whole[last.offset : last.offset + 100])
    found = list(records(WarcFile(file), MOST))
    assert [one.kind for one in found] == ["page"] * 3 + ["bad_record"], (
        "the records before the kill are not read"
    )
    assert folder(tmp_path).recovered == [last.file]
    assert file.read_bytes() == whole
    assert check(file).returncode == 0
    assert folder(tmp_path).recovered == []


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    writer = folder(tmp_path)
    writer.write(exchange())
    assert folder(tmp_path).recovered == []
    writer.write(exchange(2))
    writer.close()
    assert len(list(records(warc_files(tmp_path)[0], MOST))) == 2


def test_whole_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    member = gzip.compress(b"x" * 100)
    for data, whole in (
        (member * 3, 3),
        (member * 3 + member[:10], 3),
        (member + b"garbage" + member, 1),
        (b"", 0),
        (member[:9], 0),
    ):
        file.write_bytes(data)
        assert whole_bytes(file) == whole * len(member)


@pytest.mark.parametrize(
    "data",
    [b"this is no WARC file\n" * 20, gzip.compress(b"neither is this"), os.urandom(500)],
    ids=["text", "gzip", "noise"],
)
def test_no_warc_file(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "bad.warc.gz"
    file.write_bytes(data)
    assert {one.kind for one in records(WarcFile(file), MOST)} == {"bad_record"}


def test_other_peoples_files(tmp_path: Path) -> None:
    """Check what wget and browsers write.

    The cases are uncompressed files, WARC/1.0, chunked bodies, revisits, pictures, and names with other
    folders.
    """
    below = tmp_path / "collection" / "archive"
    below.mkdir(parents=True)
    with (below / "rec.warc").open("wb") as out:
        writer = WARCWriter(out, gzip=False, warc_version="WARC/1.0")
        chunked = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")], protocol="HTTP/1.1"
        )
        writer.write_record(
            writer.create_warc_record(
                "http://www.kcna.kp/en",
                "response",
                io.BytesIO(CHUNKS),
                length=len(CHUNKS),
                http_headers=chunked,
            )
        )
        picture = StatusAndHeaders("200 OK", [("Content-Type", "image/png")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                "http://www.kcna.kp/a.png", "response", io.BytesIO(b"\x89PNG"), length=4, http_headers=picture
            )
        )
        writer.write_record(
            writer.create_revisit_record(
                "http://www.kcna.kp/en", "sha1:AAAA", "http://www.kcna.kp/en", "2026-01-01T00:00:00Z"
            )
        )
        writer.write_record(
            writer.create_warc_record(
                "dns:www.kcna.kp", "response", io.BytesIO(b"x"), length=1, warc_content_type="text/dns"
            )
        )
    (file,) = warc_files(tmp_path)
    assert [(one.kind, one.body) for one in records(file, MOST)] == [
        ("page", b"<html>"),
        ("image", b"\x89PNG"),
        ("revisit", b""),
    ]


def test_a_body_larger_than_any_page_is_skipped(tmp_path: Path) -> None:
    writer = folder(tmp_path)
    place = writer.write(exchange(1, b"x" * 5000))
    writer.close()
    assert [one.kind for one in records(WarcFile(tmp_path / place.file), 1000)] == ["too_large"]


def test_an_answer_that_lacks_its_headers_ends_nothing(tmp_path: Path) -> None:
    def member(number: int, answer: bytes, length: int) -> bytes:
        lines = (
            "WARC/1.0",
            "WARC-Type: response",
            f"WARC-Record-ID: <urn:uuid:{number}>",
            f"WARC-Target-URI: http://www.kcna.kp/{number}",
            "WARC-Date: 2026-01-01T00:00:00Z",
            "Content-Type: application/http",
            f"Content-Length: {length}",
        )
        return gzip.compress(
            "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + (answer and answer + b"\r\n\r\n")
        )

    whole = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x</p>"
    file = tmp_path / "a.warc.gz"
    file.write_bytes(
        member(1, whole, len(whole))
        + member(2, b"", 50)
        + member(3, whole, len(whole))
        + member(4, whole, len(whole))
    )
    found = [(one.url[-1], one.kind) for one in records(WarcFile(file), MOST)]
    assert found == [("1", "page"), ("2", "bad_record"), ("3", "page"), ("4", "page")]
