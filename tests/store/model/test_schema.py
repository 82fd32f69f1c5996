"""Validators and indexes on a real server."""

from __future__ import annotations

import pytest
from pymongo.errors import WriteError

from kcna_spider.items import Article
from kcna_spider.store.archive import Archive
from kcna_spider.store.model.documents import new_document
from kcna_spider.store.model.schema import INDEXES, VALIDATORS, ensure
from tests.samples import article


def test_twice_is_no_harm(archive: Archive) -> None:
    ensure(archive.database)
    assert set(VALIDATORS) <= set(archive.database.list_collection_names())
    for name, indexes in INDEXES.items():
        there = archive.database[name].index_information()
        assert {index.document["name"] for index in indexes} <= set(there)
    assert archive.database["articles"].index_information()["address"]["unique"] is True


def sighting() -> Article:
    """A sound article, with its fingerprint."""
    one = article()
    one.set_fingerprint()
    return one


@pytest.mark.parametrize("field", ["title", "body", "published", "copies", "fingerprint"])
def test_a_document_without_it_is_refused(archive: Archive, field: str) -> None:
    document = new_document(sighting(), [])
    del document[field]
    with pytest.raises(WriteError) as caught:
        archive.database["articles"].insert_one(document)
    assert caught.value.code == 121


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("published", "2024-03-09"), ("language", "English"), ("copies", []), ("revision", 0)],
)
def test_a_wrong_value_is_refused(archive: Archive, field: str, value: object) -> None:
    with pytest.raises(WriteError):
        archive.database["articles"].insert_one({**new_document(sighting(), []), field: value})


def test_a_sound_document_is_taken(archive: Archive) -> None:
    archive.database["articles"].insert_one(new_document(sighting(), []))
