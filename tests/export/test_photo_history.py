"""Events of photos in the history of changes and in the feed, together with those of texts."""

from __future__ import annotations

import datetime as dt

import feedparser

from kcna_spider.export.atom import entries, write_atom
from kcna_spider.export.change_history import changes
from kcna_spider.export.photo_history import file_at, files_of, site_of_photo
from kcna_spider.export.rows import Wanted
from kcna_spider.items import AvailabilityCheck
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from tests.samples import AT, article
from tests.stored_photos import (
    ALTERED,
    BACK,
    FIRST,
    GONE,
    LAST,
    LATER,
    fill_photos,
    photo,
    photos_of_first,
    sha256,
)


def test_changes_of_photos(archive: Archive) -> None:
    fill_photos(archive)
    found = changes(archive.database, AT)
    assert [(c.kind, c.url, c.sha256_before, c.sha256_after) for c in found] == [
        ("photo_altered", ALTERED, sha256("before"), sha256("after")),
        ("photo_gone", GONE, sha256("gone"), None),
        ("photo_gone", BACK, sha256("back"), None),
        ("photo_back", BACK, None, sha256("back")),
    ]
    assert {c.site for c in found} == {"kcna.kp"}
    assert {c.title for c in found} == {"Story 1"}
    assert changes(archive.database, LAST) == found[3:]


def test_edits_and_withdrawals_of_the_same_article(archive: Archive) -> None:
    """Check that both kinds of events of one article have the right fields."""
    fill_photos(archive)
    decide_and_write(archive, [article(FIRST, LATER, title="Story 1", paragraphs=["The bread is bad."])])
    archive.record_availability([AvailabilityCheck(FIRST, gone=True, at=LAST)])
    found = changes(archive.database, AT)
    kinds = [change.kind for change in found]
    assert sorted(kinds) == [
        "edited", "photo_altered", "photo_back", "photo_gone", "photo_gone", "withdrawn",
    ]  # fmt: skip
    edited = found[kinds.index("edited")]
    assert edited.body_diff
    assert edited.sha256_before is None
    assert not found[kinds.index("photo_altered")].body_diff


def test_the_feed(archive: Archive) -> None:
    fill_photos(archive)
    feed = feedparser.parse(write_atom(entries(archive.database, AT, Wanted()), LAST))
    (altered,) = (entry for entry in feed.entries if entry.tags[0].term == "photo_altered")
    assert altered.title == "Photo altered: Story 1"
    assert altered.link == ALTERED
    assert sha256("before") in altered.summary
    assert sha256("after") in altered.summary
    assert len({entry.id for entry in feed.entries}) == 4 + 3
    assert not [e for e in entries(archive.database, AT, Wanted(site="kcna.co.jp")) if "photo" in e.kind]


def test_which_file_a_photo_showed() -> None:
    steps = [
        {"at": AT + dt.timedelta(days=n), "before": before, "sha256": after}
        for n, before, after in ((2, "a", "b"), (4, "b", "c"))
    ]
    one = photo(ALTERED, "x", sha256="c", history=steps)
    assert [file_at(one, AT + dt.timedelta(days=n)) for n in range(6)] == ["a", "a", "b", "b", "c", "c"]
    assert files_of({"photos": [one]}) == {"a": False, "b": False, "c": True}
    assert files_of({}) == {}
    again = photo(ALTERED, "x", sha256="a", history=[*steps, {"at": LAST, "before": "c", "sha256": "a"}])
    assert files_of({"photos": [one, again]}) == {"a": True, "b": False, "c": True}


def test_the_site_is_that_of_the_page_with_the_photo() -> None:
    fields = {**photos_of_first(), "copies": [{"url": FIRST, "site": "kcna.kp"}]}
    assert site_of_photo(fields, ALTERED) == "kcna.kp"
    fields["photo_pages"] = [{"url": f"{ALTERED}.html", "site": "kcna.co.jp"}]
    assert site_of_photo(fields, ALTERED) == "kcna.co.jp"
    assert site_of_photo(fields, GONE) == "kcna.kp"
