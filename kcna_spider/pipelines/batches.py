"""Groups items that come at about the same time into one piece of work, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any


class Batches:
    """`await put(item)` gives the item's result once its batch is done.

    While one batch is worked on, the next one gathers.

    most: items of a batch. seconds: how long a batch that is smaller waits for more before it begins.
    """

    def __init__(
        self, work: Callable[[Sequence[Any]], Sequence[Any]], most: int, seconds: float = 0.0
    ) -> None:
        self.work, self.most, self.seconds = work, most, seconds
        self._waiting: list[tuple[Any, asyncio.Future[Any]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def put(self, item: Any) -> Any:
        """The result of `work` for this item; raises what `work` raised."""
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
            except Exception as error:  # noqa: BLE001  # it belongs to those who wait
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    if not future.done():
                        future.set_result(result)
