"""Turn articles without a title, a text or a possible date into rejects. No text is changed."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from itemadapter import ItemAdapter

from kcna_spider.items import Article, Reject
from kcna_spider.text.dates import day_in_pyongyang, utc_now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# KCNA was founded on 5 December 1946. A date of publication may be at most two days after the page was
# received.
_FIRST_DAY = dt.date(1946, 12, 5)
_AHEAD = dt.timedelta(days=2)
# Characters. From 1997 to 2024, the longest title has 400 characters, the longest text 200,000.
_LONGEST_TITLE, _LONGEST_TEXT = 4_000, 1_000_000
_STUB = re.compile(r"\W*for spanish[- ]?speaking people\W*", re.IGNORECASE)


def problem(article: Article) -> tuple[str, str, bool] | None:
    """Return (reason code, line for people, whether the reject is final), or None for a valid article."""
    if _STUB.fullmatch(article.title) or (
        len(article.paragraphs) == 1 and _STUB.fullmatch(article.paragraphs[0])
    ):
        return "stub", "a placeholder that leads to the Spanish pages, without a text", True
    return _problem_of_text(article) or _problem_of_day(article)


def _problem_of_text(article: Article) -> tuple[str, str, bool] | None:
    if not article.title:
        return "no_title", "no title was found", False
    if not article.paragraphs:
        return "no_body", "no text was found", False
    if len(article.title) > _LONGEST_TITLE or sum(map(len, article.paragraphs)) > _LONGEST_TEXT:
        return (
            "too_long",
            f"a title of {len(article.title)} and a text of {len(article.body)} characters are no article",
            False,
        )
    return None


def _problem_of_day(article: Article) -> tuple[str, str, bool] | None:
    if article.published is None:
        return (
            "no_day",
            "no day of publication is in the page, the listing, the dateline or the URL",
            False,
        )
    if not _FIRST_DAY <= article.published <= day_in_pyongyang(article.fetched_at) + _AHEAD:
        return "bad_day", f"{article.published} cannot be a day of publication", False
    return None


def reject_of(article: Any, reason: str, detail: str, *, final: bool = False) -> Reject:
    """Return the reject of an article, with its raw fields."""
    adapter = ItemAdapter(article)
    archived = {"capture": adapter["capture"], "record": adapter["record"]} if adapter["capture"] else {}
    raw = {**adapter["raw"], "layout": adapter["layout"], **archived}
    return Reject(adapter["url"], adapter["site"], reason, detail, raw, adapter["fetched_at"], final)


class ValidatePipeline:
    """Pass valid articles on, and replace others by rejects with their raw fields.

    live: whether a crawl uses it. The reject of a capture then has the current time, as all attempts have,
    and not that of the capture, as in a re-parse, which may be repeated.
    """

    def __init__(self, *, live: bool = False) -> None:
        self.live = live

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ValidatePipeline:
        del crawler
        return cls(live=True)

    def process_item(self, item: Any) -> Any:
        """Return the item, or the reject of an article that is not valid."""
        if not isinstance(item, Article) or (found := problem(item)) is None:
            return item
        reason, detail, final = found
        reject = reject_of(item, reason, detail, final=final)
        if self.live and item.capture:
            reject.at = utc_now()
        return reject
