"""www.kcna.co.jp, the site of the Korea News Service in Tokyo: static pages with the date in their URLs."""

from __future__ import annotations

import datetime as dt
import re

from kcna_spider.sites.base import Site

_DAY_IN_PATH = re.compile(r"/(?P<year>(?:19|20)\d\d)-?(?P<month>[01]\d)-?(?P<day>[0-3]\d)(?!\d)")
_CALENDAR_2018 = re.compile(r"/calendar/(?P<year>\d{4})/\d\d/[\d-]+/\d{4}-(?P<month>[01]\d)(?P<day>[0-3]\d)-")
_DAY_OF_1990S = re.compile(r"/item/(?P<year>19\d\d)/\d\d(?P<month>[01]\d)/news?\d*/(?P<day>[0-3]\d)\.htm")
_DAY_OF_2000S = re.compile(
    r"/item/(?P<year>20\d\d)/\d{4}(?P<month>[01]\d)/news(?P<month2>[01]\d)/(?P<day>[0-3]\d)\.htm"
)
# The folder of an article is that of the day whose page lists it; the file name may have another date.
_DAY_SINCE_2008 = re.compile(
    r"/item/(?P<year>20\d\d)/\d{4}(?P<month>[01]\d)/n\w{3}(?P<day>[0-3]\d)/[\d-]{8,}\w*\.htm"
)
_DAY_OF_LISTING = re.compile(r"/(?:(?P<short>\d{6})|(?P<long>\d{8})|(?P<dashed>\d{4}-\d\d-\d\d)\w*)\.html?$")
_YEAR_OF_CALENDAR = re.compile(r"calendar-(\d{4})")


def day_in_url(url: str) -> dt.date | None:
    """Return the date of publication that an article's URL states, or None."""
    for form in (_CALENDAR_2018, _DAY_OF_1990S, _DAY_OF_2000S, _DAY_SINCE_2008, _DAY_IN_PATH):
        if m := form.search(url):
            try:
                return dt.date(int(m["year"]), int(m["month"]), int(m["day"]))
            except ValueError:
                return None
    return None


def page_of_day(url: str, day: dt.date) -> str | None:
    """Return the URL of the page with all articles of a day, from that of another day of the same month.

    Return None if the other day is of another month, or if each article has a page of its own.
    """
    match = _DAY_OF_1990S.search(url) or _DAY_OF_2000S.search(url)
    if not match or (int(match["year"]), int(match["month"])) != (day.year, day.month):
        return None
    return url[: match.start("day")] + f"{day:%d}" + url[match.end("day") :].partition("#")[0]


def day_of_listing(url: str) -> dt.date | None:
    """Return the date that a day page lists (`970115.htm`, `20000115.htm`, `2012-06-13ee.html`), or None."""
    m = _DAY_OF_LISTING.search(url)
    if not m:
        return None
    digits = f"19{m['short']}" if m["short"] else (m["long"] or m["dashed"].replace("-", ""))
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def year_of_calendar(url: str) -> int | None:
    """Return the year of a calendar page, or None for another URL."""
    m = _YEAR_OF_CALENDAR.search(url)
    return int(m[1]) if m else None


SITE = Site(
    name="kcna.co.jp",
    hosts=("www.kcna.co.jp", "kcna.co.jp"),
    scheme="http",
    # Each article has a page of its own since October 2008. Before, a page has all articles of a day, and the
    # fragment names one of them.
    article_path=re.compile(
        r"/\d{4}/\d{6}/n\w{3}\d\d/[\d-]{8,}[a-z]*\.html?$|^/calendar/\d{4}/\d\d/[\d-]+/[\d-]+\.html?$"
    ),
    captured_paths=("*",),
    day_in_url=day_in_url,
    rank=1,
    languages=("en", "es"),
    day_of_listing=day_of_listing,
)
