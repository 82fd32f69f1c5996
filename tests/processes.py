"""Separate `scrapy` processes, forked from one that has loaded the package: loading takes a second."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from coverage import Coverage

COVERAGE = "COVERAGE_PROCESS_START"
_POLL_SECONDS = 0.05
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.preload"])


@contextmanager
def unmeasured() -> Iterator[None]:
    """Start processes without coverage, which would slow down every call of the database server."""
    rules = os.environ.pop(COVERAGE, None)
    try:
        yield
    finally:
        if rules is not None:
            os.environ[COVERAGE] = rules


class ScrapyProcess:
    """A running `scrapy`, with the methods of `subprocess.Popen` that the tests use."""

    running: weakref.WeakSet[ScrapyProcess] = weakref.WeakSet()

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._output = tempfile.NamedTemporaryFile(prefix="scrapy-", suffix=".log")  # noqa: SIM115
        self._process = _CONTEXT.Process(
            target=_scrapy, args=(list(arguments), dict(environment), folder, self._output.name)
        )
        self._process.start()
        self.args = ["scrapy", *arguments]
        self.pid = self._process.pid or 0
        self.returncode: int | None = None
        self.running.add(self)

    def poll(self) -> int | None:
        """Return the exit code, or None while the process runs."""
        if self.returncode is None and (code := self._process.exitcode) is not None:
            self.returncode = code
            self._process.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process ends; return the exit code.

        Raise subprocess.TimeoutExpired.
        """
        if self.poll() is None:
            self._process.join(timeout)
        if (code := self.poll()) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def printed(self) -> str:
        """Return the output so far."""
        return Path(self._output.name).read_text(encoding="utf-8", errors="replace")

    def communicate(self, timeout: float | None = None) -> tuple[str, None]:
        """Wait until the process ends; return its output.

        Raise subprocess.TimeoutExpired.
        """
        self.wait(timeout)
        text = self.printed()
        self._output.close()
        return text, None

    def send_signal(self, number: int) -> None:
        """Send a signal if the process still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the process."""
        self.send_signal(signal.SIGKILL)


def wait_until(condition: Callable[[], object], *processes: ScrapyProcess, seconds: float = 120) -> None:
    """Wait until a condition is true. Fail if one of the processes ends first, or after these seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        ended = [process for process in processes if process.poll() is not None]
        if condition():  # It may have become true just before a process ended.
            return
        for process in ended:
            raise AssertionError(f"code {process.returncode}: {process.printed()[-5000:]}")
        if time.monotonic() > deadline:
            output = "".join(process.printed()[-5000:] for process in processes)
            raise AssertionError(f"still not true after {seconds:g} s: {output}")
        time.sleep(_POLL_SECONDS)


@atexit.register
def _kill_all() -> None:
    """Kill the processes that failed tests have left, because Python waits for them at its end."""
    for process in list(ScrapyProcess.running):
        process.kill()


def run_scrapy(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, timeout: float
) -> tuple[int, str]:
    """Run `scrapy` until it ends; return the exit code and the output.

    Raise subprocess.TimeoutExpired.
    """
    process = ScrapyProcess(arguments, environment, folder)
    try:
        output, _ = process.communicate(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.wait(), output


def _scrapy(arguments: list[str], environment: dict[str, str], folder: Path, output: str) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    descriptor = os.open(output, os.O_WRONLY | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.argv = ["scrapy", *arguments]
    sys.path.insert(0, str(folder))
    sys.path[1:1] = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    from scrapy.cmdline import execute

    measured = None
    if rules := environment.get(COVERAGE):
        measured = Coverage(config_file=rules, data_suffix=f"scrapy.{os.getpid()}.{time.time_ns()}")
        measured.start()
    try:
        execute()
    finally:
        if measured:  # A process of multiprocessing does not run exit handlers.
            measured.stop()
            measured.save()
