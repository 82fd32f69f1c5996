"""What the commands that search the archive file share: opening it, errors in one line."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path

from scrapy.commands import ScrapyCommand

from kcna_spider.exceptions import KcnaError
from kcna_spider.search.reader import Reader


class ArchiveFileCommand(ScrapyCommand):
    """Base of the commands that read the archive file; a mistake is one line and exit code 2."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the option that names the file."""
        super().add_options(parser)
        parser.add_argument(
            "--file", metavar="FILE", help="the archive file (default: the setting ARCHIVE_FILE)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the file, do the work, close it."""
        assert self.settings
        try:
            path = Path(opts.file or self.settings["ARCHIVE_FILE"]).expanduser()
            with closing(Reader(path, self.settings.getfloat("SEARCH_SECONDS"))) as reader:
                self.work(reader, args, opts)
        except BrokenPipeError:  # whoever read standard output has enough, as in `| head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except (KcnaError, OSError) as error:
            print(f"{type(self).__module__.rpartition('.')[2]}: {error}", file=sys.stderr)
            self.exitcode = 2

    def work(self, reader: Reader, args: list[str], opts: argparse.Namespace) -> None:
        """Do the work of the command with an open file."""
        raise NotImplementedError
