"""Validators and indexes on a real server."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_type_hints

import pytest
from pymongo.errors import WriteError

from kcna_spider.items import Article, AvailabilityCheck
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.model.documents import new_document
from kcna_spider.store.model.schema import INDEXES, VALIDATORS, ensure
from kcna_spider.store.model.types import ArticleDocument, Copy, Event, RevisionDocument
from tests.samples import AT, article


def test_twice_is_no_harm(archive: Archive) -> None:
    ensure(archive.database)
    assert set(VALIDATORS) <= set(archive.database.list_collection_names())
    for name, indexes in INDEXES.items():
        there = archive.database[name].index_information()
        assert {index.document["name"] for index in indexes} <= set(there)
    assert archive.database["articles"].index_information()["url"]["unique"] is True


def sighting() -> Article:
    """Return a valid article with its fingerprint."""
    one = article()
    one.set_fingerprint()
    return one


@pytest.mark.parametrize("field", ["title", "body", "published", "copies", "fingerprint"])
def test_a_document_without_it_is_refused(archive: Archive, field: str) -> None:
    document: dict[str, Any] = {**new_document(sighting(), [])}
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
    archive.database["articles"].insert_one({**new_document(sighting(), [])})


def test_stored_documents_have_the_fields_of_their_types(archive: Archive) -> None:
    """Check the fields and the LSH keys after a copy, a revision and a withdrawal."""
    url, other = "http://www.kcna.kp/en/article/detail/1", "https://kcnawatch.org/newstream/1-1/a/"
    edited = article(
        url, AT + dt.timedelta(days=1), title="Bakery Closed", paragraphs=["It will open again on Monday."]
    )
    decide_and_write(archive, [article(url), article(other)])
    decide_and_write(archive, [edited])
    shown = archive.database["articles"].find_one()
    assert shown
    assert (shown["title"], shown["lsh_keys"]) == ("Bakery Closed", edited.set_lsh_keys())
    for gone in (url, other):
        archive.record_availability([AvailabilityCheck(gone, gone=True, at=AT + dt.timedelta(days=2))])
    (document,) = archive.database["articles"].find()
    assert set(document) <= set(get_type_hints(ArticleDocument))
    assert all(set(copy) <= set(get_type_hints(Copy)) for copy in document["copies"])
    assert all(set(event) <= set(get_type_hints(Event)) for event in document["events"])
    assert document["title"] == "New Bakery Opened", "the text must be that of the copy that was live longest"
    assert document["lsh_keys"] == article(url).set_lsh_keys()
    for revision in archive.database["revisions"].find():
        assert set(revision) <= set(get_type_hints(RevisionDocument))


def days(document: Any) -> list[tuple[Any, Any]]:
    """Return each date of a document with the day beside it."""
    if isinstance(document, list):
        return [pair for entry in document for pair in days(entry)]
    if not isinstance(document, dict):
        return []
    found = [(document[name], document["day"]) for name in ("published", "date") if name in document]
    return found + [pair for value in document.values() for pair in days(value)]


def test_every_date_has_its_day_beside_it(archive: Archive) -> None:
    """Check the days after all kinds of changes to dates."""
    page = "http://www.kcna.kp/en/article/detail/1"
    decide_and_write(archive, [article(page)])
    decide_and_write(archive, [article("https://kcnawatch.org/newstream/1-1/a/", day="[2024.3.8.]")])
    plain = article("http://www.kcna.kp/en/article/detail/2", title="A Poem", paragraphs=["Of no place."])
    decide_and_write(archive, [plain])
    found = [pair for name in ("articles", "revisions") for pair in days(list(archive.database[name].find()))]
    assert len(found) == 7
    assert all((date.date().isoformat() if date else None) == day for date, day in found)
    article_of_page = archive.database["articles"].find_one({"copies.url": page})
    assert article_of_page
    assert article_of_page["day"] == "2024-03-08"


@pytest.mark.parametrize("value", ["2024-3-9", "9 March 2024", None])
def test_a_day_has_one_form(archive: Archive, value: object) -> None:
    with pytest.raises(WriteError):
        archive.database["articles"].insert_one({**new_document(sighting(), []), "day": value})
