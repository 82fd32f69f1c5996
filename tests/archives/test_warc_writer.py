"""Records of pages that were cut off or had other hosts, and records that do not fit on the disk."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from warcio.cli import main as warcio

from kcna_spider.archives.exchange import HttpExchange
from kcna_spider.archives.stored_record import read_record
from kcna_spider.archives.warc_files import warc_files
from kcna_spider.archives.warc_reader import records
from kcna_spider.archives.warc_writer import WarcFolder
from kcna_spider.store.connection.disk import free_bytes

URL, AT = "http://kcna.kp/en/article/detail/1", dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
HTML = [("Content-Type", "text/html")]


@pytest.mark.parametrize(
    ("exchange", "kind"),
    [
        (HttpExchange(URL, AT, 200, HTML, b"<html>whole</html>"), "page"),
        (HttpExchange(URL, AT, 200, HTML, b"<html>half", cut_off=True), "truncated"),
        (HttpExchange(URL, AT, 404, HTML, b"<html>no</html>"), "gone"),
        (HttpExchange(URL, AT, 404, HTML, b"<html>no</html>", tried_hosts=("www.kcna.kp",)), "other"),
        (HttpExchange(URL, AT, 200, HTML, b"<html>whole</html>", rendered=True), "page"),
        (HttpExchange(URL, AT, 404, HTML, b"<html>no</html>", rendered=True), "gone"),
    ],
)
def test_what_is_read_again(tmp_path: Path, exchange: HttpExchange, kind: str) -> None:
    folder = WarcFolder(tmp_path, "kcna-test", {"software": "x"})
    folder.write(exchange)
    folder.close()
    (file,) = warc_files(tmp_path)
    assert [record.kind for record in records(file, 10_000) if record.url == URL] == [kind]


def test_a_record_that_does_not_fit_on_the_disk_is_removed(small_disk: Path) -> None:
    """Check a file after half of a record, when the disk is full, and another record once there is space."""
    folder = WarcFolder(small_disk / "warc", "kcna-test", {"software": "x"})
    folder.write(HttpExchange(f"{URL}1", AT, 200, HTML, b"<html>first</html>"))
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (free_bytes(small_disk) - 500_000))
    with pytest.raises(OSError, match="No space left"):
        folder.write(HttpExchange(f"{URL}2", AT, 200, HTML, os.urandom(1_000_000)))
    filler.unlink()
    place = folder.write(HttpExchange(f"{URL}3", AT, 200, HTML, b"<html>third</html>"))
    folder.close()
    (file,) = warc_files(small_disk / "warc")
    with pytest.raises(SystemExit) as checked:
        warcio(["check", str(file.path)])
    assert checked.value.code == 0
    found = [(record.kind, record.url) for record in records(file, 2_000_000)]
    assert found == [("page", f"{URL}1"), ("page", f"{URL}3")]
    assert read_record(small_disk / "warc", place, f"{URL}3", 1000).body == b"<html>third</html>"
