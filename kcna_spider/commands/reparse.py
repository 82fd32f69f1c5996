"""`scrapy reparse PATH...`: read WARC files again with today's layouts, without network access."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pymongo.errors import PyMongoError
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.utils.log import configure_logging

from kcna_spider.archives.process_pool import reduce_gc_frequency
from kcna_spider.archives.warc_files import WarcFile, unread_files, warc_files, why_unread
from kcna_spider.base_spiders.arguments import require_photos
from kcna_spider.exceptions import KcnaError, StoreError
from kcna_spider.extensions.store import SWITCH_SECONDS
from kcna_spider.paths import local_folder
from kcna_spider.reparse_run import ReparseArguments, ReparseRun
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store_command import day_argument

_FAILED, _MISTAKE = 1, 2


class Command(ScrapyCommand):
    """Re-parse WARC files.

    The exit code is 0 if the re-parse finished, 1 if it failed (unread records, too many rejects, a failure
    of the store, or a signal), and 2 for a mistake or an unavailable database.
    """

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options] PATH..."

    def short_desc(self) -> str:
        return "Read WARC files again with today's layouts, without any network"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--since", type=day_argument, metavar="DATE", help="first date of publication, YYYY-MM-DD"
        )
        parser.add_argument(
            "--until", type=day_argument, metavar="DATE", help="last date of publication, YYYY-MM-DD"
        )
        parser.add_argument("--limit", metavar="NUMBER", help="store at most this many articles")
        parser.add_argument(
            "--source",
            metavar="LABELS",
            help="store articles of these sources of KCNA Watch too, separated by commas; by default, only "
            "those of KCNA",
        )
        parser.add_argument(
            "--photos", action="store_true", help="read the photos too; their files go to FILES_STORE"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Re-parse the files."""
        if not args:
            raise UsageError("name a WARC file, or a folder with WARC files", print_help=False)
        assert self.settings
        configure_logging(self.settings)
        reduce_gc_frequency()
        sys.setswitchinterval(SWITCH_SECONDS)
        stopping = threading.Event()

        def stop(number: int, frame: Any) -> None:
            stopping.set()  # in case the exception is lost, for example in a destructor
            signal.default_int_handler(number, frame)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        given = {name: getattr(opts, name) for name in ("since", "until", "limit", "source")}
        try:
            arguments = ReparseArguments.parse(
                {name: value for name, value in given.items() if value is not None}
            )
            photo_folder = _photo_folder(self.settings) if opts.photos else None
            files, unread = _files([Path(text).expanduser() for text in args])
            archive = Archive(StoreSettings.from_settings(self.settings), stopping.is_set)
        except (KcnaError, OSError) as error:
            print(f"scrapy reparse: {error}", file=sys.stderr)
            self.exitcode = _MISTAKE
            return
        self.exitcode = _FAILED
        try:
            run = ReparseRun(archive, self.settings, arguments, files, unread, stopping, photo_folder)
            if run.run(args) == "finished":
                self.exitcode = 0
        except (StoreError, PyMongoError) as error:  # raised before the first record is read
            print(f"scrapy reparse: {error}", file=sys.stderr)
        finally:
            archive.close()


def _photo_folder(settings: Any) -> Path:
    """Return the folder of FILES_STORE. Raise KcnaError if it is no local folder or photos cannot be read."""
    place = settings.get("FILES_STORE") or ""
    folder = local_folder(place)
    if folder is None:
        raise KcnaError(f"--photos: FILES_STORE={place} is no folder; a re-parse writes photos into one")
    require_photos("--photos")
    return folder


def _files(paths: Sequence[Path]) -> tuple[list[WarcFile], list[Path]]:
    """Return the WARC files at the paths, and the unsupported archives there.

    Raise KcnaError if a path does not exist or contains no WARC file.
    """
    files: list[WarcFile] = []
    unread: list[Path] = []
    for path in paths:
        if not path.exists():
            raise KcnaError(f"{path}: there is no such file or folder")
        found, others = warc_files(path), unread_files(path)
        if not found:
            raise KcnaError(
                why_unread(others[0]) if others else f"{path}: there is no WARC file in this folder"
            )
        files += [file for file in found if file not in files]
        unread += others
    return files, unread
