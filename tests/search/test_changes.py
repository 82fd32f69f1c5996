"""The sizes of edits, and the changes that a filter keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.export.atom import FeedHead
from kcna_spider.export.diff import changed_words, word_diff
from kcna_spider.search.changes import ChangeFilter, changes
from kcna_spider.search.edit_sizes import event_sizes
from kcna_spider.search.feed import changes_as_feed
from kcna_spider.search.lookup import article, texts
from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import condition
from kcna_spider.search.tables import create
from kcna_spider.search.writer import Writer
from tests.search.texts import BEGIN, document, revision


@pytest.mark.parametrize(
    ("before", "after", "size"),
    [
        ("He met them.", "He met them.", 0),
        ("He met them.", "He  met\n\nthem.", 0),
        ("He met them.", "He saw them.", 2),
        ("He met them.", "He met them all today.", 4),  # "them." became "them", which counts as another word.
        ("", "one two", 2),
        ("평양에서 공장이 준공", "평양에서 공장이 착공", 2),
        ("平壌で竣工", "平壌で着工", 2),
        ("平壤新工厂", "平壤工厂", 1),
        ("В Пхеньяне открыт завод", "В Вонсане открыт завод", 2),
    ],
)
def test_changed_words(before: str, after: str, size: int) -> None:
    assert changed_words(before, after) == size
    shown = [part.text for part in word_diff(before, after) if part.kind in ("gone", "new")]
    assert size == 0 or shown, "the diff shows nothing of an edit with a size"


def test_only_an_edit_with_both_texts_has_a_size() -> None:
    article = document(1, "en", "A title", "Now it is new.", revision=3)
    revisions = [revision(article, 1, "It is old."), revision(article, 2, "It is new.")]
    article["events"] = [
        {"at": BEGIN, "kind": "edited", "url": "x", "before": 1, "after": 2},
        {"at": BEGIN, "kind": "edited", "url": "x", "before": 2, "after": 3},
        {"at": BEGIN, "kind": "edited", "url": "x", "before": 7, "after": 3},
        {"at": BEGIN, "kind": "withdrawn", "url": "x"},
    ]
    assert event_sizes(article, revisions) == [2, 3, None, None]
    assert event_sizes(article, []) == [None, None, None, None]


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[Reader]:
    """Yield a reader with edits of the sizes 1, 12 and 150, and a withdrawn article."""
    writer = Writer(tmp_path / "archive.sqlite")
    create(writer.base)
    found: list[dict[str, Any]] = []
    revisions = []
    for number, size in ((1, 12), (2, 150), (3, 1), (8, 0)):
        article = document(number, "en", f"Title {number}", "word " * size + "end", revision=2)
        at = article["first_seen"]
        article["events"] = [{"at": at, "kind": "edited", "url": "x", "before": 1, "after": 2}]
        revisions += [revision(article, 1, "end"), revision(article, 2, article["body"])]
        found.append(article)
    found[3]["events"] = [{"at": found[3]["first_seen"], "kind": "withdrawn", "url": "x"}]
    writer.write(found, revisions)
    writer.close()
    reader = Reader(tmp_path / "archive.sqlite")
    yield reader
    reader.close()


@pytest.mark.parametrize(
    ("wanted", "sizes"),
    [
        (ChangeFilter(), [None, 1, 150, 12]),
        (ChangeFilter(size=10), [150, 12]),
        (ChangeFilter(size=100), [150]),
        (ChangeFilter(order="largest"), [150, 12, 1, None]),
        (ChangeFilter(kind="withdrawn", order="largest"), [None]),
        (ChangeFilter(kind="withdrawn", size=1), []),
        (ChangeFilter("edited", 10, "largest", condition(parse("date:2023-11-02"))), [12]),
    ],
)
def test_filters(changed: Reader, wanted: ChangeFilter, sizes: list[int | None]) -> None:
    assert [change["size"] for change in changes(changed, wanted, 10)] == sizes
    assert [change["size"] for change in changes(changed, wanted, 10, 1)] == sizes[1:]


@pytest.mark.parametrize(
    ("order", "index"), [("e.at DESC", "events_at"), ("e.size DESC, e.at DESC", "events_size")]
)
def test_both_orders_have_an_index(changed: Reader, order: str, index: str) -> None:
    plan = changed.rows(
        "EXPLAIN QUERY PLAN SELECT * FROM events e JOIN articles a ON a.number = e.article "
        f"ORDER BY {order}, a.number LIMIT 100"
    )
    assert any(index in row[3] for row in plan), plan


def test_captions_and_texts_that_newer_code_read(tmp_path: Path) -> None:
    """Check that the file has both captions of a photo, and which text only newer code reads differently."""
    caption = {"kind": "photo_captioned", "caption_before": "A mill.", "caption_after": "The mill."}
    one = document(
        1,
        "en",
        "A Mill",
        "The mill stands.",
        events=[{"at": BEGIN, "url": "http://x/1.jpg", **caption}],
        texts=[{"form": "1"}, {"form": "2", "reread_of": 1}],
        revision=2,
    )
    writer = Writer(tmp_path / "archive.sqlite")
    create(writer.base)
    writer.write([one], [revision(one, 1, "The mil stands."), revision(one, 2, "The mill stands.")])
    writer.close()
    reader = Reader(tmp_path / "archive.sqlite")
    (change,) = changes(reader, ChangeFilter(), 9)
    feed = changes_as_feed(reader, [change], FeedHead()).decode()
    found = article(reader, str(one["_id"]))
    assert found
    read_again = {number: text["reread_of"] for number, text in texts(reader, found).items()}
    reader.close()
    assert (change["caption_before"], change["caption_after"]) == ("A mill.", "The mill.")
    assert "[-A -]{+The +}mill." in feed
    assert read_again == {1: None, 2: 1}
