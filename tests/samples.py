"""Articles for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kcna_spider.items import Article, Fetched, ListingEntry, RawArticle
from kcna_spider.loaders import load_article
from kcna_spider.site_adapter import site_adapters

AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def raw(**changes: Any) -> RawArticle:
    """Return a valid raw article."""
    text = [
        "Pyongyang, March 8 (KCNA) -- A new bakery was opened here.",
        "The bread is good, it is said, and it will be better still. -0-",
    ]
    return RawArticle(**{"title": "New Bakery Opened", "paragraphs": text, "day": "[2024.3.9.]", **changes})


def fetched(
    url: str = "http://www.kcna.kp/en/article/detail/1", at: dt.datetime = AT, **changes: Any
) -> Fetched:
    """Return the description of a fetched page."""
    site = "kcna.co.jp" if "co.jp" in url else "kcnawatch.org" if "kcnawatch" in url else "kcna.kp"
    return Fetched(**{"url": url, "site": site, "layout": "article_2026", "at": at, **changes})


def article(
    url: str = "http://www.kcna.kp/en/article/detail/1",
    at: dt.datetime = AT,
    listed: ListingEntry | None = None,
    **changes: Any,
) -> Article:
    """Return a sighting as it reaches the store."""
    adapter = site_adapters()[fetched(url, at).site]
    bound = adapter.site.captures_bound_day
    return load_article(
        fetched(url, at), raw(**changes), listed, url_day=adapter.day_in_url(url), captures_bound_day=bound
    )


def an_article(
    url: str = "http://www.kcna.kp/en/article/detail/1",
    title: str = "New Bakery Opened",
    body: str = "The bread is good.",
    minutes: int = 0,
) -> Article:
    """Return a sighting of a text at a URL, some minutes after `AT`."""
    return article(
        url,
        AT + dt.timedelta(minutes=minutes),
        title=title,
        paragraphs=[f"Pyongyang, March 8 (KCNA) -- {body} -0-"],
    )
