"""A stored archive with edits, withdrawals, several copies and languages, as after crawls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bson import ObjectId

from kcna_spider.items import Article, AvailabilityCheck
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from tests.samples import AT, article

PLACE = "a database"  # The archive file names its source like this.
KP, WATCH = "http://www.kcna.kp/en/article/detail/", "https://kcnawatch.org/newstream/1710000000-"
EXACT = AT + dt.timedelta(milliseconds=947)
LATER = EXACT + dt.timedelta(days=2, milliseconds=1)
KOREAN = ["평양 3월 8일발 조선중앙통신", "새 공장이 평양시에 건설되였다. 로동자들이 기뻐하였다."]


def bakery(n: int, url: str = "", at: dt.datetime = EXACT, more: str = "", **fields: Any) -> Article:
    """Return a sighting of the n-th bakery, on kcna.kp unless a URL is given."""
    fields = {"day": f"[2024.{n % 5 + 1}.9.]", **fields}
    text = paragraphs(n, ("Wonsan", "Pyongyang")[n % 2], more)
    return article(url or f"{KP}{n}", at, title=f"Bakery {n} Opened", paragraphs=text, **fields)


def paragraphs(number: int, place: str, more: str = "") -> list[str]:
    text = f"A bakery of district {number} was opened with {number * 7} ovens and {number * 11} workers."
    return [f"{place}, March 8 (KCNA) -- {text}", f"Bread number {number} is good.{more} -0-"]


_KEPT: dict[int, dict[str, list[dict[str, Any]]]] = {}


def fill(archive: Archive, number: int = 40) -> None:
    """Store articles of several months with edits, withdrawals, a copy that is gone, and a third language.

    They are decided on and written once per process. For each further archive, the stored documents are
    inserted.
    """
    if number in _KEPT:
        for name, documents in _KEPT[number].items():
            archive.database[name].insert_many(documents)
        return
    _decide(archive, number)
    stored = {name: list(archive.database[name].find()) for name in ("articles", "revisions", "locks")}
    _KEPT[number] = {name: documents for name, documents in stored.items() if documents}


def _decide(archive: Archive, number: int) -> None:
    first = [bakery(n, categories=["World", "Economy", "Africa"][: n % 4]) for n in range(number)]
    first.append(
        article(f"{KP}korean", EXACT, title="새 공장 건설", paragraphs=KOREAN, categories=["새 소식"])
    )
    first.append(article(f"{KP}none", EXACT, title="A Notice", paragraphs=["It has no dateline."]))
    decide_and_write(archive, first)
    copies = [
        bakery(n, f"{WATCH}{n}/bakery/", LATER, day=f"2024-0{n % 5 + 1}-09", categories=["Watch"])
        for n in range(0, number, 3)
    ]
    decide_and_write(archive, copies)
    for n, more in ((4, " A mill was opened too."), (5, "  "), (8, " It burnt down.")):
        decide_and_write(archive, [bakery(n, at=LATER, more=more)])
    archive.record_availability(
        [AvailabilityCheck(f"{KP}{n}", gone=True, at=LATER + dt.timedelta(seconds=n)) for n in (7, 9, 10)]
    )


def change(archive: Archive, how: str) -> None:
    """Add, change or remove one article without updating the file."""
    if how == "added":
        decide_and_write(
            archive, [article(f"{KP}new", LATER, title="A Zeppelin Landed", paragraphs=["It flew."])]
        )
    elif how == "changed":
        archive.record_availability([AvailabilityCheck(f"{KP}1", gone=True, at=LATER)])
    else:
        found = archive.database["articles"].find_one({"copies.url": f"{KP}1"})
        assert found
        assert isinstance(found["_id"], ObjectId)
        archive.database["articles"].delete_one({"_id": found["_id"]})


def multiply(archive: Archive, number: int = 1_200) -> None:
    """Store further articles of one month with their texts: several batches of a cursor."""
    articles, revisions = archive.database["articles"], archive.database["revisions"]
    one = articles.find_one({"copies.url": f"{KP}1"})
    assert one
    text = revisions.find_one({"_id": f"{one['_id']}-1"})
    assert text
    keys = [ObjectId() for _ in range(number)]
    articles.insert_many(
        {
            **one,
            "_id": key,
            "fingerprint": f"{n:032x}",
            "copies": [{**one["copies"][0], "url": f"{KP}more{n}"}],
            "version": f"{n:016x}",
        }
        for n, key in enumerate(keys)
    )
    revisions.insert_many({**text, "_id": f"{key}-1", "article": key} for key in keys)
