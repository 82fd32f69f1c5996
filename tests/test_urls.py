"""Addresses."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.urls import absolute, day_of_listing, day_of_url, host_of, normal_url, year_of_calendar


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("./news1/15.htm#4", "http://www.kcna.co.jp/item/1997/9701/news1/15.htm#4"),
        ("http://www.kcna.co.jp/item/a.htm", "http://www.kcna.co.jp/item/a.htm"),
        ("//kcna.kp/en", "http://kcna.kp/en"),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("mailto:someone@kcna.kp", None),
        ("http://[bad", None),
        ("", None),
        (None, None),
    ],
)
def test_absolute(href: str | None, expected: str | None) -> None:
    assert absolute("http://www.kcna.co.jp/item/1997/9701/970115.htm", href) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://WWW.kcna.KP:80/en", "http://www.kcna.kp/en"),
        ("https://kcnawatch.org:443", "https://kcnawatch.org/"),
        ("http://www.kcna.co.jp/item/1997/9701/news1/15.htm#4", "http://www.kcna.co.jp/item/1997/9701/news1/15.htm#4"),
        ("http://127.0.0.1:8080/a?b=c", "http://127.0.0.1:8080/a?b=c"),
    ],
)
def test_normal_url(url: str, expected: str) -> None:
    assert normal_url(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://kcnawatch.org/newstream/1452005008-12345/slug/", "2016-01-05"),
        ("http://www.kcna.co.jp/item/1997/9701/news1/15.htm#4", "1997-01-15"),
        ("http://www.kcna.co.jp/item/2005/200505/news05/18.htm#1", "2005-05-18"),
        ("http://www.kcna.co.jp/item/2012/201206/news13/20120613-26ee.html", "2012-06-13"),
        ("http://www.kcna.co.jp/calendar/2018/09/09-19/2018-0919-023.html", "2018-09-19"),
        ("http://www.kcna.kp/en/article/detail/20991399aaaaaaaaaaaaaaaaaaaaaaaa", None),
        ("http://www.kcna.co.jp/item/2012/201206/news31/20120631-26ee.html", None),
    ],
)
def test_day_of_url(url: str, expected: str | None) -> None:
    assert day_of_url(url) == (expected and dt.date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://www.kcna.co.jp/item/1997/9701/970115.htm", "1997-01-15"),
        ("http://www.kcna.co.jp/item/2000/200001/20000115.htm", "2000-01-15"),
        ("http://www.kcna.co.jp/item/2012/201206/2012-06-13ee.html", "2012-06-13"),
        ("http://www.kcna.co.jp/index-e.htm", None),
        ("http://www.kcna.co.jp/item/1997/9713/971315.htm", None),
    ],
)
def test_day_of_listing(url: str, expected: str | None) -> None:
    assert day_of_listing(url) == (expected and dt.date.fromisoformat(expected))


def test_hosts_and_years() -> None:
    assert host_of("http://www.kcna.kp/en") == "kcna.kp"
    assert year_of_calendar("http://www.kcna.co.jp/item/2003/calendar-2003e.html") == 2003
    assert year_of_calendar("http://www.kcna.co.jp/") is None
