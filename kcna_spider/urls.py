"""Addresses: one spelling each, the site they belong to, and the day that some of them name. Pure."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from kcna_spider.days import day_in_pyongyang

_TAKEN_IN = re.compile(r"/newstream/(\d{9,10})-")
_DAY_IN_PATH = re.compile(r"/(?P<year>(?:19|20)\d\d)-?(?P<month>[01]\d)-?(?P<day>[0-3]\d)(?!\d)")
_CALENDAR_2018 = re.compile(r"/calendar/(?P<year>\d{4})/\d\d/[\d-]+/\d{4}-(?P<month>[01]\d)(?P<day>[0-3]\d)-")
_DAY_OF_1990S = re.compile(r"/item/(?P<year>19\d\d)/\d\d(?P<month>[01]\d)/news?\d*/(?P<day>[0-3]\d)\.htm")
_DAY_OF_2000S = re.compile(r"/item/(?P<year>20\d\d)/\d{4}(?P<month>[01]\d)/news(?P<month2>[01]\d)/(?P<day>[0-3]\d)\.htm")


def absolute(base: str, href: str | None) -> str | None:
    """The absolute http(s) address of a link, or None for what is no such link (`mailto:`, `javascript:`, `file:`, no host)."""
    if not href:
        return None
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
        host = parts.hostname
        parts.port  # noqa: B018  # raises for a port that can't be
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def normal_url(url: str) -> str:
    """The spelling under which an address is stored: lower-case host, no default port, no empty query; the anchor stays."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    port = {("http", 80): None, ("https", 443): None}.get((parts.scheme, parts.port or 0), parts.port)
    return urlunsplit((parts.scheme.lower(), f"{host}:{port}" if port else host, parts.path or "/", parts.query, parts.fragment))


def host_of(url: str) -> str:
    """The host of an address in lower case, without `www.`."""
    return (urlsplit(url).hostname or "").lower().removeprefix("www.")


def day_of_url(url: str) -> dt.date | None:
    """The day that an address itself names: when KCNA Watch took a story in, or the day in a kcna.co.jp path."""
    if m := _TAKEN_IN.search(url):
        return day_in_pyongyang(dt.datetime.fromtimestamp(int(m[1]), dt.UTC))
    for form in (_CALENDAR_2018, _DAY_OF_1990S, _DAY_OF_2000S, _DAY_IN_PATH):
        if m := form.search(url):
            try:
                return dt.date(int(m["year"]), int(m["month"]), int(m["day"]))
            except ValueError:
                return None
    return None


_DAY_OF_LISTING = re.compile(r"/(?:(?P<short>\d{6})|(?P<long>\d{8})|(?P<dashed>\d{4}-\d\d-\d\d)\w*)\.html?$")
_YEAR_OF_CALENDAR = re.compile(r"calendar-(\d{4})")


def day_of_listing(url: str) -> dt.date | None:
    """The day that a day page of kcna.co.jp lists: `970115.htm`, `20000115.htm`, `2012-06-13ee.html`."""
    m = _DAY_OF_LISTING.search(url)
    if not m:
        return None
    digits = f"19{m['short']}" if m["short"] else (m["long"] or m["dashed"].replace("-", ""))
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def year_of_calendar(url: str) -> int | None:
    """The year of a calendar page of kcna.co.jp."""
    m = _YEAR_OF_CALENDAR.search(url)
    return int(m[1]) if m else None
