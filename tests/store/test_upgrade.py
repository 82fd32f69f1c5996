"""A database of an earlier version is brought up to date when it is opened."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection import StoreSettings
from tests.conftest import snapshot_of
from tests.samples import AT, article

LATER = AT + dt.timedelta(days=1)


def test_an_older_database(archive: Archive, store: StoreSettings) -> None:
    archive.articles.save(
        [article(), article("http://www.kcna.kp/en/article/detail/2", title="Another Story", paragraphs=["Quite another text stands here."])]
    )
    archive.articles.save([article(at=LATER, title="An Edited Title")])
    before = snapshot_of(archive)
    whole = {d["_id"]: (d["keys"], d.get("event_at")) for d in archive.database["articles"].find()}
    assert sorted(event for _, event in whole.values() if event) == [LATER]
    archive.database["articles"].update_many({}, {"$set": {"keys": ["1:of", "1:old"]}, "$unset": {"event_at": ""}})
    archive.database["articles"].create_index([("last_seen", ASCENDING)], name="last_seen")
    archive.database["revisions"].create_index([("article", ASCENDING), ("number", ASCENDING)], name="article", unique=True)
    again = Archive(store)
    assert snapshot_of(again) == before
    assert {d["_id"]: (d["keys"], d.get("event_at")) for d in again.database["articles"].find()} == whole
    assert "last_seen" not in again.database["articles"].index_information()
    assert "article" not in again.database["revisions"].index_information()
    again.close()
