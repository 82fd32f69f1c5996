"""Run `scrapy` in processes of its own, forked from one that has loaded the libraries: loading them takes a second each time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from coverage import Coverage

# All that a crawl loads but its settings, which read the environment, and the event loop, which a fork must not share.
PRELOADED = (
    "scrapy.cmdline",
    "scrapy.crawler",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.downloader.contextfactory",
    "scrapy.pipelines",
    "scrapy.extensions.feedexport",
    "pymongo",
    "kcna_spider.site_adapter",
    "kcna_spider.store.archive",
    "kcna_spider.base_spiders.archive_spider",
)
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(list(PRELOADED))


def run_scrapy(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, timeout: float
) -> tuple[int, str]:
    """Run `scrapy` to its end; return the exit code, and all that it printed. Raise TimeoutError."""
    with tempfile.NamedTemporaryFile(prefix="scrapy-", suffix=".log") as output:
        process = _CONTEXT.Process(
            target=_scrapy, args=(list(arguments), dict(environment), folder, output.name)
        )
        process.start()
        process.join(timeout)
        if process.is_alive():
            process.kill()
            process.join()
            raise TimeoutError(f"scrapy {' '.join(arguments)} runs for more than {timeout} s")
        code = process.exitcode
        process.close()
        return code or 0, Path(output.name).read_text(encoding="utf-8", errors="replace")


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
    if rules := environment.get("COVERAGE_PROCESS_START"):
        measured = Coverage(config_file=rules, data_suffix=f"scrapy.{os.getpid()}.{time.time_ns()}")
        measured.start()
    try:
        execute()
    finally:
        if measured:  # A process of multiprocessing runs no exit handlers
            measured.stop()
            measured.save()
