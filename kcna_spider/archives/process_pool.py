"""Work in other processes, in order, a few chunks ahead; in a thread where it is too little for that."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import islice
from multiprocessing import forkserver
from typing import Any, TypeVar

from kcna_spider.collector import collect_rarely

T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S")
_CHUNK = 32  # things that a process is given at once
_END: Any = object()
_CONTEXT = multiprocessing.get_context("forkserver")  # a fork of a process that has threads might never run


def warm_up(modules: Sequence[str]) -> None:
    """Let further processes begin with these modules loaded; returns at once."""
    _CONTEXT.set_forkserver_preload(list(modules))
    forkserver.ensure_running()


def chunks(things: Iterator[T]) -> Iterator[list[T]]:
    """Lists of as many things as a process is given at once."""
    while chunk := list(islice(things, _CHUNK)):
        yield chunk


class Pool:
    """`number` processes, and a thread that works until they have started, or always for 0. Close it."""

    def __init__(self, number: int) -> None:
        self.ahead = 2 * max(2, number)
        self.thread = ThreadPoolExecutor(1)
        self.processes = ProcessPoolExecutor(number, _CONTEXT, initializer=collect_rarely) if number else None
        # The first process waits until all modules are loaded: half a second in which the crawl's thread, and the event loop, are not to stand still.
        self.starter = ThreadPoolExecutor(1)
        self.started = self.starter.submit(self._start) if number else None

    def _start(self) -> None:
        assert self.processes
        self.processes.submit(_nothing).result()

    @property
    def executor(self) -> Executor:
        """What takes the next chunk."""
        return self.processes if self.processes and self.started and self.started.done() else self.thread

    def close(self) -> None:
        """End it; what waits is dropped."""
        for executor in (self.starter, self.thread, self.processes):
            if executor:
                executor.shutdown(cancel_futures=True)

    async def each(
        self, work: Callable[[Sequence[T]], R], things: Iterator[S] | AsyncIterator[S], prepared: Callable[[S], Sequence[T]] | None = None
    ) -> AsyncIterator[R]:
        """The results of `work` for each chunk, in order. Chunks are made, and prepared, in a thread, off the event loop."""
        loop = asyncio.get_running_loop()
        waiting: list[asyncio.Future[R]] = []
        async for chunk in things if isinstance(things, AsyncIterator) else _in_thread(things):
            ready: Any = await asyncio.to_thread(prepared, chunk) if prepared else chunk
            if ready:
                waiting.append(loop.run_in_executor(self.executor, work, ready))
            while len(waiting) >= self.ahead or (waiting and waiting[0].done()):
                yield await waiting.pop(0)
        for future in waiting:
            yield await future


def _nothing() -> None:
    """What a process does first: it has started."""


async def _in_thread(things: Iterator[S]) -> AsyncIterator[S]:
    """What an iterator gives, made off the event loop."""
    while (thing := await asyncio.to_thread(next, things, _END)) is not _END:
        yield thing
