"""What Scrapy logs of a dropped item: the reason, without the item, which is kept in `rejects`."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult


class OneLine(LogFormatter):
    """Scrapy's own, with one line a reject."""

    def dropped(self, item: Any, exception: BaseException, response: Any, spider: Any) -> LogFormatterResult:  # noqa: ARG002
        """The reason."""
        level = logging.getLevelName(getattr(exception, "log_level", None) or "WARNING")
        return {"level": level, "msg": "Rejected: %(exception)s", "args": {"exception": exception}}
