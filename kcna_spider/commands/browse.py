"""`scrapy browse`: the archive as pages, on loopback."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from kcna_spider.archive_file_command import ArchiveFileCommand
from kcna_spider.exceptions import KcnaError
from kcna_spider.search.reader import Reader

_PORT = 6900


class Command(ArchiveFileCommand):
    """Search, articles, changes, trends and a JSON API, until Ctrl-C."""

    def short_desc(self) -> str:
        return "Serve the archive file as pages on loopback"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--port", type=int, default=_PORT, metavar="PORT", help=f"default {_PORT}; 0: any free one"
        )
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            metavar="ADDRESS",
            help="another address than loopback: all who reach it can read",
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
        if not serve(reader.path, self.settings.getfloat("SEARCH_SECONDS"), opts.host, opts.port):
            self.exitcode = 2
