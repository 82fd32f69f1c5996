"""Reports of the same appearance."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest

from kcna_spider.search.people.appearance_groups import Report, contains, grouped, is_same

DAY = dt.date(2014, 5, 5)


def report(article: int, **changes: object) -> Report:
    values = {
        "key": f"{article:04}", "day": DAY, "day_from": "text", "place": "Haksan Mill", "kind": "inspection",
        "confidence": "high", "companions": ("Pak Chol Min", "Ri Su Il"), "language": "en",
        "title": "Kim Jong Un Visits Haksan Mill",
    } | changes  # fmt: skip
    return Report(article, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"place": "the Haksan Mill in Wonsan"}, True),
        ({"place": "Haksan Farm"}, False),
        ({"place": None}, True),
        ({"place": None, "companions": ()}, True),
        ({"place": None, "kind": "visit"}, True),  # The titles are similar.
        ({"place": None, "title": "Kim Jong Un Watches Archery Game"}, False),
        ({"place": None, "title": "Haksan Mill Visited"}, False),
        ({"language": "ko", "kind": "visit"}, False),
        ({"kind": "visit"}, True),  # The place and the companions agree.
        ({"kind": "visit", "companions": ()}, False),
        ({"place": None, "companions": ("Han Kum Ok",)}, False),
        ({"day": DAY + dt.timedelta(days=1)}, False),  # Both texts state the day.
        ({"day": DAY + dt.timedelta(days=1), "day_from": "dateline"}, True),
        ({"day": DAY + dt.timedelta(days=2), "day_from": "dateline"}, False),
        ({"place": "학산공장", "language": "ko", "companions": ()}, True),
    ],
)
def test_is_same(changes: dict[str, object], *, same: bool) -> None:
    one, other = report(1), report(2, **changes)
    assert is_same(one, other) is is_same(other, one) is same


def test_the_order_of_reports_does_not_matter() -> None:
    reports = [
        report(1), report(2, place="Haksan Farm"), report(3, place="Mill", confidence="low"),
        report(4, kind="visit", place=None, title="Archery Game Held"),
    ]  # fmt: skip
    results = {
        tuple(tuple(r.article for r in one.reports) for one in grouped(order))
        for order in itertools.permutations(reports)
    }
    assert results == {((1, 3), (2,), (4,))}


def test_every_report_is_in_one_appearance() -> None:
    chosen = random.Random(1)
    reports = [
        report(
            n, day=DAY + dt.timedelta(days=chosen.randrange(5)), place=chosen.choice(["Mill", "Farm", None])
        )
        for n in range(60)
    ]
    found = [one.article for appearance in grouped(reports) for one in appearance.reports]
    assert sorted(found) == list(range(60))


def test_two_activities_of_an_article_are_two_appearances() -> None:
    found = grouped([report(1), report(1, key="0001-2", position=1), report(2, key="0002")])
    assert [[one.key for one in appearance.reports] for appearance in found] == [
        ["0001", "0002"],
        ["0001-2"],
    ]


def test_what_an_appearance_takes_from_its_reports() -> None:
    first = report(1, place=None, day_from="dateline", confidence="medium", companions=("Pak Chol Min",))
    second = report(2, day=DAY + dt.timedelta(days=1), companions=("Ri Su Il", "Pak Chol Min"))
    (one,) = grouped([second, first])
    assert one.dated.day == second.day  # Its text states the day.
    assert one.best is second
    assert one.place == "Haksan Mill"
    assert one.companions == ("Ri Su Il", "Pak Chol Min")


def test_places() -> None:
    assert contains("the Haksan Mill", "Haksan Mill, Wonsan")
    assert not contains("Haksan Mill", "Haksan Millet Farm")
    assert not contains("the", "Haksan")
