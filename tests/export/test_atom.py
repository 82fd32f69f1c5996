"""The Atom feed: what RFC 4287 requires of every feed and entry, and the events in it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import feedparser

from kcna_spider.export.atom import Entry, entries, write_atom
from kcna_spider.export.rows import Wanted
from kcna_spider.items import AvailabilityCheck
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.samples import AT, article

KP, OTHER = "http://www.kcna.kp/en/article/detail/1", "http://www.kcna.kp/en/article/detail/2"
LATER, LAST = AT + dt.timedelta(days=1), AT + dt.timedelta(days=2)
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


def sound(text: bytes) -> feedparser.FeedParserDict:
    """Return the parsed feed after checking what every feed must have."""
    feed = feedparser.parse(text)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert {"id", "title", "updated", "author"} <= set(feed.feed)
    ids = [entry.id for entry in feed.entries]
    assert len(ids) == len(set(ids)), "an identifier occurs twice"
    for entry in feed.entries:
        assert {"id", "title", "updated", "link", "summary"} <= set(entry)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.updated)
    updated = [entry.updated for entry in feed.entries]
    assert updated == sorted(updated, reverse=True)
    return feed


def test_what_happened(archive: Archive) -> None:
    decide_and_write(
        archive,
        [
            article(KP),
            article(
                OTHER,
                title="<script>alert(1)</script> & \x0b more",
                paragraphs=["Quite another text stands here."],
            ),
        ],
    )
    decide_and_write(archive, [article(KP, at=LATER, title="A New Title")])
    archive.record_availability([AvailabilityCheck(OTHER, gone=True, at=LAST)])
    found = entries(archive.database, AT, Wanted())
    feed = sound(write_atom(found, NOW))
    kinds = [entry.tags[0].term for entry in feed.entries]
    assert sorted(kinds) == ["edited", "new", "new", "withdrawn"]
    edited = feed.entries[kinds.index("edited")]
    assert edited.title == "Edited: A New Title"
    assert edited.link == KP
    assert "[-" in edited.summary
    assert "{+" in edited.summary
    assert edited.updated == LATER.isoformat(timespec="seconds").replace("+00:00", "Z")
    withdrawn = write_atom(found, NOW).decode()
    assert "<script>" not in withdrawn
    assert "&lt;script&gt;" in withdrawn
    assert write_atom(entries(archive.database, AT, Wanted()), NOW) == write_atom(found, NOW), (
        "the feed depends on the time of the export"
    )


def test_what_is_wanted(archive: Archive) -> None:
    decide_and_write(
        archive,
        [
            article(KP),
            article(
                "http://www.kcna.co.jp/item/2024/202403/news10/20240310-01ee.html",
                title="Other",
                paragraphs=["A text of Tokyo."],
            ),
        ],
    )
    assert len(entries(archive.database, AT, Wanted(site="kcna.kp"))) == 1
    assert len(entries(archive.database, AT, Wanted(language="ko"))) == 0
    assert len(entries(archive.database, NOW + dt.timedelta(days=1), Wanted())) == 0


def test_an_empty_feed_is_sound() -> None:
    assert sound(write_atom([], NOW)).entries == []


def test_the_command(scrapy: Crawler, tmp_path: Path) -> None:
    scrapy("crawl", "kcnawatch", "-a", "limit=5")
    done = scrapy("export", "--format", "atom", "-o", str(tmp_path / "kcna.atom"))
    assert done.code == 0
    assert len(sound((tmp_path / "kcna.atom").read_bytes()).entries) == 5
    wrong = scrapy("export", "--format", "atom", "--fields", "title")
    assert wrong.code == 2
    assert "--format atom takes" in wrong.output


def test_any_day_is_taken(archive: Archive) -> None:
    """Check dates before 1970 and after 2106, whose seconds do not fit into an identifier."""
    decide_and_write(archive, [article(KP)])
    for year, number in ((1, 1), (1969, 1), (2107, 0), (9999, 0)):
        assert len(entries(archive.database, dt.datetime(year, 1, 1, tzinfo=dt.UTC), Wanted())) == number


def test_the_id_of_a_new_article_does_not_depend_on_its_copies() -> None:
    """Check an article that a second site shows too, whose URL and time are then those of the better copy."""
    day = dt.date(2024, 3, 9)
    ids = [
        feedparser.parse(write_atom([Entry(at, "new", "a1", "A Mill", url, day, "en", "")], NOW))
        .entries[0]
        .id
        for at, url in ((AT, "https://kcnawatch.org/1"), (AT + dt.timedelta(days=1), "http://www.kcna.kp/1"))
    ]
    assert ids[0] == ids[1]
