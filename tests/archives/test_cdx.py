"""URLs of captures, and slices of the index."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from kcna_spider.archives.cdx import Capture, by_url, index_url, original_of, read_slice, timestamp_of

NAMES = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest"]
MOMENT = dt.datetime(2024, 8, 11, 10, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("url", "original"),
    [
        ("https://web.archive.org/web/20240811103000id_/http://www.kcna.kp/en", "http://www.kcna.kp/en"),
        ("https://web.archive.org/web/20240811103000id_/http:/www.kcna.kp/en", "http://www.kcna.kp/en"),
        (
            "http://web.archive.org/web/20240811103000/https://kcnawatch.org/?s=a",
            "https://kcnawatch.org/?s=a",
        ),
        ("https://web.archive.org/web/20240811103000id_/www.kcna.kp/en", "http://www.kcna.kp/en"),
        ("https://web.archive.org/web/2024081110if_/http://a.org/", "http://a.org/"),
    ],
)
def test_original(url: str, original: str) -> None:
    found = original_of(url)
    assert found
    assert found[0] == original
    assert found[1].date() == MOMENT.date()


@pytest.mark.parametrize(
    "url",
    [
        "https://web.archive.org/",
        "http://www.kcna.kp/web/20240811103000id_/http://a.org",
        "https://web.archive.org/web/99999999id_/http://a",
    ],
)
def test_no_capture(url: str) -> None:
    assert original_of(url) is None


def test_a_capture_is_asked_for_where_it_can_be_had() -> None:
    capture = Capture("k", "20240811103000", "http://www.kcna.kp/en", "d")
    for url in (capture.url, capture.request_url):
        assert original_of(url) == ("http://www.kcna.kp/en", MOMENT)


def test_moments() -> None:
    assert timestamp_of("2024") == dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    assert timestamp_of("20240811103000") == MOMENT
    assert timestamp_of("20241332000000") is None


def test_a_slice() -> None:
    rows = [
        ["a", "1", "http://a", "text/html", "200", "X"],
        ["b", "2", "http://b", "image/png", "200", "Y"],
        ["c", "3", "http://c", "text/html", "404", "Z"],
    ]
    found, resume = read_slice(json.dumps([NAMES, *rows, [], ["com,a 17"]]))
    assert [capture.original for capture in found] == ["http://a"], "a picture or an error is in the list"
    assert resume == "com,a 17"
    assert read_slice(json.dumps([NAMES, *rows]))[1] is None
    assert read_slice("[]") == read_slice("") == ([], None)
    for wrong in ("<html>", '{"a": 1}', "[1]"):
        with pytest.raises(ValueError):
            read_slice(wrong)


def test_each_distinct_content_once() -> None:
    stamps = [
        ("a", "3", "X"),
        ("a", "1", "X"),
        ("a", "2", "X"),
        ("a", "4", "Y"),
        ("a", "5", "X"),
        ("b", "1", "X"),
    ]
    groups = list(by_url([Capture(key, stamp, key, digest) for key, stamp, digest in stamps]))
    assert [[(c.key, c.stamp) for c in group] for group in groups] == [
        [("a", "1"), ("a", "4"), ("a", "5")],
        [("b", "1")],
    ]


def test_the_address_of_a_slice() -> None:
    url = index_url("kcna.kp/en/*", dt.date(2024, 1, 2), 100, "com,a 17")
    assert "url=kcna.kp%2Fen%2F%2A" in url
    assert "limit=100" in url
    assert "from=20240101" in url
    assert "resumeKey=com%2Ca+17" in url
    assert "filter=statuscode%3A200" in url
