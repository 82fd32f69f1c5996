"""Dates of publication in the forms of the sites."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from kcna_spider.text.dates import day_in_pyongyang, full_date, in_range, parse_day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("www.kcna.kp (Juche113.3.9.)", "2024-03-09"),
        ("www.kcna.kp (2025.12.14.)", "2025-12-14"),
        ("[2026.7.19.]", "2026-07-19"),
        ("11/12/2020", "2020-12-11"),
        ("February 16, 2026", "2026-02-16"),
        ("June 13. 2012 Juch 101", "2012-06-13"),
        ("Sept. 5, 1998", "1998-09-05"),
        ("주체107(2018)년 9월 19일", "2018-09-19"),
        ("2026年2月16日", "2026-02-16"),
        ("2024-03-09", "2024-03-09"),
        *(
            (f"www.kcna.kp ({word}{space}113.3.9.)", "2024-03-09")
            for word in ("Juche", "주체", "主体", "主體", "チュチェ", "чучхе", "Чучхе", "Juché")
            for space in ("", " ")
        ),
        (unicodedata.normalize("NFD", "www.kcna.kp (주체113.3.9.)"), "2024-03-09"),
        (unicodedata.normalize("NFD", "2024년 3월 9일"), "2024-03-09"),
        ("(113.3.9.)", "2024-03-09"),
        ("Juche 99.12.31.", "2010-12-31"),
        ("16 February 2026", "2026-02-16"),
        ("Mon, 16 Feb 2026 10:00", "2026-02-16"),
        ("16 de febrero de 2026", "2026-02-16"),
        ("1º de mayo del 2024", "2024-05-01"),
        ("primero de mayo de 2024", "2024-05-01"),
        ("9 марта 2024", "2024-03-09"),
        ("9 мая 2024 г.", "2024-05-09"),
        ("2024年3月9日", "2024-03-09"),
        ("２０２４年３月９日", "2024-03-09"),
        ("16.02.2026", "2026-02-16"),
        ("July 01, 2011", "2011-07-01"),
        ("主体113（2024）年3月9日", "2024-03-09"),
        ("（主体１１３．３．９．）", "2024-03-09"),
        ("２０２６．２．１６．", "2026-02-16"),
        ("Juche\u200b113.3.9.", "2024-03-09"),
        ("Juche113-3-9", "2024-03-09"),
        ("9 марта 113 (2024) года чучхе", "2024-03-09"),
        ("March 9, Juche 113", "2024-03-09"),
        ("March 9, Juche 113 (2024)", "2024-03-09"),
        ("Juche 113 (2024) March 9", "2024-03-09"),
        ("9 de marzo de Juche 113 (2024)", "2024-03-09"),
        ("9-е марта 2024", "2024-03-09"),
        ("1-ое мая 2024", "2024-05-01"),
        ("1ro de mayo de 2026", "2026-05-01"),
        ("16/feb/2026", "2026-02-16"),
        ("2024, March 9", "2024-03-09"),
        ("2024 г. 9 марта", "2024-03-09"),
        ("Room 12 of 2024", None),
        ("31/02/2024", None),
        ("[2026.13.1.]", None),
        ("Photo", None),
        ("", None),
        (None, None),
    ],
)
def test_parse_day(text: str | None, expected: str | None) -> None:
    assert parse_day(text) == (expected and dt.date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2014-06-30T14:59:59", "2014-06-30"),
        ("2014-06-30T15:00:00", "2014-07-01"),  # Here the time zone is UTC+9.
        ("2016-06-30T15:29:59", "2016-06-30"),  # Here it is UTC+8:30.
        ("2016-06-30T15:30:00", "2016-07-01"),
        ("2018-05-04T15:00:00", "2018-05-05"),  # Here it is UTC+9 again.
    ],
)
def test_day_in_pyongyang(moment: str, expected: str) -> None:
    assert day_in_pyongyang(dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)).isoformat() == expected


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


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(2, 3, [2, 3]), (None, 3, [1, 2, 3]), (2, None, [2, 3, 4]), (None, None, [1, 2, 3, 4])],
)
def test_in_range(first: int | None, last: int | None, expected: list[int]) -> None:
    since, until = (dt.date(2024, 1, day) if day else None for day in (first, last))
    assert [day for day in (1, 2, 3, 4) if in_range(dt.date(2024, 1, day), since, until)] == expected
    assert in_range(None, since, until)
