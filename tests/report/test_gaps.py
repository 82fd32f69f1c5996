"""Gaps: missing days, low days, and several in a row, but none before the first day or after the last."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kcna_spider.report.gaps import Gap, coverage

START = dt.date(2024, 3, 1)


def counted(*numbers: int) -> dict[dt.date, int]:
    """Return the counts of consecutive days without days of 0 articles, as the database returns them."""
    return {START + dt.timedelta(days=n): number for n, number in enumerate(numbers) if number}


def on(day: int) -> dt.date:
    return dt.date(2024, 3, day)


def test_missing_days_in_a_row_are_one_gap() -> None:
    assert coverage(counted(9, 10, 0, 0, 11, 0, 9)).gaps == [
        Gap(on(3), on(4), "missing", 0, 9.5),
        Gap(on(6), on(6), "missing", 0, 9.5),
    ]


def test_a_day_far_below_its_neighbours() -> None:
    found = coverage(counted(20, 22, 3, 21, 20)).gaps
    assert found == [Gap(on(3), on(3), "low", 3, 20.5)]
    assert found[0].days == 1


def test_few_articles_have_no_rule_and_the_last_day_may_not_be_over() -> None:
    assert coverage(counted(3, 1, 4)).gaps == []
    assert coverage(counted(20, 20, 20, 1)).gaps == []
    assert coverage({}).gaps == []
    assert coverage(counted(5)).kinds == {START: ""}


def test_what_is_usual_without_neighbours() -> None:
    alone = {START: 9, START + dt.timedelta(days=40): 9}
    assert coverage(alone).gaps == [Gap(on(2), dt.date(2024, 4, 9), "missing", 0, 9)]
    assert coverage(alone).missing == 39


@given(st.dictionaries(st.dates(dt.date(2000, 1, 1), dt.date(2000, 6, 1)), st.integers(1, 40), max_size=60))
def test_every_day_is_whole_or_in_exactly_one_gap(counts: dict[dt.date, int]) -> None:
    found = coverage(counts)
    inside = [gap.first + dt.timedelta(days=n) for gap in found.gaps for n in range(gap.days)]
    assert len(inside) == len(set(inside))
    assert {day for day, kind in found.kinds.items() if kind} == set(inside)
    assert [day for day in found.kinds if day not in counts] == [day for day in inside if day not in counts]
    assert set(counts) <= set(found.kinds)
    assert len(found.kinds) == ((max(counts) - min(counts)).days + 1 if counts else 0)
    assert sum(gap.found for gap in found.gaps) == sum(counts.get(day, 0) for day in inside)
