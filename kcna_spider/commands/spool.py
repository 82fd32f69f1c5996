"""`scrapy spool`: brings in what crawls could not write while the database was away. The next crawl does it too."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kcna_spider.commands.base import ReadingCommand
from kcna_spider.paths import path_setting
from kcna_spider.store.archive import Archive
from kcna_spider.store.spool import Spool
from kcna_spider.store.writer import Waiting, Writer


class Command(ReadingCommand):
    """Exit code 1 where lines of a file are damaged; the file is kept, with the ending `.damaged`."""

    def short_desc(self) -> str:
        """For `scrapy -h`."""
        return "Bring what is in SPOOL_DIR into the database"

    def work(self, archive: Archive, opts: argparse.Namespace) -> None:  # noqa: ARG002  # it has no options
        """Bring in, in order."""
        assert self.settings is not None
        spool = Spool(path_setting(self.settings, "SPOOL_DIR") or Path("data/spool"))
        number = Writer(archive, spool, Waiting(0)).bring_in()
        print(f"{number} items came out of {spool.folder} into {archive.connection.place}", file=sys.stderr)
        if spool.damaged:
            print(f"scrapy spool: {spool.damaged} lines are damaged; their files end in .damaged now", file=sys.stderr)
            self.exitcode = 1
