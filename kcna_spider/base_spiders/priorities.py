"""The order of requests."""

from __future__ import annotations

from enum import IntEnum


class Priority(IntEnum):
    """Priority of a request; Scrapy sends those with a higher one first.

    Articles precede further listing pages, so that a long listing does not fill the memory with requests.
    Rechecks and photo pages are between them. LAST: rechecks that no listing must wait for.
    """

    ARTICLE = 10
    PHOTO_PAGE = 5
    RECHECK = 5
    LISTING = 0
    LAST = -1
