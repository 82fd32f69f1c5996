"""The views show the same data as exports and `scrapy changes`."""

from __future__ import annotations

import datetime as dt
import re

from kcna_spider.export.change_history import changes
from kcna_spider.export.rows import ARTICLE_COLUMNS, Wanted, article_rows
from kcna_spider.items import AvailabilityCheck
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.model.set_up import initialize
from kcna_spider.store.model.views import VIEWS
from tests.conftest import ROOT
from tests.samples import AT, an_article, article

OURS, OTHER = "http://www.kcna.kp/en/article/detail/1", "https://kcnawatch.org/newstream/1-1/a/"
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def fill(archive: Archive) -> None:
    """Store two stories.

    One is on two sites: edited and trivially edited at one, gone at the other. The other one has no dateline.
    """
    decide_and_write(archive, [article(OURS), article(OTHER)])
    decide_and_write(archive, [an_article(OURS, "Bakery Closed", "It will open again on Monday.", minutes=5)])
    decide_and_write(
        archive, [an_article(OURS, "Bakery  closed", "It will open again on Monday.", minutes=9)]
    )
    plain = article(
        "http://www.kcna.kp/en/article/detail/2", title="A Poem", paragraphs=["It is of no place."]
    )
    decide_and_write(archive, [plain])
    archive.record_availability([AvailabilityCheck(OTHER, gone=True, at=AT + dt.timedelta(days=1))])


def test_stories_have_the_columns_of_exports(archive: Archive) -> None:
    fill(archive)
    rows = list(article_rows(archive.database, Wanted(), list(ARTICLE_COLUMNS)))
    for row in rows:
        for name in ("published", "dateline_date"):
            row[name] = row[name] and row[name].isoformat()
    shown = list(archive.database["stories"].find())
    assert len(rows) == len(shown) == 2
    for row in rows:
        (story,) = (story for story in shown if story["id"] == row["id"])
        for missing in ("dateline_place", "dateline_date", "dateline_agency"):
            story.setdefault(missing, None)  # Without a dateline, a view does not have this field.
        assert story == row
    (first, *_) = (story for story in shown if story["title"] != "A Poem")
    assert first["sites"] == ["kcna.kp", "kcnawatch.org"]
    assert first["live_urls"] == [OURS]


def test_urls(archive: Archive) -> None:
    fill(archive)
    rows = {row["url"]: row for row in archive.database["urls"].find()}
    stored = {c["url"]: c for d in archive.database["articles"].find() for c in d["copies"]}
    assert set(rows) == set(stored)
    assert (rows[OTHER]["status"], rows[OTHER]["gone_at"]) == ("gone", AT + dt.timedelta(days=1))
    for url, row in rows.items():
        copy = stored[url]
        assert row["published"] == copy["published"].date().isoformat() == copy["day"]
        names = ("site", "source", "published_from", "revision", "status", "first_seen", "last_seen")
        assert [row[name] for name in names] == [copy[name] for name in names]


def test_edits(archive: Archive) -> None:
    fill(archive)
    shown = list(archive.database["edits"].find().sort("at"))
    expected = [c for c in changes(archive.database, BEGINNING, trivial=True) if c.kind == "edited"]
    assert [(e["at"], e["url"], e["article"]) for e in shown] == [(c.at, c.url, c.article) for c in expected]
    assert [e["trivial"] for e in shown] == [False, True]
    first = shown[0]
    assert (first["title_before"], first["title_after"]) == ("New Bakery Opened", "Bakery Closed")
    assert "good" in first["body_before"]
    assert "Monday" in first["body_after"]
    assert (first["published"], first["before"], first["after"]) == ("2024-03-09", 1, 2)


def test_the_columns_are_described() -> None:
    """Check that docs/reference/data-model.md lists the columns in their order."""
    text = (ROOT / "docs" / "reference" / "data-model.md").read_text(encoding="utf-8")
    text = text.partition("## Views")[2].partition("## ")[0]
    for name in ("urls", "edits"):
        columns = [key for key in VIEWS[name][1][-1]["$project"] if key != "_id"]
        (line,) = (line for line in text.splitlines() if line.startswith(f"| `{name}` | "))
        assert re.findall(r"`(\w+)`", line.split(" | ")[2]) == columns
    stories = [key for key in VIEWS["stories"][1][0]["$project"] if key != "_id"]
    assert stories == list(ARTICLE_COLUMNS)


def test_a_view_of_another_version_is_replaced(archive: Archive, store: StoreSettings) -> None:
    database = archive.database
    database.drop_collection("urls")
    database.create_collection("urls", viewOn="articles", pipeline=[{"$project": {"title": 1}}])
    said: list[str] = []
    initialize(database, said.append)
    assert said == [f"Creating view urls of {store.database}.articles"]
    fill(archive)
    assert {row["url"] for row in database["urls"].find()} > {OURS}
    said.clear()
    initialize(database, said.append)
    assert said == []


def test_a_collection_with_the_name_of_a_view_stays(archive: Archive) -> None:
    database = archive.database
    database.drop_collection("edits")
    database["edits"].insert_one({"mine": True})
    initialize(database, print)
    assert [document["mine"] for document in database["edits"].find()] == [True]
