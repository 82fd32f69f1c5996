"""Three in ten addresses fail twice, in all the ways the replica knows: every story all the same, nothing from a fault."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.reliability.conftest import Note
from tests.replica.conftest import Replica
from tests.replica.truth import wrong

KINDS = {
    "blocked": "blocked/blocked",
    "empty": "blocked/empty",
    "binary": "blocked/binary",
    "503": "retry/reason_count/503 Service Unavailable",
    "429": "retry/reason_count/429 Unknown Status",
    "truncated": "DownloadFailedError",
    "all": "retry/count",
}


@pytest.mark.parametrize(
    ("spider", "key", "arguments"),
    [
        ("kcnawatch", "kcnawatch.org", ("-a", "full=1")),
        ("kcna_kp", "kcna.kp", ("-a", "language=en,kp,cn,ru,es,jp")),
        ("kcna_co_jp", "kcna.co.jp", ()),
    ],
)
def test_faults(
    replica: Callable[..., Replica],
    crawler: Callable[[Replica], Crawler],
    archive: Archive,
    note: Note,
    spider: str,
    key: str,
    arguments: tuple[str, ...],
) -> None:
    running = replica(
        "--kp", "150", "--watch", "150", "--cojp-days", "4", "--foreign", "8", "--faults", "0.3"
    )
    crawl = crawler(running)("crawl", spider, *arguments, timeout=300)
    assert crawl.code == 0, crawl.output[-3000:]
    assert wrong(running, archive, (key,)) == []
    counted = dict(re.findall(r"'((?:blocked|retry)/[^']+)': (\d+)", crawl.output))
    print(counted)
    for kind in ("blocked/blocked", "blocked/empty", "blocked/binary", "503", "429", "Download"):
        assert any(kind in name for name in counted), (kind, counted)
    number = archive.database.articles.count_documents({})
    note(
        f"faults at 30 % of the addresses of {spider}",
        f"{number} stories, all right; {counted['retry/count']} retries",
    )
