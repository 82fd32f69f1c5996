"""Rejects and listings of an archive."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.exceptions import StoreError
from kcna_spider.items import ListedPages, ListingUpdate, Reject
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.model.set_up import initialize
from tests.samples import AT, article

LATER = AT + dt.timedelta(days=1)


def reject(
    url: str = "http://www.kcna.kp/x", reason: str = "no_body", at: dt.datetime = AT, final: bool = False
) -> Reject:
    """Return a reject."""
    return Reject(url, "kcna.kp", reason, "a line", {"title": "T", "$odd.key": 1}, at, final)


def test_rejects_are_kept_once_an_address_and_reason(archive: Archive) -> None:
    archive.save_rejects([reject(), reject(at=LATER), reject(reason="http_404")])
    found = {r["reason"]: r for r in archive.rejects.find()}
    assert set(found) == {"no_body", "http_404"}
    assert (found["no_body"]["first_seen"], found["no_body"]["last_seen"], found["no_body"]["times"]) == (
        AT,
        LATER,
        2,
    )
    assert found["no_body"]["raw"]["title"] == "T"


def test_settled_are_those_rejected_for_good(archive: Archive) -> None:
    archive.save_rejects([reject("http://a"), reject("http://b", final=True)])
    assert archive.look_up(["http://a", "http://b", "http://c"]) == ({}, {"http://b"})


def test_listed_again_adds_categories(archive: Archive) -> None:
    one = article(categories=["World"])
    decide_and_write(archive, [one])
    archive.update_from_listings([ListingUpdate([one.url, "http://unknown"], ["Home News", "World"], AT)])
    document = archive.database["articles"].find_one()
    assert document is not None
    assert document["categories"] == ["World", "Home News"]


def test_a_listing_keeps_when_it_was_complete(archive: Archive) -> None:
    assert archive.begin_listing("k", "kcna.kp", AT) is None
    assert archive.begin_listing("k", "kcna.kp", AT) is None
    archive.complete_listings({"k": LATER}, LATER)
    assert archive.begin_listing("k", "kcna.kp", AT) is None, "another pagination must have begun"
    archive.complete_listings({"k": AT}, LATER)
    assert archive.begin_listing("k", "kcna.kp", LATER) == LATER


def test_days_are_remembered_with_their_stories(archive: Archive) -> None:
    archive.save_listed_pages([ListedPages("kcna.co.jp", {"http://day": ["a", "b"]}, AT)])
    archive.save_listed_pages([ListedPages("kcna.co.jp", {"http://day": ["a", "b", "c"]}, LATER)])
    found = archive.listed_pages(["http://day", "http://other"])
    assert {key: one.urls for key, one in found.items()} == {"http://day": ["a", "b", "c"]}


def test_a_database_of_another_version_is_refused(archive: Archive, store: StoreSettings) -> None:
    decide_and_write(archive, [article()])
    archive.database["articles"].update_one({}, {"$set": {"schema": 1}})
    with pytest.raises(StoreError, match="has the schema 1"):
        Archive(store)
    with pytest.raises(StoreError, match="has the schema 1"):
        initialize(archive.database, print)
    Archive(store, reading=True).close()
