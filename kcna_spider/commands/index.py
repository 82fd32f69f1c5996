"""`scrapy index`: build the archive file from MongoDB, or update it."""

from __future__ import annotations

import argparse
import math
import signal
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from kcna_spider.archive_file_command import add_file_option, archive_file
from kcna_spider.store.archive import Archive
from kcna_spider.store_command import StoreCommand

if TYPE_CHECKING:
    from kcna_spider.search.build import Changes


class Command(StoreCommand):
    """Build or update the archive file, which is derived from MongoDB and can be rebuilt at any time."""

    longest_wait = math.inf  # with --follow the command may run for weeks

    def short_desc(self) -> str:
        return "Build the archive file with its full-text index, or update it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_file_option(parser)
        parser.add_argument("--rebuild", action="store_true", help="build it again even if it is sound")
        parser.add_argument(
            "--follow", action="store_true", help="keep it current while crawls write, until Ctrl-C"
        )

    def work(self, archive: Archive, opts: argparse.Namespace) -> None:
        """Build or update the file, then follow the store if --follow is given."""
        # Scrapy imports all commands at each start, and the rules for persons are slow to import.
        from kcna_spider.search.build import needs_rebuild, only_writer, require_archive_file
        from kcna_spider.search.follow import follow

        assert self.settings
        path = archive_file(self.settings, opts).resolve()  # the lock is beside the file, not beside a link
        require_archive_file(path)
        with only_writer(path):
            reason = "--rebuild was given" if opts.rebuild else needs_rebuild(path)
            changes = self._build(archive, path, reason)
            print(f"{path}: {changes.written} articles written, {changes.removed} removed", flush=True)
            if opts.follow:
                stopping = threading.Event()
                for number in (signal.SIGTERM, signal.SIGINT):
                    signal.signal(number, lambda *_: stopping.set())
                print("Following the store (Ctrl-C ends it)", flush=True)
                archive.retry.stopping = stopping.is_set
                place = archive.connection.database_place
                follow(archive.database, path, place, stopping.is_set, archive.retry)

    def _build(self, archive: Archive, path: Path, reason: str | None) -> Changes:
        from kcna_spider.search.build import open_writer, rebuild, update

        if reason is None:
            with closing(open_writer(path)) as writer:
                return update(archive.database, writer, archive.connection.database_place, archive.retry)
        print(f"{path}: building a new file: {reason}", flush=True)
        columns = (SpinnerColumn(), TextColumn("articles"), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(
            *columns, console=Console(file=sys.stderr), disable=not sys.stderr.isatty()
        ) as progress:
            articles = archive.database["articles"]
            task = progress.add_task("index", total=archive.retry(articles.estimated_document_count))
            return rebuild(
                archive.database,
                path,
                archive.connection.database_place,
                lambda n: progress.update(task, completed=n),
                archive.retry,
            )
