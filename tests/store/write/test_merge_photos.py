"""The changes that the photos of a page make to a stored article."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any, cast

import pytest

from kcna_spider.items import Photo, PhotoFile, PhotoSet
from kcna_spider.store.model.types import ArticleDocument
from kcna_spider.store.write.merge_photos import merge_photos

PAGE, URL = "http://www.kcna.kp/en/gallery/detail/1", "http://www.kcna.kp/photo/1.jpg"
ARTICLE = "http://www.kcna.kp/en/article/detail/1"
WAYBACK = {"at": None, "url": "https://web.archive.org/web/2024id_/x"}


def moment(day: int) -> dt.datetime:
    return dt.datetime(2026, 7, day, tzinfo=dt.UTC)


def new() -> ArticleDocument:
    page = {"url": PAGE, "site": "kcna.kp", "first_seen": moment(1), "capture": None, "read_at": None}
    state = {**page, "asked_at": None, "tries": 0, "etag": None, "modified": None}
    return cast("ArticleDocument", {"photo_pages": [state], "photos_due": True})


def photo(name: str | None, day: int, outcome: str = "found", url: str = URL, **more: Any) -> Photo:
    file = PhotoFile(name * 64, "0" * 16, "jpeg", 1, 1, 1, {}, "x") if name else None
    return Photo(url, 1, outcome=outcome, file=file, at=moment(day), **more)


def seen(document: ArticleDocument, day: int, *photos: Photo, **more: Any) -> ArticleDocument:
    merge_photos(document, PhotoSet(PAGE, [ARTICLE], "kcna.kp", moment(day), list(photos), **more))
    return document


def kinds(document: ArticleDocument) -> list[tuple[str, int]]:
    return [(event["kind"], event["at"].day) for event in document.get("events", [])]


def test_first_sighting() -> None:
    document = seen(new(), 1, photo("a", 1, caption="A caption", etag="e"))
    (entry,) = document["photos"]
    assert (entry["url"], entry["sha256"], entry["caption"]) == (URL, "a" * 64, "A caption")
    assert (entry["status"], entry["first_seen"], entry["last_seen"]) == ("live", moment(1), moment(1))
    assert document["photo_pages"][0]["read_at"] == moment(1)
    assert document["photos_due"] is False
    assert not kinds(document)


def test_the_same_again_is_no_event() -> None:
    document = seen(seen(new(), 1, photo("a", 1)), 2, photo("a", 2))
    document = seen(document, 3, photo(None, 3, "unchanged"))
    assert not kinds(document)
    assert document["photos"][0]["last_seen"] == moment(3)


@pytest.mark.parametrize("before", [[], [photo("a", 1)]], ids=["no_photo", "one"])
def test_a_file_that_only_another_article_has(before: list[Photo]) -> None:
    """Check a page that shows the photo of another article, for which the server sent only a 304."""
    document, other = seen(new(), 1, *before), "http://www.kcna.kp/photo/2.jpg"
    due = [
        seen(document, day, photo(name, day, outcome, url=other))["photos_due"]
        for day, name, outcome in ((2, None, "unchanged"), (3, "b", "found"))
    ]
    assert due == [True, False]
    assert other in {entry["url"] for entry in document["photos"] if entry["status"] == "live"}


def test_altered_twice_and_back() -> None:
    document = new()
    for day, name in enumerate("aabab", 1):
        seen(document, day, photo(name, day))
    assert kinds(document) == [("photo_altered", 3), ("photo_altered", 4), ("photo_altered", 5)]
    first = document["events"][0]
    assert (first["sha256_before"], first["sha256_after"]) == ("a" * 64, "b" * 64)
    assert document["event_at"] == moment(5)
    assert [(c["before"][0], c["sha256"][0]) for c in document["photos"][0]["history"]] == [
        ("a", "b"),
        ("b", "a"),
        ("a", "b"),
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(range(1, 5))))
def test_any_order_of_captures_gives_the_same(order: tuple[int, ...]) -> None:
    shown = {1: "a", 2: "a", 3: "b", 4: "a"}
    document = new()
    for day in order:
        seen(document, day, photo(shown[day], day))
    (entry,) = document["photos"]
    assert (entry["first_seen"], entry["last_seen"]) == (moment(1), moment(4))
    assert entry["sha256"] == "a" * 64
    assert [(c["at"].day, c["before"][0], c["sha256"][0]) for c in entry["history"]] == [
        (3, "a", "b"),
        (4, "b", "a"),
    ]


@pytest.mark.parametrize(
    "gone",
    [
        {"photos": [], "status": "read"},
        {"photos": [], "status": "gone"},
        {"photos": [photo(None, 2, "gone")], "status": "read"},
    ],
)
def test_gone_and_back(gone: dict[str, Any]) -> None:
    document = seen(new(), 1, photo("a", 1))
    for day in (2, 3):
        seen(document, day, *gone["photos"], status=gone["status"])
    assert kinds(document) == [("photo_gone", 2)]
    assert document["photos"][0]["status"] == "gone"
    seen(document, 4, photo("a", 4))
    assert kinds(document) == [("photo_gone", 2), ("photo_back", 4)]
    entry = document["photos"][0]
    assert (entry["status"], entry["gone_at"], entry["back_at"]) == ("live", moment(2), moment(4))


def test_back_as_another_picture() -> None:
    document = seen(seen(seen(new(), 1, photo("a", 1)), 2), 3, photo("b", 3))
    assert kinds(document) == [("photo_gone", 2), ("photo_altered", 3), ("photo_back", 3)]


def test_a_capture_says_nothing_of_today() -> None:
    document = seen(new(), 2, photo("a", 2))
    seen(document, 5, capture={**WAYBACK, "at": moment(5)})
    seen(document, 5, photo(None, 5, "gone"), capture={**WAYBACK, "at": moment(5)})
    assert not kinds(document)
    seen(document, 1, photo("b", 1, capture=WAYBACK), capture=WAYBACK)
    (entry,) = document["photos"]
    assert (entry["sha256"], entry["capture"], entry["first_seen"]) == ("a" * 64, None, moment(1))
    assert kinds(document) == [("photo_altered", 2)]


def test_a_page_that_was_not_received_changes_no_photo() -> None:
    document = seen(seen(new(), 1, photo("a", 1)), 2, status="failed")
    assert document["photos"][0]["status"] == "live"
    assert not kinds(document)


@pytest.mark.parametrize(
    ("found", "status", "tries"),
    [
        ([photo(None, 1, "failed", problem=("truncated", "x"))], "read", 1),
        ([], "failed", 1),
        ([photo("a", 1), photo(None, 1, "not_asked", URL + "2")], "read", 0),
    ],
)
def test_what_is_not_settled_is_due_again(found: list[Photo], status: str, tries: int) -> None:
    document = seen(new(), 1, *found, status=status)
    (page,) = document["photo_pages"]
    assert (page["read_at"], page["tries"]) == (None, tries)
    assert document["photos_due"] is True
    seen(document, 2, photo("a", 2))
    assert document["photo_pages"][0]["read_at"] == moment(2)
    assert document["photos_due"] is False


def test_it_is_given_up_after_ten_times() -> None:
    document = new()
    for day in range(1, 11):
        seen(document, day, status="failed")
    assert document["photo_pages"][0]["tries"] == 10
    assert document["photos_due"] is False


def test_two_pages_of_one_article() -> None:
    document = seen(new(), 1, photo("a", 1))
    other = PhotoSet("http://www.kcna.kp/x", [ARTICLE], "kcna.kp", moment(2), [photo("b", 2, url=URL + "2")])
    merge_photos(document, other)
    assert [page["url"] for page in document["photo_pages"]] == [PAGE, "http://www.kcna.kp/x"]
    assert {p["url"]: p["status"] for p in document["photos"]} == {URL: "live", URL + "2": "live"}


def test_edited_captions_are_kept() -> None:
    document = seen(new(), 1, photo("a", 1, caption="Two men"))
    seen(document, 1, photo("a", 1, caption="Two men."))  # the same record, read by other code
    seen(document, 2, photo(None, 2, "unchanged", caption="One man"))
    seen(document, 3, photo("a", 3, caption=None))
    seen(document, 4, photo("a", 4, caption="A man"))
    assert document["photos"][0]["caption"] == "A man"
    assert [
        (e["kind"], e["at"].day, e["caption_before"], e["caption_after"]) for e in document["events"]
    ] == [
        ("photo_captioned", 2, "Two men.", "One man"),
        ("photo_captioned", 4, "One man", "A man"),
    ]


def test_two_pages_with_different_captions_are_no_edit() -> None:
    document = seen(new(), 1, photo("a", 1, caption="Two men"))
    other = PhotoSet(f"{PAGE}0", [ARTICLE], "kcna.kp", moment(2), [photo("a", 2, caption="A pair")])
    merge_photos(document, other)
    other.at = moment(3)
    other.photos = [photo("a", 3, caption="A pair")]
    merge_photos(document, other)
    seen(document, 4, photo("a", 4, caption="Two men"))
    seen(document, 5, photo("a", 5, caption="Two men"))
    assert not [kind for kind, _ in kinds(document) if kind == "photo_captioned"]


def test_the_caption_of_another_page_after_its_own_page_is_gone() -> None:
    document = seen(new(), 1, photo("a", 1, caption="Two men"))
    other = PhotoSet(f"{PAGE}0", [ARTICLE], "kcna.kp", moment(2), [photo("a", 2, caption="A pair")])
    merge_photos(document, other)
    seen(document, 3, status="gone")
    for day, caption in ((4, "Three men"), (5, "Four men")):
        other.at, other.photos = moment(day), [photo("a", day, caption=caption)]
        merge_photos(document, other)
    assert document["photos"][0]["caption"] == "Four men"
    assert kinds(document) == [("photo_captioned", 5)]
