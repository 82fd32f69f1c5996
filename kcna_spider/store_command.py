"""What the commands that read the store share: opening it, dates as arguments, where the output goes.

Not in `commands/`, where Scrapy takes every command class of a module for a command.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from pymongo.errors import PyMongoError
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from kcna_spider.base_spiders.arguments import day
from kcna_spider.exceptions import KcnaError
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings, masked


class StoreCommand(ScrapyCommand):
    """Base of the commands that read the store; a mistake is one line and exit code 2."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the store, do the work, close it."""
        if args:
            raise UsageError(f"no such argument: {' '.join(args)}", print_help=False)
        settings = StoreSettings.from_settings(self.settings)
        with one_line_errors(self), closing(Archive(settings, reading=self.reads_only(opts))) as archive:
            self.work(archive, opts)

    def reads_only(self, opts: argparse.Namespace) -> bool:  # noqa: ARG002  # for `scrapy mongo`
        """Return whether the role `read` suffices for these options."""
        return True

    def work(self, archive: Archive, opts: argparse.Namespace) -> None:
        """Do the work of the command with an open store."""
        raise NotImplementedError


@contextmanager
def one_line_errors(command: ScrapyCommand) -> Iterator[None]:
    """Print an expected error as one line, with exit code 2."""
    try:
        yield
    except BrokenPipeError:  # the reader of standard output has enough, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (KcnaError, PyMongoError, OSError) as error:
        name = type(command).__module__.rpartition(".")[2]
        print(f"{name}: {masked(str(error))}", file=sys.stderr)
        command.exitcode = 2


def day_argument(text: str) -> dt.date:
    """A day as YYYY-MM-DD, for argparse."""
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
    """A text file to write, or standard output for "-"."""
    if path == "-":
        yield sys.stdout
        sys.stdout.flush()
    else:
        with Path(path).expanduser().open("w", encoding="utf-8", newline="") as file:
            yield file
