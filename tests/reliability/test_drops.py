"""Two crawls at once with dropped connections, and kills of one of them: nothing is lost or duplicated."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from typing import Any

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler
from tests.mongodb_proxy import Action, Drop, MongodbProxy
from tests.reliability.conftest import LONG, Note, assert_same

SITES = (["kcna_kp", "-a", "language=en,kp,cn,ru,es,jp"], ["kcna_co_jp"], ["kcnawatch", "-a", "full=1"])
ROUNDS = 8 if LONG else 3
SHARE = 0.03  # This is the share of commands whose connection is dropped.
# A client reports no error for these commands, or sends them before it retries any.
SPARED = ("hello", "ismaster", "isMaster", "endSessions", "ping")


def test_two_crawls_at_once_with_drops_and_kills(
    large_site: SampleSite, archive: Archive, undisturbed: Archive, store: StoreSettings, note: Note
) -> None:
    calm = Crawler(undisturbed.connection.settings, large_site.proxy)
    for site in SITES:
        assert calm("crawl", *site).code == 0
    chance, guard, dropped = random.Random(ROUNDS), threading.Lock(), Counter[str]()

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        with guard:
            if name in SPARED or chance.random() >= SHARE:
                return None
            dropped[name] += 1
            return Drop(executed=chance.random() < 0.5)

    with MongodbProxy(store, as_mongod=True) as proxy:
        crawler = Crawler(proxy.settings, large_site.proxy)
        killed = 0
        for number in range(ROUNDS):
            large_site.latency = 0.05
            proxy.rule = rule
            # Both crawls of the same site fetch the same stories at the same time.
            pair = [crawler.begin("crawl", *SITES[number % 3]) for _ in range(2)]
            time.sleep(1.5 + chance.random() * 2)
            killed += pair[0].poll() is None
            pair[0].send_signal(signal.SIGKILL)
            pair[0].communicate()
            pair[1].communicate(300)
            proxy.rule = lambda name, command: None
        large_site.latency = 0
        for site in SITES:
            crawl = crawler("crawl", *site)
            assert crawl.code == 0, crawl.output[-2000:]
    assert_same(archive, undisturbed)
    assert dropped.total() > 10
    number = archive.database.articles.count_documents({})
    note(
        f"two crawls at once, {dropped.total()} dropped connections, {killed} kills",
        f"{number} articles, with the revisions and copies of undisturbed crawls",
    )
