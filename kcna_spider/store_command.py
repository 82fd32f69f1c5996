"""Shared code of the commands that read the store: open it, parse dates, write the output.

It is not in `commands/`, because Scrapy registers every command class of a module there as a command.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import logging
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from pymongo.errors import PyMongoError
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from kcna_spider.base_spiders.arguments import day
from kcna_spider.exceptions import KcnaError
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings, masked

_INTERRUPTED = 130  # the exit code that shells give a command that Ctrl-C ended
LONGEST_WAIT = 300.0  # seconds; shorter than in a crawl, since a user may be waiting at the terminal


class StoreCommand(ScrapyCommand):
    """Base of the commands that read the store; an expected error is one line and exit code 2."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}
    longest_wait = LONGEST_WAIT

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the store, do the work of the command, and close the store."""
        if args:
            raise UsageError(f"no such argument: {' '.join(args)}", print_help=False)
        settings, reading = store_settings(self.settings, self.longest_wait), self.reads_only(opts)
        with (
            one_line_errors(self),
            warnings_on_stderr(self),
            closing(Archive(settings, reading=reading)) as archive,
        ):
            self.work(archive, opts)

    def reads_only(self, opts: argparse.Namespace) -> bool:  # noqa: ARG002  # for `scrapy mongo`
        """Return whether the command only reads with these options, so that the role `read` suffices."""
        return True

    def work(self, archive: Archive, opts: argparse.Namespace) -> None:
        """Do the work of the command with the open store."""
        raise NotImplementedError


def store_settings(settings: Any, longest_wait: float = LONGEST_WAIT) -> StoreSettings:
    """Return the settings of the store, with STORE_WAIT_SECONDS limited to `longest_wait` seconds."""
    found = StoreSettings.from_settings(settings)
    return replace(found, wait_seconds=min(found.wait_seconds, longest_wait))


@contextmanager
def warnings_on_stderr(command: ScrapyCommand) -> Iterator[None]:
    """Print the store's warnings, such as an unavailable server, on stderr if the log is off."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter(f"{_name(command)}: %(message)s"))
    logger = logging.getLogger("kcna_spider.store")
    if command.settings is None or not command.settings.getbool("LOG_ENABLED"):
        logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _name(command: ScrapyCommand) -> str:
    return type(command).__module__.rpartition(".")[2]


@contextmanager
def one_line_errors(command: ScrapyCommand) -> Iterator[None]:
    """Print an expected error as one line, with exit code 2."""
    try:
        yield
    except BrokenPipeError:  # the reader of standard output has closed it, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (KcnaError, PyMongoError, OSError, sqlite3.Error) as error:
        print(f"{_name(command)}: {masked(str(error))}", file=sys.stderr)
        command.exitcode = 2
    except KeyboardInterrupt:
        print(f"{_name(command)}: interrupted", file=sys.stderr)
        command.exitcode = _INTERRUPTED


def day_argument(text: str) -> dt.date:
    """Return the date of a text in the form YYYY-MM-DD. Raise argparse.ArgumentTypeError for any other."""
    try:
        return day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from None


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the path for `output`."""
    parser.add_argument(
        "-o", "--output", default="-", metavar="FILE", help="file to write (default standard output)"
    )


@contextmanager
def output(path: str) -> Iterator[IO[str]]:
    """Yield a text file to write, replaced as in `output_path`, or standard output for "-"."""
    if path == "-":
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # as a file, whatever the locale is
        yield sys.stdout
        sys.stdout.flush()
    else:
        with output_path(path) as part, part.open("w", encoding="utf-8", newline="") as file:
            yield file


@contextmanager
def output_path(path: str) -> Iterator[Path]:
    """Yield a path to write: FILE.PID.part, which replaces FILE when complete and is removed after an error.

    The process ID is part of the name, because another command may write the same FILE.

    For a pipe or a device, yield its own path.
    """
    target = Path(path).expanduser()
    if target.exists() and not target.is_file():
        yield target
        return
    target = target.resolve()  # so that a symbolic link is kept and its target replaced
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        yield part
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
