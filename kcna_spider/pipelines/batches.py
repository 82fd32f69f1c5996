"""Group items that come at about the same time into one call of the store, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from kcna_spider.extensions.health import health_of
from kcna_spider.extensions.store import archive_of
from kcna_spider.store.archive import Archive

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Batches:
    """Batches of items. While one is worked on, the next one is gathered.

    work: takes the items of a batch and returns a result for each, in a thread. most: items of a batch.
    seconds: how long a smaller batch waits for more items before it begins. failed: called with the exception
    that `work` raised.
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
        """Return the result of `work` for this item once its batch is done.

        Raise DropItem where `work` failed.
        """
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
            except Exception as error:  # noqa: BLE001  # whatever it is, the items are not stored
                self.failed(error)
                for _, future in batch:
                    if not future.done():
                        future.set_exception(DropItem(f"not stored: {error}", log_level="DEBUG"))
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    if not future.done():
                        future.set_result(result)


def store_batches(crawler: Crawler, work: Callable[[Archive, Sequence[Any]], Sequence[Any]]) -> Batches:
    """Return batches of items for the store. Where the store fails, the crawl ends as failed.

    work: as in `Batches`, with the open archive before the items.
    """
    archive, health, settings = archive_of(crawler), health_of(crawler), crawler.settings
    return Batches(
        partial(work, archive),
        settings.getint("STORE_BATCH_SIZE"),
        settings.getfloat("STORE_BATCH_DELAY"),
        failed=lambda error: health.fail_store(error, archive.connection.folders),
    )
