"""Items that wait at the same time are processed as one batch."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest
from scrapy.exceptions import DropItem

from kcna_spider.pipelines.batches import Batches


def test_those_that_come_meanwhile_form_the_next_batch() -> None:
    seen: list[list[int]] = []
    gate = threading.Event()

    def work(items: Sequence[int]) -> list[int]:
        seen.append(list(items))
        gate.wait(5)
        return [item * 10 for item in items]

    async def run() -> list[int]:
        batches = Batches(work, most=4, failed=lambda _: None)
        tasks = [asyncio.ensure_future(batches.put(1))]
        await asyncio.sleep(0.05)
        tasks += [asyncio.ensure_future(batches.put(n)) for n in range(2, 9)]
        await asyncio.sleep(0.05)
        gate.set()
        return await asyncio.gather(*tasks)

    assert asyncio.run(run()) == [10, 20, 30, 40, 50, 60, 70, 80]
    assert seen == [[1], [2, 3, 4, 5], [6, 7, 8]]


def test_an_error_reaches_all_of_its_batch_and_no_other() -> None:
    def work(items: Sequence[int]) -> list[int]:
        if 1 in items:
            raise ValueError("no")
        return list(items)

    errors: list[Exception] = []

    async def run() -> None:
        batches = Batches(work, most=9, failed=errors.append)
        first = asyncio.ensure_future(batches.put(1))
        with pytest.raises(DropItem, match="not stored: no"):
            await first
        assert await batches.put(2) == 2

    asyncio.run(run())
    assert [str(error) for error in errors] == ["no"]


def test_a_small_batch_waits_a_little_for_more() -> None:
    seen: list[list[int]] = []

    def work(items: Sequence[int]) -> list[int]:
        seen.append(list(items))
        return list(items)

    async def run() -> None:
        batches = Batches(work, most=3, seconds=0.5, failed=lambda _: None)
        first = asyncio.ensure_future(batches.put(1))
        for _ in range(9):  # A batch that does not wait starts in these steps of the event loop.
            await asyncio.sleep(0)
        await asyncio.gather(first, *(batches.put(n) for n in (2, 3, 4)))

    asyncio.run(run())
    assert seen == [[1, 2, 3], [4]]


def test_a_failing_report_leaves_no_item_waiting(caplog: pytest.LogCaptureFixture) -> None:
    def work(items: Sequence[int]) -> list[int]:
        raise ValueError(f"no {items}")

    def failed(error: Exception) -> None:
        raise OSError(f"the disk cannot be read: {error}")

    async def run() -> None:
        batches = Batches(work, most=9, failed=failed)
        for number in range(2):
            with pytest.raises(DropItem, match="not stored"):
                await asyncio.wait_for(batches.put(number), 5)

    asyncio.run(run())
    assert caplog.text.count("OSError: the disk cannot be read: no") == 2
