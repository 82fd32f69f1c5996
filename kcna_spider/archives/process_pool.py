"""Run work in other processes and return the results in order, a few chunks ahead of the caller.

A thread does the work until the processes have started, or if there are none.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import forkserver
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
CHUNK = 32  # items per task
_GC_THRESHOLDS = (50_000, 10, 10)


def reduce_gc_frequency() -> None:
    """Make CPython's cyclic garbage collector run less often in this process.

    Parsing creates tens of thousands of objects per second, without cycles; with the default thresholds, a
    tenth of the time is spent on garbage collection.
    """
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)


class Pool:
    """A pool of processes, which the caller must close.

    number: of processes; 0 for one thread. modules: those that the processes import before they begin.
    """

    def __init__(self, number: int, modules: Sequence[str] = ()) -> None:
        self.ahead = 2 * max(2, number)
        self.thread = ThreadPoolExecutor(1)
        self.processes: ProcessPoolExecutor | None = None
        self._started: Future[None] | None = None
        if number:
            # A fork of a process that has threads may deadlock.
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(list(modules))
            forkserver.ensure_running()
            self.processes = ProcessPoolExecutor(number, context, initializer=_begin_process)
            self._started = self.processes.submit(_nothing)

    @property
    def _executor(self) -> Executor:
        return self.processes if self.processes and self._started and self._started.done() else self.thread

    def close(self) -> None:
        """End the processes; work that has not begun is dropped."""
        for executor in (self.thread, self.processes):
            if executor:
                executor.shutdown(cancel_futures=True)

    def map(self, work: Callable[[Sequence[T]], R], chunks: Iterable[Sequence[T]]) -> Iterator[R]:
        """Yield the result of `work` for each non-empty chunk, in order."""
        waiting: deque[Future[R]] = deque()
        for chunk in chunks:
            if chunk:
                waiting.append(self._executor.submit(work, chunk))
            while len(waiting) >= self.ahead or (waiting and waiting[0].done()):
                yield waiting.popleft().result()
        for future in waiting:
            yield future.result()


def _begin_process() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # only the parent process handles Ctrl-C
    reduce_gc_frequency()


def _nothing() -> None:
    """Do nothing; the result shows that a process has started."""
