"""Log a dropped item as its reason only: the item itself is kept in `rejects`."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from kcna_spider.pipelines.mongo import RejectedItem, StoredItem


class RejectLogFormatter(LogFormatter):
    """Scrapy's log formatter, with one line for each reject."""

    def dropped(self, item: Any, exception: BaseException, response: Any, spider: Any) -> LogFormatterResult:
        """Return the record that names the reason, or None for an item that was stored."""
        if isinstance(exception, StoredItem):
            return None  # type: ignore[return-value]  # Scrapy logs nothing then
        found = super().dropped(item, exception, response, spider)
        if isinstance(exception, RejectedItem):
            return {**found, "msg": "Rejected: %(exception)s", "args": {"exception": exception}}
        return found
