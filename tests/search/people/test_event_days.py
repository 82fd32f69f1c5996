"""The day of an activity."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people.event_days import day_in, is_about_the_past, month_day

REPORTED = dt.date(2014, 1, 3)  # This is a Friday.


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("He visited the mill on January 2.", dt.date(2014, 1, 2)),
        ("He visited the cemetery for the anniversary on the afternoon of January 2.", dt.date(2014, 1, 2)),
        ("On January 2Kim Jong Un attended the ceremony.", dt.date(2014, 1, 2)),
        ("The contest closed today. It was opened on December 28.", dt.date(2014, 1, 3)),
        ("He visited the January 2 Mill.", None),
        ("It opened on Dec. 30.", dt.date(2013, 12, 30)),
        ("It opened Thursday.", dt.date(2014, 1, 2)),
        ("It opened on Friday.", REPORTED),
        ("It opened on Saturday.", dt.date(2013, 12, 28)),
        ("It opened here today.", REPORTED),
        ("It opened yesterday.", dt.date(2014, 1, 2)),
        ("It was held last evening.", dt.date(2014, 1, 2)),
        ("It marked the anniversary of December 27 Friday.", REPORTED),
        ("He looked round the December 30 Factory.", None),
        ("The show which opened on December 20 closed Thursday.", dt.date(2014, 1, 2)),
        ("The show, opened on December 20, closed Thursday.", dt.date(2014, 1, 2)),
        ("The show, with many exhibits, opened on December 20.", dt.date(2013, 12, 20)),
        ("It opened on March 3.", None),
        ("It opened on February 30.", None),
        ("It opened.", None),
    ],
)
def test_day(text: str, day: dt.date | None) -> None:
    assert day_in(text, REPORTED) == day


@pytest.mark.parametrize("weekday", range(7))
def test_a_weekday_is_the_last_one(weekday: int) -> None:
    """Compare the result with a search through the days before."""
    name = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday]
    for n in range(14):
        reported = dt.date(2017, 2, 25) + dt.timedelta(days=n)
        right = next(
            day for back in range(7) if (day := reported - dt.timedelta(days=back)).weekday() == weekday
        )
        assert day_in(f"It opened on {name}.", reported) == right


def test_the_past() -> None:
    assert is_about_the_past("He visited the mill in June 1998.", REPORTED)
    assert is_about_the_past("He came ten years ago.", REPORTED)
    assert is_about_the_past("Last year he visited the mill.", REPORTED)
    assert is_about_the_past("In spring some time ago he visited the mill.", REPORTED)
    assert not is_about_the_past("He visited, on the way to the hall, a mill built last year.", REPORTED)
    assert is_about_the_past("He visited the mill in June and the farm in July.", REPORTED)
    assert not is_about_the_past("He visited the mill in December.", REPORTED)
    assert not is_about_the_past("It was opened on Dec. 30, 2013.", REPORTED)
    assert not is_about_the_past("He came on Friday.", REPORTED)


def test_a_day_without_a_year() -> None:
    assert month_day(12, 31, REPORTED) == dt.date(2013, 12, 31)
    assert month_day(2, 30, REPORTED) is None
    assert month_day(6, 1, REPORTED) is None
