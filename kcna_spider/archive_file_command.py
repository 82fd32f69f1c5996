"""What the commands that read the archive file share: opening it, errors in one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand

from kcna_spider.export.rows import Wanted
from kcna_spider.search.reader import Reader
from kcna_spider.search.snapshot import NotCurrentError, Snapshot, open_current
from kcna_spider.store.archive import Archive
from kcna_spider.store_command import one_line_errors


class ArchiveFileCommand(ScrapyCommand):
    """Base of the commands that read the archive file; a mistake is one line and exit code 2."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the option that names the file."""
        super().add_options(parser)
        add_file_option(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the file, do the work, close it."""
        assert self.settings
        seconds = self.settings.getfloat("SEARCH_SECONDS")
        with one_line_errors(self), closing(Reader(archive_file(self.settings, opts), seconds)) as reader:
            self.work(reader, args, opts)

    def work(self, reader: Reader, args: list[str], opts: argparse.Namespace) -> None:
        """Do the work of the command with an open file."""
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
    """Open the archive file where it holds what MongoDB holds, else yield None; say which on stderr.

    Nothing is said where there is no file and none was named. wanted: its days of publication are compared.
    """
    path = archive_file(settings, opts)
    if not path.exists():
        if opts.file:
            print(f"{path} does not exist (reading MongoDB)", file=sys.stderr)
        yield None
        return
    try:
        snapshot = open_current(path, archive.database, archive.connection.database_place, wanted)
    except NotCurrentError as error:
        print(f"{error} (reading MongoDB)", file=sys.stderr)
        yield None
        return
    print(f"{path} is current (reading it)", file=sys.stderr)
    with closing(snapshot):
        yield snapshot
