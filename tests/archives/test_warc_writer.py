"""What a record says besides the page: a body that was cut off, and hosts that had failed before."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kcna_spider.archives.exchange import HttpExchange
from kcna_spider.archives.warc_files import warc_files
from kcna_spider.archives.warc_reader import records
from kcna_spider.archives.warc_writer import WarcFolder

URL, AT = "http://kcna.kp/en/article/detail/1", dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
HTML = [("Content-Type", "text/html")]


@pytest.mark.parametrize(
    ("exchange", "kind"),
    [
        (HttpExchange(URL, AT, 200, HTML, b"<html>whole</html>"), "page"),
        (HttpExchange(URL, AT, 200, HTML, b"<html>half", cut_off=True), "truncated"),
        (HttpExchange(URL, AT, 404, HTML, b"<html>no</html>"), "gone"),
        (HttpExchange(URL, AT, 404, HTML, b"<html>no</html>", tried_hosts=("www.kcna.kp",)), "other"),
    ],
)
def test_what_is_read_again(tmp_path: Path, exchange: HttpExchange, kind: str) -> None:
    folder = WarcFolder(tmp_path, "kcna-test", {"software": "x"})
    folder.write(exchange)
    folder.close()
    (file,) = warc_files(tmp_path)
    assert [record.kind for record in records(file, 10_000) if record.url == URL] == [kind]
