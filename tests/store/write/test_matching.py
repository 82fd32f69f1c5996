"""Look-ups for a batch: what is asked in several queries is found as in one."""

from __future__ import annotations

import pytest

from kcna_spider.items import Article
from kcna_spider.store.archive import Archive
from kcna_spider.store.write import matching
from kcna_spider.store.write.bulk import AT_ONCE, pieces
from tests.samples import article

_NUMBER = AT_ONCE + 20


def story(number: int, *, mended: bool = False, moved: bool = False) -> Article:
    """One of many stories, each with words of its own; perhaps with a misprint mended, perhaps at another address."""
    words = " ".join(f"word{number}x{place}" for place in range(120))
    body = f"Pyongyang, March 8 (KCNA) -- {words} was {'received' if mended else 'recieved'} well."
    return article(f"http://www.kcna.kp/en/article/detail/{number}{'b' * moved}", title=f"Title {number}", paragraphs=[body])


def test_pieces_are_all_there_is() -> None:
    assert list(pieces("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]
    assert not list(pieces([], 2))


@pytest.mark.parametrize(("mended", "outcome"), [(False, "unchanged"), (True, "revised")])
def test_more_addresses_than_a_query_names(archive: Archive, mended: bool, outcome: str) -> None:
    archive.articles.save([story(n) for n in range(_NUMBER)])
    assert archive.articles.save([story(n, mended=mended) for n in range(_NUMBER)]) == [outcome] * _NUMBER
    assert len(archive.known([story(n).url for n in range(_NUMBER)])) == _NUMBER
    assert archive.database["articles"].count_documents({}) == _NUMBER


def test_more_texts_than_a_query_names(archive: Archive) -> None:
    archive.articles.save([story(n) for n in range(_NUMBER)])
    assert archive.articles.save([story(n, moved=True) for n in range(_NUMBER)]) == ["copied"] * _NUMBER


def test_more_keys_than_a_query_names(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_KEYS_AT_ONCE", 7)  # fewer than one story has: its keys are parted, and it is found once
    archive.articles.save([story(n) for n in range(9)])
    found = archive.articles.matcher.near([story(n, mended=True, moved=True) for n in range(9)], range(9))
    assert {i: document["title"] for i, document in found.items()} == {n: f"Title {n}" for n in range(9)}


def test_a_stored_address_needs_no_keys(archive: Archive) -> None:
    archive.articles.save([story(1)])
    again = story(1)
    assert archive.articles.save([again]) == ["unchanged"]
    assert not again.keys, "they take a third of the work on an article and are made for what looks new"
    assert archive.database["articles"].find_one()["keys"]  # type: ignore[index]
