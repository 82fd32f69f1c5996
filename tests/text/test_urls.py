"""Normalization of URLs."""

from __future__ import annotations

import pytest

from kcna_spider.text.urls import absolute, host_of, normal_url


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
        (
            "http://www.kcna.co.jp/item/1997/9701/news1/15.htm#4",
            "http://www.kcna.co.jp/item/1997/9701/news1/15.htm#4",
        ),
        ("http://127.0.0.1:8080/a?b=c", "http://127.0.0.1:8080/a?b=c"),
    ],
)
def test_normal_url(url: str, expected: str) -> None:
    assert normal_url(url) == expected


def test_host() -> None:
    assert host_of("http://www.kcna.kp/en") == "kcna.kp"
