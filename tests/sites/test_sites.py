"""The canonical form of each URL of a site on any of its hosts, and the dates in URLs."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.site_adapter import adapter_of_url
from kcna_spider.sites import SITES, canonical_url, site_of_url
from kcna_spider.sites.kcna_co_jp import day_in_url, day_of_listing, page_of_day, year_of_calendar

WATCH = "https://kcnawatch.org/newstream/1451890016-8404287/kcna-delegation-comes-back-home-from-us/"
KP = "http://www.kcna.kp/en/article/detail/0123456789abcdef0123456789abcdef"
Q = "http://www.kcna.kp/en/article/q/0123456789abcdef0123456789abcdef.kcmsf"
DAY_PAGE = "http://www.kcna.co.jp/item/1997/9701/news1/15.htm#4"
OWN_PAGE = "http://www.kcna.co.jp/item/2012/201206/news13/20120613-26ee.html"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        *((f"{scheme}://{www}{host}{port}{WATCH[21:-1]}{end}", WATCH)
          for scheme, port in (("http", ""), ("https", ""), ("http", ":80"), ("https", ":443"))
          for www in ("", "www.") for host in ("kcnawatch.org", "KCNAWATCH.xyz") for end in ("", "/",
                                                                                             "/?utm_source=x",
                                                                                             "#comments")),
        *((f"{scheme}://{host}{KP[18:]}{end}", KP) for scheme in ("http", "https") for host in ("kcna.kp",
                                                                                                "www.kcna.kp")
          for end in ("", "/", "?a=b", ";jsessionid=0A1B", "#top")),
        ("https://kcna.kp/en/article/q/0123456789abcdef0123456789abcdef.kcmsf/", Q),
        ("http://www.kcna.kp/sp/article/detail/abc", "http://www.kcna.kp/es/article/detail/abc"),
        ("http://www.kcna.kp/en/article/list/abc?page=2", "http://www.kcna.kp/en/article/list/abc?page=2"),
        *((f"{scheme}://{host}{DAY_PAGE[21:]}", DAY_PAGE) for scheme in ("http",
                                                                         "https") for host in ("kcna.co.jp",
                                                                         "www.kcna.co.jp")),
        ("http://kcna.co.jp/item/2012/201206/news13/20120613-26ee.html#top", OWN_PAGE),
        ("https://kcnawatch.xyz/", "https://kcnawatch.org/"),
        ("https://kcnawatch.xyz/article/156/", "https://kcnawatch.org/article/156/"),
        ("https://kcnawatch.xyz/newstream/1-2/%ed%8f%89%7e/",
         "https://kcnawatch.org/newstream/1-2/%ED%8F%89~/"),
        ("https://kcnawatch.org/newstream/1-2/평/", "https://kcnawatch.org/newstream/1-2/%ED%8F%89/"),
        ("https://kcnawatch.org//newstream//1-2/a", "https://kcnawatch.org/newstream/1-2/a/"),
        ("https://example.org/newstream/1-2/a", "https://example.org/newstream/1-2/a"),
        ("http://www.kcna.kp:8080/en", "http://www.kcna.kp:8080/en"),
    ],
)  # fmt: skip
def test_canonical_url(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize("url", ["http://[bad/", "http://www.kcna.kp:99999/en"])
def test_malformed(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_url(url)


def test_web_archives_are_asked_for_every_host() -> None:
    assert SITES["kcnawatch.org"].captured == ("kcnawatch.org/newstream/*", "kcnawatch.xyz/newstream/*")
    assert SITES["kcna.co.jp"].captured == ("kcna.co.jp/*",)
    assert {"kcna.kp/kp/article/*", "kcna.kp/sp/article/*"} <= set(SITES["kcna.kp"].captured)


def test_site_of_url() -> None:
    assert {
        name: site_of_url(f"https://www.{host}/x") for name, site in SITES.items() for host in site.domains
    } == SITES
    assert site_of_url("https://example.org/") is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://kcnawatch.org/newstream/1452005008-12345/slug/", None),
        ("http://www.kcna.co.jp/item/1997/9701/news1/15.htm#4", "1997-01-15"),
        ("http://www.kcna.co.jp/item/2005/200505/news05/18.htm#1", "2005-05-18"),
        ("http://www.kcna.co.jp/item/2012/201206/news13/20120613-26ee.html", "2012-06-13"),
        ("http://www.kcna.co.jp/calendar/2018/09/09-19/2018-0919-023.html", "2018-09-19"),
        ("http://www.kcna.kp/en/article/detail/20101231aaaaaaaaaaaaaaaaaaaaaaaa", None),
        ("http://www.kcna.co.jp/item/2012/201206/news31/20120631-26ee.html", None),
    ],
)
def test_day_in_url(url: str, expected: str | None) -> None:
    adapter = adapter_of_url(url)
    assert adapter
    assert adapter.day_in_url(url) == (expected and dt.date.fromisoformat(expected))


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


@pytest.mark.parametrize(
    ("url", "day", "expected"),
    [
        ("/item/2005/200504/news04/01.htm#3", "2005-04-04", "/item/2005/200504/news04/04.htm"),
        ("/item/1997/9707/news7/03.htm#1", "1997-07-04", "/item/1997/9707/news7/04.htm"),
        ("/item/2005/200504/news04/01.htm#3", "2005-05-04", None),
        ("/item/2011/201108/news06/20110806-45ee.html", "2011-08-07", None),
    ],
)
def test_page_of_day(url: str, day: str, expected: str | None) -> None:
    found = page_of_day(f"http://www.kcna.co.jp{url}", dt.date.fromisoformat(day))
    assert found == (f"http://www.kcna.co.jp{expected}" if expected else None)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("/item/2008/200810/news06/20081004-01ee.html", "2008-10-06"),
        ("/item/2011/201108/news06/2011080645ee.html", "2011-08-06"),
        ("/item/2005/200505/news05/18.htm", "2005-05-18"),
    ],
)
def test_the_folder_of_an_article_states_its_day(url: str, day: str) -> None:
    """Real URLs whose file name has another date, or none that can be read."""
    assert day_in_url(f"http://www.kcna.co.jp{url}") == dt.date.fromisoformat(day)


def test_year_of_calendar() -> None:
    assert year_of_calendar("http://www.kcna.co.jp/item/2003/calendar-2003e.html") == 2003
    assert year_of_calendar("http://www.kcna.co.jp/") is None
