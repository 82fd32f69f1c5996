"""`scrapy browse`: serve the archive file as pages on loopback."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from scrapy.exceptions import UsageError

from kcna_spider.archive_file_command import ArchiveFileCommand
from kcna_spider.exceptions import KcnaError
from kcna_spider.paths import local_folder, path_setting
from kcna_spider.search.reader import Reader

_LAST_PORT, _LONGEST_PORT = 65_535, 5
_PORT = 6900


class Command(ArchiveFileCommand):
    """Serve pages for search, articles, changes and trends, and a JSON API, until Ctrl-C."""

    def short_desc(self) -> str:
        return "Serve the archive file as pages on loopback"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--port", type=_port, default=_PORT, metavar="PORT", help=f"default {_PORT}; 0: any free one"
        )
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            metavar="ADDRESS",
            help="another address than loopback: all who reach it can read",
        )
        parser.add_argument(
            "--allowed-host",
            action="append",
            default=[],
            metavar="NAME",
            help="host name under which a reverse proxy requests the pages; may be repeated",
        )
        parser.add_argument(
            "--warc-dir",
            metavar="FOLDER",
            help="show the stored records in this folder (default: the setting WARC_DIR)",
        )
        parser.add_argument(
            "--photo-dir",
            metavar="DIR",
            help="show the files of photos in this folder (default: the setting FILES_STORE)",
        )

    def work(self, reader: Reader, args: list[str], opts: argparse.Namespace) -> None:
        """Serve until a signal ends the process."""
        if args:
            raise UsageError(f"no such argument: {' '.join(args)}", print_help=False)
        assert self.settings
        try:
            from kcna_spider.web.server import serve
        except ModuleNotFoundError as error:
            raise KcnaError(f"the pages need {error.name}: pip install 'kcna_spider[search]'") from None
        folder = (
            Path(opts.warc_dir).expanduser() if opts.warc_dir else path_setting(self.settings, "WARC_DIR")
        )
        seconds = self.settings.getfloat("SEARCH_SECONDS")
        photos = _photo_folder(self.settings, opts.photo_dir)
        if not serve(reader.path, seconds, opts.host, opts.port, folder, photos, opts.allowed_host):
            self.exitcode = 2


def _photo_folder(settings: Any, option: str | None) -> Path | None:
    """Return the photo folder: the option, or FILES_STORE if it is an existing local folder, or None.

    Raise KcnaError if the folder of the option does not exist.
    """
    folder = local_folder(option or settings.get("FILES_STORE"))
    if folder and folder.is_dir():
        return folder
    if option:
        raise KcnaError(f"{option}: there is no such folder of photos")
    return None


def _port(text: str) -> int:
    """Return the number of a port. Raise argparse.ArgumentTypeError for any other text."""
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_PORT or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text}: not a port from 0 to {_LAST_PORT}")
    return int(text)
