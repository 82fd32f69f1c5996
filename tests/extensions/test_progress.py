"""The progress line: in a terminal, and nowhere else."""

from __future__ import annotations

import os
import pty
import re
import subprocess

from kcna_spider.extensions.progress import line_of
from tests.conftest import FAST, ROOT, Crawler


def test_what_it_says() -> None:
    stats = {
        "response_received_count": 90, "store/inserted": 80, "store/revised": 1, "store/copied": 1,
        "store/unchanged": 3, "articles/known": 10, "drop/stub": 5, "listings/begun": 3, "listings/done": 2,
        "scheduler/enqueued": 280, "downloader/response_count": 95, "downloader/exception_count": 5,
    }  # fmt: skip
    assert line_of("kcna_kp", stats, 45) == (
        "kcna_kp | 90 pages | 80 new, 14 known, 1 revised, 5 rejected | 2 of 3 listings | 2.0 articles/s | "
        "at least 180 pages to come, at least 90 s"
    )
    assert line_of("kcna_kp", stats | {"scheduler/enqueued": 1060}, 45).endswith(
        "| at least 960 pages to come, at least 8 min"
    )
    assert line_of("kcna_kp", stats | {"listings/done": 3}, 45).endswith("| 180 pages to come, about 90 s"), (
        "with all listings complete the numbers must be exact"
    )


def in_terminal(scrapy: Crawler, *arguments: str) -> str:
    """Run a command in a terminal; return what it printed there."""
    ours, theirs = pty.openpty()
    environment = scrapy.env() | {"TERM": "xterm", "COLUMNS": "200", "LINES": "50"}
    shown = b""
    with subprocess.Popen(
        scrapy.command(*arguments), env=environment, cwd=ROOT, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:  # The process has closed its end of the terminal.
                break
            shown += data
        assert process.wait(30) == 0
    os.close(ours)
    return shown.decode()


def test_in_a_terminal_it_stands_below_the_log(scrapy: Crawler) -> None:
    shown = in_terminal(scrapy, "crawl", "kcna_kp", *FAST, "-s", "DOWNLOAD_DELAY=0.2")
    lines = re.findall(
        r"kcna_kp \| (\d+) pages \| (\d+) new, .*? articles/s(?: \| \d+ pages to come, about \d+ s)?", shown
    )
    assert len({pages for pages, _ in lines}) > 2, "the progress line does not change"
    assert any(int(new) for _, new in lines)
    assert "pages to come, about" in shown
    assert "INFO: Spider opened" in shown
    assert "INFO: Closing spider (finished)" in shown
    assert "kcna_kp: finished." in shown
    assert shown.rindex("kcna_kp: finished.") > shown.rindex("articles/s")


def test_elsewhere_there_is_none(scrapy: Crawler) -> None:
    assert "articles/s" not in scrapy("crawl", "kcna_kp").output
