"""Log a dropped item as its reason only: the item itself is kept in `rejects`."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from kcna_spider.pipelines.mongo import StoredItem


class RejectLogFormatter(LogFormatter):
    """Scrapy's log formatter, with one line for each reject."""

    def dropped(
        self,
        item: Any,  # noqa: ARG002
        exception: BaseException,
        response: Any,  # noqa: ARG002
        spider: Any,  # noqa: ARG002
    ) -> LogFormatterResult:
        """Return the record that names the reason, or None for an item that was stored."""
        if isinstance(exception, StoredItem):
            return None  # type: ignore[return-value]  # Scrapy logs nothing then
        level = logging.getLevelName(getattr(exception, "log_level", None) or "WARNING")
        return {"level": level, "msg": "Rejected: %(exception)s", "args": {"exception": exception}}
