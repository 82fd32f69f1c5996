"""Three in ten URLs fail twice, in many ways: every article is stored, and no fault becomes an article."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler, snapshot_of
from tests.reliability.conftest import Note
from tests.replica.conftest import Replica
from tests.replica.truth import wrong

KINDS = ("blocked/blocked", "blocked/empty", "blocked/binary", "503", "429", "Download")


@pytest.mark.parametrize(
    ("spider", "arguments"),
    [("kcnawatch", ("-a", "full=1")), ("kcna_kp", ("-a", "language=en,kp,cn,ru,es,jp")), ("kcna_co_jp", ())],
)
def test_faults_of_the_sample_site(
    large_site: SampleSite,
    archive: Archive,
    undisturbed: Archive,
    note: Note,
    spider: str,
    arguments: tuple[str, ...],
) -> None:
    calm = Crawler(undisturbed.connection.settings, large_site.proxy)
    assert calm("crawl", spider, *arguments, timeout=300).code == 0
    large_site.faulty = 0.3
    crawl = Crawler(archive.connection.settings, large_site.proxy)("crawl", spider, *arguments, timeout=300)
    assert crawl.code == 0, crawl.output[-3000:]
    assert snapshot_of(archive) == snapshot_of(undisturbed)
    counted = dict(re.findall(r"'((?:blocked|retry)/[^']+)': (\d+)", crawl.output))
    for kind in KINDS:
        assert any(kind in name for name in counted), (kind, counted)
    number = archive.database.articles.count_documents({})
    assert number > 150
    note(
        f"faults at 30 % of the URLs of the sample site's {spider}",
        f"{number} articles, as after an undisturbed crawl; {counted['retry/count']} retries",
    )


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
    for kind in KINDS:
        assert any(kind in name for name in counted), (kind, counted)
    number = archive.database.articles.count_documents({})
    note(
        f"faults at 30 % of the URLs of {spider}",
        f"{number} stories, all correct; {counted['retry/count']} retries",
    )
