"""Gaps: missing days, low days, runs of them; nothing before the first day or behind the last."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kcna_spider.report.gaps import Gap, every_day, gaps, state, usual

START = dt.date(2024, 3, 1)


def counted(*numbers: int) -> dict[dt.date, int]:
    """Days in a row; 0 is left out, as the database leaves it out."""
    return {START + dt.timedelta(days=n): number for n, number in enumerate(numbers) if number}


def on(day: int) -> dt.date:
    return dt.date(2024, 3, day)


def test_missing_days_in_a_row_are_one_gap() -> None:
    assert gaps(counted(9, 10, 0, 0, 11, 0, 9)) == [
        Gap(on(3), on(4), "missing", 0, 9.5),
        Gap(on(6), on(6), "missing", 0, 9.5),
    ]


def test_a_day_far_below_its_neighbours() -> None:
    found = gaps(counted(20, 22, 3, 21, 20))
    assert found == [Gap(on(3), on(3), "low", 3, 20.5)]
    assert found[0].days == 1


def test_few_articles_have_no_rule_and_the_last_day_may_not_be_over() -> None:
    assert gaps(counted(3, 1, 4)) == []
    assert gaps(counted(20, 20, 20, 1)) == []
    assert gaps({}) == []
    assert usual(counted(5), START) == 0


@given(st.dictionaries(st.dates(dt.date(2000, 1, 1), dt.date(2000, 6, 1)), st.integers(1, 40), max_size=60))
def test_every_day_is_whole_or_in_exactly_one_gap(counts: dict[dt.date, int]) -> None:
    inside = [gap.first + dt.timedelta(days=n) for gap in gaps(counts) for n in range(gap.days)]
    assert len(inside) == len(set(inside))
    last = max(counts, default=dt.date.min)
    assert {day for day in every_day(counts) if state(counts, day, last)} == set(inside)
    assert all(day in inside for day in every_day(counts) if day not in counts)
    assert sum(gap.found for gap in gaps(counts)) == sum(counts.get(day, 0) for day in inside)
