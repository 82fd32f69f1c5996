"""`scrapy mongo`: keep the embedded database running for other programs.

The command also sets up, backs up and restores a database.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import closing
from pathlib import Path

from scrapy.exceptions import UsageError

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import Connection, StoreSettings
from kcna_spider.store.maintenance.backup import backup, restore
from kcna_spider.store.model.set_up import initialize
from kcna_spider.store_command import StoreCommand, one_line_errors
from kcna_spider.text.dates import utc_now


class Command(StoreCommand):
    """Set up, back up or restore a database; without an option, run until Ctrl-C or SIGTERM."""

    def syntax(self) -> str:
        return "[--init [--consumer-indexes] | --backup DIR | --restore DIR]"

    def short_desc(self) -> str:
        return "Keep the embedded database running for other programs; set up or copy a database"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--backup",
            type=_folder,
            metavar="DIR",
            help="write a backup into a new folder, also while crawls run; mongorestore reads it too",
        )
        choice.add_argument(
            "--restore",
            type=_folder,
            metavar="DIR",
            help="restore a backup into the configured database, which must be empty",
        )
        choice.add_argument(
            "--init",
            action="store_true",
            help="create the collections, validators, indexes and views that are missing",
        )
        parser.add_argument(
            "--consumer-indexes",
            action="store_true",
            help="with --init: also build indexes for people who query the database",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the command; --init connects directly, because opening an archive would set up the database."""
        if opts.consumer_indexes and not opts.init:
            raise UsageError("--consumer-indexes belongs to --init", print_help=False)
        if not opts.init or args:
            super().run(args, opts)
            return
        settings = StoreSettings.from_settings(self.settings)
        with one_line_errors(self), closing(Connection(settings)) as connection:
            initialize(connection.database, _print, consumer_indexes=opts.consumer_indexes)
            _print(f"{connection.name} in {connection.place} is set up")

    def reads_only(self, opts: argparse.Namespace) -> bool:
        return bool(opts.backup)

    def work(self, archive: Archive, opts: argparse.Namespace) -> None:
        """Back up or restore the database, or keep the embedded one running."""
        if opts.backup:
            _say(
                archive,
                f"copied to {opts.backup}",
                backup(archive.database, opts.backup, utc_now(), archive.retry),
            )
        elif opts.restore:
            restored = restore(archive.database, opts.restore, archive.retry)
            _say(archive, f"restored from {opts.restore}", restored)
        elif not archive.connection.is_embedded:
            raise UsageError(
                f"MONGODB_URI={archive.connection.uri} is a server of its own: connect to it there",
                print_help=False,
            )
        else:
            _serve(archive)


def _print(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _folder(text: str) -> Path:
    return Path(text).expanduser()


def _say(archive: Archive, what: str, counts: dict[str, int]) -> None:
    print(
        f"{archive.database.name} {what}: "
        + ", ".join(f"{number} {name}" for name, number in counts.items()),
        file=sys.stderr,
    )


def _serve(archive: Archive) -> None:
    uri = archive.connection.uri
    print(
        f"{uri}\n\nmongosh '{uri}'\n\nThe data is in {archive.connection.place}. Ctrl-C ends it.",
        flush=True,
    )
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
