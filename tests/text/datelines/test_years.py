"""The year nearest to the day of publication."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.text.datelines.years import full_date


@pytest.mark.parametrize(
    ("month", "day", "published", "expected"),
    [
        (12, 31, "2011-01-01", "2010-12-31"),
        (1, 1, "2016-12-31", "2017-01-01"),
        (2, 29, "2008-03-01", "2008-02-29"),
        (2, 29, "2007-03-01", None),
        (6, 31, "2009-07-01", None),
        (13, 1, "2009-07-01", None),
        (None, 30, "2013-10-02", "2013-09-30"),
        (None, 14, "2013-10-14", "2013-10-14"),
        (None, 25, "2013-10-14", None),
        (None, 31, "2013-03-01", None),
        (None, 1, "0001-01-01", "0001-01-01"),
        (5, None, "2013-03-01", None),
        (5, 1, None, None),
        (1, 1, "9999-12-31", None),
    ],
)
def test_full_date(month: int | None, day: int | None, published: str | None, expected: str | None) -> None:
    found = full_date(month, day, published and dt.date.fromisoformat(published))  # type: ignore[arg-type]
    assert found == (expected and dt.date.fromisoformat(expected))
