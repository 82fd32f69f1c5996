"""Turns an article that can't be one into a reject with its reason. Changes no text."""

from __future__ import annotations

from kcna_spider.items import Article, Reject
from kcna_spider.validation import problem


class ValidatePipeline:
    """Passes sound articles; gives a `Reject` in place of the others, with their raw fields."""

    def process_item(self, item: object) -> object:
        """The item, or what it was rejected for."""
        if not isinstance(item, Article) or (found := problem(item)) is None:
            return item
        reason, detail, final = found
        archived = {"capture": item.fetched.capture, "record": item.fetched.record} if item.fetched.capture else {}
        raw = {**item.raw, "layout": item.fetched.layout, **archived}
        return Reject(item.url, item.fetched.site, reason, detail, raw, item.fetched.at, final)
