"""Hits, counts, changes and trends of the archive file, compared with the replica's truth at epoch 2."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from kcna_spider.search.changes import ChangeFilter, changes
from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import condition
from kcna_spider.search.trends import trends
from tests.conftest import Crawler
from tests.replica import truth
from tests.replica.test_report import edited, published, sites, world

__all__ = ["world"]  # This exports the fixture.


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def count(reader: Reader, query: str) -> int:
    return reader.count(condition(parse(query), aliases=False))


def test_the_file_holds_what_the_truth_says(world: tuple[Crawler, list[truth.Story]], tmp_path: Path) -> None:
    scrapy, stories = world
    path = tmp_path / "archive.sqlite"
    made = scrapy("index", "--file", str(path))
    assert made.code == 0, made.output
    reader = Reader(path)
    months = Counter(published(story)[:7] for story in stories)
    assert reader.counts(condition(None), "month") == dict(sorted(months.items()))
    assert reader.counts(condition(None), "language") == Counter(story["language"] for story in stories)
    assert reader.counts(condition(None), "site") == Counter(
        site for story in stories for site in sites(story)
    )
    assert count(reader, "withdrawn:yes") == sum(story["withdrawn"] for story in stories) > 0
    assert count(reader, "changed:yes") == sum(map(edited, stories)) > 0
    events = Counter(change["kind"] for change in changes(reader, ChangeFilter(), 10_000))
    assert events["edited"] == sum(map(edited, stories))
    # During the change of the layout, stories move to other URLs.
    gone = events["withdrawn"] - events["restored"]
    assert gone == sum(story["withdrawn"] for story in stories)
    check_words(reader, stories)
    check_trends(reader, stories)
    reader.close()


def check_words(reader: Reader, stories: list[truth.Story]) -> None:
    """Compare the counts of words in titles with the truth, by language and by place."""
    titles = {story["id"]: words(story["title"]) for story in stories if story["language"] in ("en", "es")}
    frequent = [
        word for word, _ in Counter(w for title in titles.values() for w in set(title)).most_common(40)
    ]
    for word in frequent:
        assert count(reader, f'title:"{word}" (lang:en OR lang:es)') == sum(
            word in title for title in titles.values()
        ), word
    places = Counter(truth.place(story["place"]) for story in stories if story["place"])
    for place, number in places.most_common(5):
        assert count(reader, f'place:"{place}"') >= number


def check_trends(reader: Reader, stories: list[truth.Story]) -> None:
    months = {month.month: month for month in trends(reader, [parse("lang:ko"), parse('title:"kim"')])}
    for name, month in months.items():
        of_month = [story for story in stories if published(story)[:7] == name]
        assert month.articles == len(of_month)
        assert month.found == (
            sum(story["language"] == "ko" for story in of_month),
            sum("kim" in words(story["title"]) for story in of_month),
        )
