"""The texts of edits are read in batches."""

from __future__ import annotations

import datetime as dt

from kcna_spider.export.change_history import changes
from kcna_spider.export.diff import Part
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.mongodb_proxy import MongodbProxy
from tests.samples import AT, an_article

EDITS = 120


def test_many_edits_need_few_queries(store: StoreSettings, archive: Archive) -> None:
    for minutes, text in ((0, "is good"), (9, "is bad")):
        stories = [
            an_article(f"http://www.kcna.kp/{n}", f"Story {n}", f"Bread {n} {text}.", minutes)
            for n in range(EDITS)
        ]
        decide_and_write(archive, stories)
    with MongodbProxy(store) as proxy:
        opened = Archive(proxy.settings)
        before = proxy.commands["find"]
        found = changes(opened.database, AT - dt.timedelta(days=1))
        queries = proxy.commands["find"] - before
        opened.close()
    assert [change.kind for change in found] == ["edited"] * EDITS
    assert sorted(change.title for change in found) == sorted(f"Story {n}" for n in range(EDITS))
    for change in found:
        assert Part("gone", "good.") in [Part(p.kind, p.text.strip()) for p in change.body_diff]
        assert any(part.kind == "same" and f"Bread {change.title.split()[1]} is" in part.text
                   for part in change.body_diff)  # fmt: skip
    assert queries <= 1 + EDITS / 50 + 1
