"""`scrapy mongo`: keep the embedded database running for other programs.

It also backs up and restores a database.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from scrapy.exceptions import UsageError

from kcna_spider.store.archive import Archive
from kcna_spider.store.maintenance.backup import backup, restore
from kcna_spider.store_command import StoreCommand
from kcna_spider.text.dates import utc_now


class Command(StoreCommand):
    """Without an option it runs until Ctrl-C or SIGTERM."""

    def syntax(self) -> str:
        return "[--backup DIR | --restore DIR]"

    def short_desc(self) -> str:
        return "Keep the embedded database running for other programs, or copy a database"

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

    def work(self, archive: Archive, opts: argparse.Namespace) -> None:
        """Copy, or wait."""
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
