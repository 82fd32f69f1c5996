"""The numbers of the report and the rows of the exports, compared with counts of the replica's truth.

The stories include edited and withdrawn ones.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.report.numbers import Numbers, collect
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.replica import truth
from tests.replica.conftest import Replica
from tests.replica.test_identity import crawl_all, expected_keys, reachable


@pytest.fixture
def world(
    replica: Callable[..., Replica], crawler: Callable[[Replica], Crawler]
) -> tuple[Crawler, list[truth.Story]]:
    """Crawl all sites at both epochs; return the runner, and the stories that the crawls can have found."""
    running = replica("--cojp-days", "4", "--kp", "250", "--watch", "250", "--seed", "3")
    scrapy = crawler(running)
    crawl_all(running, scrapy)
    stories = truth.fetch(running.port, "truth")
    truth.post(running.port, "epoch=2")
    crawl_all(running, scrapy, "-a", "recheck=20000")
    met = {story["id"]: story for epoch in (1, 2) for story in reachable(stories, epoch)}
    return scrapy, list(met.values())


def sites(story: truth.Story) -> set[str]:
    return {truth.SITE_KEYS[key] for key in expected_keys(story)}


def published(story: truth.Story) -> str:
    return min(story["days"].get(site, story["published"]) for site in sites(story))


def edited(story: truth.Story) -> bool:
    return bool(story["edited"] and not story["late"] and not story["withdrawn"])


def test_numbers_are_those_of_the_truth(
    world: tuple[Crawler, list[truth.Story]], archive: Archive, tmp_path: Path
) -> None:
    scrapy, stories = world
    numbers = collect(archive.database)
    assert numbers.articles == len(stories)
    assert numbers.withdrawn == sum(story["withdrawn"] for story in stories) > 0
    assert numbers.edited == sum(map(edited, stories)) > 0

    days: dict[str, Counter[str]] = {}
    for story in stories:
        for site in sites(story):
            days.setdefault(site, Counter())[published(story)] += 1
    assert {site: {str(day): n for day, n in counts.items()} for site, counts in numbers.days.items()} == days
    assert numbers.months == Counter((published(story)[:7], story["language"]) for story in stories)
    assert numbers.overlaps == Counter(tuple(sorted(sites(story))) for story in stories)
    addresses: Counter[tuple[str, str]] = Counter()
    for story in stories:
        for key in expected_keys(story):
            addresses[truth.SITE_KEYS[key], "gone" if story["withdrawn"] else "live"] += len(
                truth.wanted(story, key)
            )
    assert numbers.copies == addresses

    check_datelines(numbers, stories)
    assert sum(n for (_, kind), n in numbers.events.items() if kind == "edited") == numbers.edited
    assert len(numbers.runs) == 8
    assert numbers.rejects == Counter(
        (r["site"], r["reason"]) for r in archive.rejects.find() if not r.get("resolved_at")
    )
    check_exports(scrapy, stories, tmp_path)


def check_datelines(numbers: Numbers, stories: list[truth.Story]) -> None:
    """Compare the datelines with the truth.

    If the truth has no place, the text must begin with the place that was found.
    """
    places = Counter(truth.place(story["place"]) for story in stories if story["place"])
    ours = Counter({place.name: place.articles for place in numbers.places})
    assert places - ours == Counter()
    overlooked = ours - places
    silent = [story["paragraphs"][0][:80] for story in stories if not story["place"]]
    assert all(any(place in opening for opening in silent) for place in overlooked), overlooked
    assert numbers.without_dateline == len(silent) - overlooked.total()
    delays: Counter[int] = Counter()
    for story in stories:
        if story["dateline_date"]:
            delays[
                (dt.date.fromisoformat(published(story)) - dt.date.fromisoformat(story["dateline_date"])).days
            ] += 1
    assert delays - Counter(numbers.delays) == Counter()
    assert (Counter(numbers.delays) - delays).total() <= overlooked.total()


def check_exports(scrapy: Crawler, stories: list[truth.Story], tmp_path: Path) -> None:
    """Check that each format has each story once, with date and language, and the report its totals."""
    expected = sorted((published(story), story["language"]) for story in stories)
    rows: list[dict[str, Any]] = [json.loads(line) for line in scrapy("export").output.splitlines()]
    assert sorted((row["published"], row["language"]) for row in rows) == expected
    assert sum(row["withdrawn_at"] is not None for row in rows) == sum(
        story["withdrawn"] for story in stories
    )
    table = tmp_path / "out.csv"
    assert scrapy("export", "--format", "csv", "-o", str(table)).code == 0
    cells = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert sorted((row["published"], row["language"]) for row in cells) == expected
    assert [row["body"] for row in cells] == [row["body"] for row in rows]
    page = tmp_path / "report.html"
    assert scrapy("report", "-o", str(page)).code == 0
    text = page.read_text(encoding="utf-8")
    assert f"<dt>articles</dt><dd>{len(stories)}</dd>" in text
    assert f"<dt>articles edited</dt><dd>{sum(map(edited, stories))}</dd>" in text
