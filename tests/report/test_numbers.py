"""The numbers of the report do not depend on what MongoDB leaves undefined."""

from __future__ import annotations

from typing import Any

from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.report.numbers import collect
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.mongodb_proxy import Change, MongodbProxy
from tests.samples import an_article


def test_sets_in_several_orders_are_one(store: StoreSettings, archive: Archive) -> None:
    """Check sets in different orders, because the server may group the same sites as two sets."""
    for n in range(5):
        body = f"Text number {n} is about something else than text {n + 7}."
        urls = (f"http://www.kcna.kp/{n}", f"https://kcnawatch.org/newstream/1-{n}/a/")
        decide_and_write(archive, [an_article(url, f"Story {n}", body) for url in urls])

    def in_several_orders(answer: dict[str, Any]) -> dict[str, Any]:
        (group,) = answer["cursor"]["firstBatch"]
        other = {"_id": group["_id"][::-1], "number": 2}
        answer["cursor"]["firstBatch"] = [{**group, "number": group["number"] - 2}, other]
        return answer

    expected = collect(archive.database)
    assert expected.overlaps == {("kcna.kp", "kcnawatch.org"): 5}
    with MongodbProxy(store) as proxy:
        opened = Archive(proxy.settings)
        by_sites = "$setUnion"
        proxy.rule = lambda name, command: (
            Change(in_several_orders)
            if name == "aggregate" and by_sites in str(command["pipeline"][0].get("$group"))
            else None
        )
        numbers = collect(opened.database)
        opened.close()
    assert numbers == expected
    assert numbers.articles == 5
