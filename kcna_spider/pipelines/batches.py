"""Group items that arrive at about the same time into one call of the store, off the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from kcna_spider.extensions.health import health_of
from kcna_spider.extensions.store import archive_of
from kcna_spider.store.archive import Archive

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class Batches:
    """Process items in batches. While one batch is processed, the next one is collected.

    work: a function that takes the items of a batch and returns a result for each; it runs in a thread. most:
    largest number of items in a batch. seconds: how long a smaller batch waits for more items. failed: called
    with the exception that `work` raised.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Any]], Sequence[Any]],
        most: int,
        seconds: float = 0.0,
        *,
        failed: Callable[[Exception], None],
    ) -> None:
        self.work, self.most, self.seconds, self.failed = work, most, seconds, failed
        self._waiting: list[tuple[Any, asyncio.Future[Any]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def put(self, item: Any) -> Any:
        """Return the result of `work` for this item once its batch is done. Raise DropItem if it failed."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.ensure_future(self._drain())
        return await future

    async def _drain(self) -> None:
        while self._waiting:
            if len(self._waiting) < self.most:
                await asyncio.sleep(self.seconds)
            batch, self._waiting = self._waiting[: self.most], self._waiting[self.most :]
            try:
                results = await asyncio.to_thread(self.work, [item for item, _ in batch])
            except Exception as error:  # noqa: BLE001  # after any exception the items are not stored
                for _, future in batch:
                    if not future.done():
                        future.set_exception(DropItem(f"not stored: {error}", log_level="DEBUG"))
                try:
                    self.failed(error)
                except Exception:
                    logger.exception("The failure of a batch cannot be reported")
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    if not future.done():
                        future.set_result(result)


def store_batches(crawler: Crawler, work: Callable[[Archive, Sequence[Any]], Sequence[Any]]) -> Batches:
    """Return batches of items for the store. If the store fails, the crawl ends as failed.

    work: as in `Batches`, but its first argument is the open archive.
    """
    archive, health, settings = archive_of(crawler), health_of(crawler), crawler.settings
    return Batches(
        partial(work, archive),
        settings.getint("STORE_BATCH_SIZE"),
        settings.getfloat("STORE_BATCH_DELAY"),
        failed=lambda error: health.fail_store(error, archive.connection.folders),
    )
