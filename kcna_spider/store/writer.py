"""One crawl's way into the archive: into the database, or into the spool while the database is away, always in order."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from kcna_spider.exceptions import StoreAwayError
from kcna_spider.items import Item
from kcna_spider.store.archive import Archive
from kcna_spider.store.spool import Spool
from kcna_spider.store.write.bulk import pieces

logger = logging.getLogger(__name__)

SPOOLED = "spooled"
_BROUGHT_AT_ONCE = 500  # items


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds that a write waits for a database that went away, before the first item is spooled and before each further batch."""

    first: float
    further: float = 5.0


class Writer:
    """`write(items)` gives an outcome each, once they are in the database or, flushed, in the spool."""

    def __init__(self, archive: Archive, spool: Spool, waiting: Waiting) -> None:
        self.archive, self.spool, self.waiting = archive, spool, waiting
        self.away_since: float | None = None
        self.brought_in = 0  # items that came out of the spool

    def write(self, items: Sequence[Item]) -> list[str]:
        """Outcomes, `spooled` where the database is away for longer than is waited. OSError where the spool's disk is full."""
        seconds = self.waiting.first if self.away_since is None else self.waiting.further
        try:
            return self.archive.patience(lambda: self._in_order(items), seconds)
        except StoreAwayError as error:
            path = self.spool.add(items)
            if self.away_since is None:
                self.away_since = time.monotonic()
                logger.error("%s. Items go to %s until it is back", error, path.parent)  # noqa: TRY400
            return [SPOOLED] * len(items)

    def bring_in(self, seconds: float | None = None) -> int:
        """Empty the spool into the database; gives the number of items. StoreAwayError where it is away for `seconds`."""
        number = self.archive.patience(lambda: self.spool.bring_in(self._in_pieces), seconds)
        if number:
            logger.info("%d items came out of %s into the database", number, self.spool.folder)
        self.brought_in += number
        self.away_since = None
        return number

    def _in_order(self, items: Sequence[Item]) -> list[str]:
        if self.away_since is not None:
            self.bring_in()
        return self.archive.write(items)

    def _in_pieces(self, items: Sequence[Item]) -> None:
        for some in pieces(items, _BROUGHT_AT_ONCE):
            self.archive.write(some)
