"""What the commands that search the archive file share: opening it, errors in one line."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand

from kcna_spider.search.reader import Reader
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
