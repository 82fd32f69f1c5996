"""The effect of a sighting on the stored articles, on a real server."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest

from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import snapshot_of
from tests.samples import AT, article

KP, KP2, WATCH, TOKYO = (
    "http://www.kcna.kp/en/article/detail/1",
    "http://www.kcna.kp/en/article/detail/2",
    "https://kcnawatch.org/newstream/1710052200-1/a/",
    "http://www.kcna.co.jp/item/2024/202403/news10/20240310-01ee.html",
)
LATER = AT + dt.timedelta(hours=1)
TEXT = [
    "Pyongyang, March 8 (KCNA) -- A new bakery was opened here.",
    "The bread is good, it is said, and it will be better still.",
]
LONG = [TEXT[0], " ".join(f"Word {n} of a text that is long enough" for n in "abcdefghijklmn")]


def one(archive: Archive, **query: Any) -> dict[str, Any]:
    """Return the only article."""
    found = list(archive.database["articles"].find(query))
    assert len(found) == 1
    return found[0]


def test_a_new_article_has_revision_one(archive: Archive) -> None:
    assert decide_and_write(archive, [article()]) == ["inserted"]
    document = one(archive)
    assert (document["title"], document["revision"], document["changed_at"], document["withdrawn_at"]) == (
        "New Bakery Opened",
        1,
        None,
        None,
    )
    assert document["published"] == dt.datetime(2024, 3, 9, tzinfo=dt.UTC)
    assert document["dateline"] == {
        "place": "Pyongyang",
        "date": dt.datetime(2024, 3, 8, tzinfo=dt.UTC),
        "day": "2024-03-08",
        "agency": "KCNA",
        "raw": "Pyongyang, March 8 (KCNA) --",
    }
    assert [(c["url"], c["site"], c["status"], c["revision"]) for c in document["copies"]] == [
        (KP, "kcna.kp", "live", 1)
    ]
    revision = archive.database["revisions"].find_one()
    assert revision is not None
    assert (revision["article"], revision["number"], revision["body"], revision["trivial"]) == (
        document["_id"],
        1,
        document["body"],
        False,
    )
    assert revision["sources"] == [{"url": KP, "site": "kcna.kp", "seen_at": AT}]


def test_seen_again_changes_only_the_time(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    before = one(archive)
    assert decide_and_write(archive, [article(at=LATER)]) == ["unchanged"]
    after = one(archive)
    assert after["last_seen"] == after["copies"][0]["last_seen"] == LATER
    assert after["first_seen"] == AT
    assert after["body"] == before["body"]
    assert archive.database["revisions"].count_documents({}) == 1


def test_the_same_record_read_again_writes_nothing(archive: Archive) -> None:
    sightings = [article(), article()]
    for sighting in sightings:
        sighting.record = {"file": "a.warc.gz", "offset": 7}
    decide_and_write(archive, sightings[:1])
    before = one(archive)
    assert decide_and_write(archive, sightings[1:]) == ["unchanged"]
    assert one(archive) == before, "an unchanged article was written"


def test_the_same_text_elsewhere_is_a_copy(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    assert decide_and_write(
        archive, [article(WATCH, day="10/03/2024"), article(TOKYO, day="March 10. 2024")]
    ) == ["copied", "copied"]
    document = one(archive)
    assert [c["url"] for c in document["copies"]] == [KP, WATCH, TOKYO]
    assert document["published"].day == 9, "the date must be the earliest that a site states"
    assert [c["published"].day for c in document["copies"]] == [9, 10, 10]
    revision = archive.database["revisions"].find_one()
    assert revision is not None
    assert [s["url"] for s in revision["sources"]] == [KP, WATCH, TOKYO]


def test_categories_are_united(archive: Archive) -> None:
    decide_and_write(
        archive, [article(categories=["World"]), article(KP2, categories=["World", "Home News"])]
    )
    assert one(archive)["categories"] == ["World", "Home News"]


def test_twins_in_one_batch_are_one_article(archive: Archive) -> None:
    assert sorted(decide_and_write(archive, [article(), article(WATCH)])) == ["copied", "inserted"]
    assert len(one(archive)["copies"]) == 2


def test_near_twins_in_one_batch_are_one_article(archive: Archive) -> None:
    misprint = [LONG[0], LONG[1].replace("enough", "enouhg", 1)]
    assert sorted(
        decide_and_write(archive, [article(paragraphs=LONG), article(WATCH, paragraphs=misprint)])
    ) == ["copied", "inserted"]
    document = one(archive)
    assert document["revision"] == 1, "the article must have the text of kcna.kp"
    assert [c["revision"] for c in document["copies"]] == [1, 2]
    assert archive.database["revisions"].count_documents({"trivial": False}) == 2


def test_the_same_words_weeks_later_are_another_story(archive: Archive) -> None:
    decide_and_write(
        archive,
        [
            article(),
            article(
                KP2,
                day="[2024.4.9.]",
                paragraphs=["Pyongyang, April 8 (KCNA) -- A new bakery was opened here.", TEXT[1]],
            ),
        ],
    )
    assert sorted(d["duplicate_index"] for d in archive.database["articles"].find()) == [0, 1]
    assert decide_and_write(
        archive,
        [
            article(
                WATCH,
                day="09/04/2024",
                paragraphs=["Pyongyang, April 8 (KCNA) -- A new bakery was opened here.", TEXT[1]],
            )
        ],
    ) == ["copied"]
    assert one(archive, duplicate_index=1)["copies"][1]["url"] == WATCH


def test_another_text_at_the_same_address_is_a_revision(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    edited = article(
        at=LATER, title="New Bakery Opens Its Doors", paragraphs=[TEXT[0], "The bread is excellent."]
    )
    assert decide_and_write(archive, [edited]) == ["revised"]
    document = one(archive)
    assert (document["title"], document["revision"], document["changed_at"]) == (
        "New Bakery Opens Its Doors",
        2,
        LATER,
    )
    texts = {r["number"]: (r["title"], r["trivial"]) for r in archive.database["revisions"].find()}
    assert texts == {1: ("New Bakery Opened", False), 2: ("New Bakery Opens Its Doors", False)}
    assert decide_and_write(archive, [article(at=LATER + dt.timedelta(hours=1))]) == ["revised"], (
        "a return to the first text is a revision"
    )
    document = one(archive)
    assert (document["title"], document["revision"], len(document["texts"])) == ("New Bakery Opened", 1, 2)


def test_an_edit_into_a_text_that_another_article_has(archive: Archive) -> None:
    other = ["Pyongyang, March 8 (KCNA) -- Quite another text stood here before it was changed."]
    decide_and_write(archive, [article(), article(KP2, title="Other", paragraphs=other)])
    assert decide_and_write(archive, [article(KP2, at=LATER, title="Other")]) == ["revised"]
    assert sorted(
        (d["title"], d["duplicate_index"], d["revision"]) for d in archive.database["articles"].find()
    ) == [
        ("New Bakery Opened", 0, 1),
        ("Other", 1, 2),
    ]
    assert decide_and_write(
        archive, [article(KP2, at=LATER + dt.timedelta(hours=1), title="Other", paragraphs=other)]
    ) == ["revised"]
    assert one(archive, title="Other")["duplicate_index"] == 0


def test_a_copy_that_still_shows_the_earlier_text_is_no_second_article(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    decide_and_write(
        archive,
        [
            article(
                at=LATER,
                title="New Title",
                paragraphs=["Quite another text stands here now, after the edit."],
            )
        ],
    )
    assert decide_and_write(archive, [article(WATCH, at=LATER)]) == ["copied"]
    document = one(archive)
    assert (document["revision"], [c["revision"] for c in document["copies"]]) == (2, [2, 1])


def test_a_writer_that_was_killed_between_revision_and_article_holds_up_nobody(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    before = one(archive)
    decide_and_write(archive, [article(at=LATER, title="Second Title")])
    # This is the state after a kill before the write of the article.
    archive.database["articles"].replace_one({"_id": before["_id"]}, before)
    assert decide_and_write(archive, [article(at=LATER, title="Third Title")]) == ["revised"]
    assert [r["title"] for r in archive.database["revisions"].find().sort("number")] == [
        "New Bakery Opened",
        "Second Title",
        "Third Title",
    ]
    assert one(archive)["title"] == "Third Title"


def test_near_twins_of_one_batch_across_a_border_of_buckets(archive: Archive) -> None:
    for month in range(1, 6):
        text = f"{LONG[1]} Number {month} follows."
        batch = [
            article(
                f"{KP}{month}", title=f"Title {month}", paragraphs=[text], day=f"[2024.{month}.{9 + month}.]"
            ),
            article(
                f"{WATCH}{month}",
                title=f"Title {month}",
                paragraphs=[text.replace("enough", "enouhg", 1)],
                day=f"{10 + month}/0{month}/2024",
            ),
        ]
        assert sorted(decide_and_write(archive, batch)) == ["copied", "inserted"]


def test_blanks_and_quotes_are_trivial(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    decide_and_write(archive, [article(at=LATER, title="NEW BAKERY  \u201cOpened\u201d")])
    document = one(archive)
    assert (document["revision"], document["changed_at"]) == (2, None)
    assert [r["trivial"] for r in archive.database["revisions"].find().sort("number")] == [False, True]


def test_two_sites_with_two_texts_do_not_flip(archive: Archive) -> None:
    other: dict[str, Any] = {"paragraphs": [TEXT[0], TEXT[1] + " Really."], "title": "New Bakery Opened"}
    decide_and_write(archive, [article(WATCH, original=KP, **other)])
    decide_and_write(archive, [article()])
    documents = list(archive.database["articles"].find())
    for _ in range(3):
        for document in documents:
            for entry in document["copies"]:
                decide_and_write(
                    archive, [article(entry["url"], at=LATER, **(other if entry["url"] == WATCH else {}))]
                )
    after = list(archive.database["articles"].find())
    assert [d["revision"] for d in after] == [d["revision"] for d in documents]
    assert all(d["changed_at"] is None for d in after)


def test_an_older_capture_does_not_undo_what_is_live(archive: Archive) -> None:
    decide_and_write(archive, [article(at=LATER, title="New Title")])
    assert decide_and_write(archive, [article(at=AT, title="Old Title")]) == ["revised"], (
        "an older text is an edit of the past"
    )
    document = one(archive)
    assert (document["title"], document["revision"]) == ("New Title", 1)
    assert document["copies"][0]["history"] == [{"at": LATER, "before": 2, "revision": 1}]
    assert document["first_seen"] == AT
    assert archive.database["revisions"].count_documents({}) == 2, "the text of the capture was not kept"


def test_known_addresses(archive: Archive) -> None:
    decide_and_write(archive, [article(categories=["World"])])
    known = archive.known([KP, KP2])
    assert set(known) == {KP}
    assert (known[KP].first_seen, known[KP].categories) == (AT, frozenset({"World"}))


def test_a_missing_first_revision_is_written_before_the_next(archive: Archive) -> None:
    decide_and_write(archive, [article()])
    archive.database["revisions"].delete_many({})  # A kill between the two writes leaves this state.
    decide_and_write(archive, [article(at=LATER, title="Another Title")])
    assert sorted(r["title"] for r in archive.database["revisions"].find()) == [
        "Another Title",
        "New Bakery Opened",
    ]


@pytest.mark.parametrize("round_", range(3))
def test_writers_at_once_store_what_one_stores(archive: Archive, store: StoreSettings, round_: int) -> None:
    stories = [
        article(
            f"{site}{n}",
            title=f"Story {n}",
            paragraphs=[
                f"Pyongyang, March 8 (KCNA) -- Story number {n} begins.",
                f"It goes on {' and on' * n}.",
            ],
        )
        for n in range(40)
        for site in (KP, WATCH)
    ]
    barrier = threading.Barrier(4)
    errors: list[Exception] = []

    def write(order: int) -> None:
        mine = Archive(store)
        barrier.wait()
        try:
            for start in range(0, len(stories), 8):
                batch = stories[start : start + 8]
                decide_and_write(mine, batch if order % 2 else batch[::-1])
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    held = snapshot_of(archive)
    assert len(held["articles"]) == 40
    assert all(len(a["copies"]) == 2 for a in held["articles"].values())
    assert len(held["revisions"]) == 40
    assert all(len(sources) == 2 for *_, sources in held["revisions"].values())
