"""Shared code of the commands that read the archive file: open it, and print an error as one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from scrapy.commands import ScrapyCommand

from kcna_spider.export.rows import Wanted
from kcna_spider.search.reader import Reader
from kcna_spider.search.snapshot import NotCurrentError, Snapshot, make_while_compared, open_current
from kcna_spider.store.archive import Archive
from kcna_spider.store_command import one_line_errors

T = TypeVar("T")


class ArchiveFileCommand(ScrapyCommand):
    """Base of the commands that read the archive file; an expected error is one line and exit code 2."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the option that names the file."""
        super().add_options(parser)
        add_file_option(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the archive file, do the work of the command, and close the file."""
        assert self.settings
        seconds = self.settings.getfloat("SEARCH_SECONDS")
        with one_line_errors(self), closing(Reader(archive_file(self.settings, opts), seconds)) as reader:
            self.work(reader, args, opts)

    def work(self, reader: Reader, args: list[str], opts: argparse.Namespace) -> None:
        """Do the work of the command with the open archive file."""
        raise NotImplementedError


def add_file_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the archive file."""
    parser.add_argument("--file", metavar="FILE", help="the archive file (default: the setting ARCHIVE_FILE)")


def archive_file(settings: Any, opts: argparse.Namespace) -> Path:
    """Return the path of the archive file, from the option or the setting."""
    return Path(opts.file or settings["ARCHIVE_FILE"]).expanduser()


@contextmanager
def current_file(
    settings: Any, opts: argparse.Namespace, archive: Archive, wanted: Wanted
) -> Iterator[Snapshot | None]:
    """Yield the archive file, opened, if it agrees with MongoDB, else None; print on stderr which is read.

    Print nothing if the file does not exist and no option names one. wanted: only the articles published in
    its period are compared.
    """
    snapshot = None
    if path := _existing_file(settings, opts):
        try:
            place = archive.connection.database_place
            snapshot = archive.retry(lambda: open_current(path, archive.database, place, wanted))
        except NotCurrentError as error:
            _say_not_used(error)
    if path is None or snapshot is None:
        yield None
        return
    _say_used(path)
    with closing(snapshot):
        yield snapshot


def made_from_current_file(
    settings: Any, opts: argparse.Namespace, archive: Archive, make: Callable[[Snapshot | None], T]
) -> T:
    """Return `make(snapshot)` if the archive file agrees with MongoDB, else `make(None)`.

    `make` runs while the two are compared, and runs again if they differ or if the server became
    unavailable meanwhile, so it must not write anything. Messages on stderr are those of `current_file`.
    """
    if path := _existing_file(settings, opts):
        try:
            place = archive.connection.database_place
            made = archive.retry(lambda: make_while_compared(path, archive.database, place, make))
        except NotCurrentError as error:
            _say_not_used(error)
        else:
            _say_used(path)
            return made
    return archive.retry(lambda: make(None))


def _existing_file(settings: Any, opts: argparse.Namespace) -> Path | None:
    path = archive_file(settings, opts)
    if path.exists():
        return path
    if opts.file:
        print(f"{path} does not exist (reading MongoDB)", file=sys.stderr)
    return None


def _say_used(path: Path) -> None:
    print(f"{path} is current (reading it)", file=sys.stderr)


def _say_not_used(error: NotCurrentError) -> None:
    print(f"{error} (reading MongoDB)", file=sys.stderr)
