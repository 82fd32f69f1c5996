"""The stored article of each sighting in a batch; several queries find the same articles as one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from kcna_spider.items import Article, ListingUpdate
from kcna_spider.pipelines.dedupe import decide, decide_redatings
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.calls import AT_ONCE, batched
from kcna_spider.store.connection.profiles import SECANTUS
from kcna_spider.store.write.articles import CONFLICT
from tests.samples import AT, article

_NUMBER = AT_ONCE + 20


def story(number: int, *, corrected: bool = False, moved: bool = False) -> Article:
    """Return one of many articles with distinct words, with an optional correction or another URL."""
    words = " ".join(f"word{number}x{place}" for place in range(120))
    body = f"Pyongyang, March 8 (KCNA) -- {words} was {'received' if corrected else 'recieved'} well."
    return article(
        f"http://www.kcna.kp/en/article/detail/{number}{'b' * moved}",
        title=f"Title {number}",
        paragraphs=[body],
    )


def test_batches_are_all_there_is() -> None:
    assert list(batched("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]
    assert not list(batched([], 2))


@pytest.mark.parametrize(("corrected", "outcome"), [(False, "unchanged"), (True, "revised")])
def test_more_addresses_than_a_query_names(archive: Archive, corrected: bool, outcome: str) -> None:
    decide_and_write(archive, [story(n) for n in range(_NUMBER)])
    assert (
        decide_and_write(archive, [story(n, corrected=corrected) for n in range(_NUMBER)])
        == [outcome] * _NUMBER
    )
    assert len(archive.known([story(n).url for n in range(_NUMBER)])) == _NUMBER
    assert archive.database["articles"].count_documents({}) == _NUMBER


def test_more_texts_than_a_query_names(archive: Archive) -> None:
    decide_and_write(archive, [story(n) for n in range(_NUMBER)])
    assert decide_and_write(archive, [story(n, moved=True) for n in range(_NUMBER)]) == ["copied"] * _NUMBER


def test_more_keys_than_a_query_names(archive: Archive) -> None:
    # An article has more keys than this limit. They are split into several queries, which must find it once.
    archive.articles.profile = replace(SECANTUS, key_in_size=7)
    decide_and_write(archive, [story(n) for n in range(9)])
    again = [story(n, corrected=True, moved=True) for n in range(9)]
    decide(archive, again)
    assert [
        item.decision and item.decision.document and item.decision.document["title"] for item in again
    ] == [f"Title {n}" for n in range(9)]


def test_a_stored_address_needs_no_keys(archive: Archive) -> None:
    decide_and_write(archive, [story(1)])
    again = story(1)
    assert decide_and_write(archive, [again]) == ["unchanged"]
    assert not again.lsh_keys, "LSH keys take a third of the time of an article, so only new texts need them"
    assert archive.database["articles"].find_one()["lsh_keys"]  # type: ignore[index]


def test_the_four_decisions(archive: Archive) -> None:
    decide_and_write(archive, [story(1)])
    stored = archive.database["articles"].find_one()
    assert stored
    known, moved, edited, new = story(1), story(1, moved=True), story(1, moved=True, corrected=True), story(2)
    decide(archive, [known, moved, edited, new])
    for item in (known, moved, edited):
        assert item.decision
        assert item.decision.document == stored, (
            "an article must be found by URL, by fingerprint and by near-equal text"
        )
    assert new.decision
    assert (new.decision.document, new.decision.duplicate_index) == (None, 0)


def test_a_decision_that_was_overtaken_is_a_conflict(archive: Archive) -> None:
    """Check decisions that a later write of another writer made invalid.

    The cases are a near-equal text, the same text, and a changed version.
    """
    near, same, revised = story(1, corrected=True), story(2, moved=True), story(3, corrected=True)
    decide_and_write(archive, [story(3)])
    decide(archive, [near, same, revised])
    decide_and_write(archive, [story(1, moved=True), story(2)])
    archive.database["articles"].update_one({"title": "Title 3"}, {"$set": {"version": "another"}})
    assert archive.save_articles([near, same, revised]) == [CONFLICT] * 3
    assert archive.database["articles"].count_documents({}) == 3
    assert decide_and_write(archive, [near, same, revised]) == ["copied", "copied", "revised"]


def test_what_was_compared_and_differs_is_no_conflict(archive: Archive) -> None:
    """Check articles with the same title on many days: they share a key and are stored in one round."""
    batch = [
        article(
            f"http://www.kcna.kp/en/article/detail/{n}",
            title="Press Review",
            paragraphs=[f"Text {n} is unlike {n * 7}."],
        )
        for n in range(9)
    ]
    decide(archive, batch)
    assert archive.save_articles(batch) == ["inserted"] * 9


def test_a_compared_article_whose_text_changed_is_compared_again(archive: Archive) -> None:
    def review(number: int, text: str) -> Article:
        url = f"http://www.kcna.kp/en/article/detail/{number}"
        return article(url, title="Press Review", paragraphs=[text])

    decide_and_write(archive, [review(0, "Text 0 is unlike 0.")])
    new = review(1, "Text 1 is unlike 7.")
    decide(archive, [new])
    assert new.decision
    assert len(new.decision.compared) == 1
    assert decide_and_write(archive, [review(0, "Text 1 is unlike 7, and it was edited.")]) == ["revised"]
    assert archive.save_articles([new]) == [CONFLICT]


def undated(number: int) -> Article:
    """Return a story whose date only a capture limits."""
    item = story(number)
    item.published, item.published_from = dt.date(2024, 3, 20), "capture"
    return item


def test_a_listing_dates_an_article_of_its_own_batch(archive: Archive) -> None:
    item = undated(1)
    update = ListingUpdate([item.url], [], AT, dt.date(2024, 3, 9))
    assert decide_and_write(archive, [update, item]) == ["kept", "inserted"]
    document = archive.database["articles"].find_one()
    assert document
    assert (document["published_from"], document["published"].date()) == ("listing", dt.date(2024, 3, 9))


def test_a_date_is_decided_again_where_another_writer_was_faster(archive: Archive) -> None:
    item = undated(1)
    decide_and_write(archive, [item])
    update = ListingUpdate([item.url], [], AT, dt.date(2024, 3, 9))
    decide_redatings(archive, [update])
    archive.database["articles"].update_one({}, {"$set": {"version": "another"}})
    assert archive.update_from_listings([update]) == [update]
    assert decide_and_write(archive, [update]) == ["kept"]
    assert archive.database["articles"].count_documents({"published_from": "listing"}) == 1


def test_dating_an_article_is_safe_to_repeat(archive: Archive) -> None:
    item = undated(1)
    decide_and_write(archive, [item])
    update = ListingUpdate([item.url], [], AT, dt.date(2024, 3, 9))
    decide_redatings(archive, [update])
    assert update.redatings
    assert update.redatings[0].fields["dateline"]
    assert archive.update_from_listings([update]) == []
    # After a kill between the two writes, the revision does not have the new year.
    archive.database["revisions"].update_one({}, {"$set": {"dateline": None}})
    assert archive.update_from_listings([update]) == []
    revision = archive.database["revisions"].find_one()
    assert revision
    assert revision["dateline"]["date"].date() == dt.date(2024, 3, 8)
    assert revision["dateline"]["day"] == "2024-03-08"
    dated = archive.database["articles"].find_one()
    assert dated
    assert (dated["day"], dated["dateline"]["day"]) == ("2024-03-09", "2024-03-08")
