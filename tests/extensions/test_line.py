"""The progress line: in a terminal, and nowhere else."""

from __future__ import annotations

import os
import pty
import subprocess

from kcna_spider.extensions.line import line_of
from tests.conftest import FAST, ROOT, Crawler


def test_what_it_says() -> None:
    stats = {
        "response_received_count": 130, "store/inserted": 80, "store/revised": 1, "store/unchanged": 4, "stories/known": 10, "drop/stub": 5,
        "stories/listed": 280, "listings/begun": 3, "listings/done": 2,
    }  # fmt: skip
    assert line_of("kcna_kp", stats, 45) == (
        "kcna_kp | 130 pages | 80 new, 14 known, 1 revised, 5 rejected | 2 of 3 listings | 2.0 articles/s | 180 listed to come, about 90 s"
    )
    assert line_of("kcna_kp", stats | {"stories/listed": 1000}, 45).endswith("| 900 listed to come, about 8 min")
    assert line_of("warc", {"warc/records": 7}, 0) == "warc | 7 pages | 0 new, 0 known, 0 revised, 0 rejected | 0 of 0 listings | 0.0 articles/s"


def in_terminal(scrapy: Crawler, *arguments: str) -> str:
    """What a terminal is sent."""
    ours, theirs = pty.openpty()
    environment = scrapy.env() | {"TERM": "xterm", "COLUMNS": "200", "LINES": "50"}
    shown = b""
    with subprocess.Popen(scrapy.command(*arguments, *FAST), env=environment, cwd=ROOT, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            shown += data
        assert process.wait(30) == 0
    os.close(ours)
    return shown.decode()


def test_in_a_terminal_it_stands_below_the_log(scrapy: Crawler) -> None:
    shown = in_terminal(scrapy, "crawl", "kcna_kp", "-s", "DOWNLOAD_DELAY=0.1")
    assert "kcna_kp | " in shown
    assert "of 1 listings" in shown or "listings |" in shown
    assert "INFO: Spider opened" in shown
    assert "INFO: Closing spider (finished)" in shown
    assert "kcna_kp: finished." in shown
    assert shown.rindex("kcna_kp: finished.") > shown.rindex("articles/s")


def test_elsewhere_there_is_none(scrapy: Crawler) -> None:
    assert "articles/s" not in scrapy("crawl", "kcna_kp").output
