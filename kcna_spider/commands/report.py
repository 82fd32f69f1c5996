"""`scrapy report`: write one page on the contents and gaps of the archive, for use offline and in print."""

from __future__ import annotations

import argparse
import sys

from kcna_spider.archive_file_command import add_file_option, made_from_current_file
from kcna_spider.exceptions import KcnaError
from kcna_spider.report.numbers import collect
from kcna_spider.search.file_numbers import file_numbers
from kcna_spider.search.snapshot import Snapshot
from kcna_spider.store.archive import Archive
from kcna_spider.store_command import StoreCommand, add_output, output
from kcna_spider.text.dates import utc_now


class Command(StoreCommand):
    """Write charts and tables of the whole archive."""

    def syntax(self) -> str:
        return "-o FILE.html"

    def short_desc(self) -> str:
        return "Write a report on the whole archive: days, gaps, places, copies, changes, crawls"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_output(parser)
        add_file_option(parser)

    def work(self, archive: Archive, opts: argparse.Namespace) -> None:
        """Count the numbers, draw the charts and write the page."""
        try:
            from kcna_spider.report.page import render
        except ModuleNotFoundError as error:
            raise KcnaError(f"the charts need {error.name}: pip install 'kcna_spider[report]'") from None

        def draw(snapshot: Snapshot | None) -> str:
            numbers = collect(archive.database, file_numbers(snapshot) if snapshot else None)
            return render(numbers, archive.connection.place, utc_now())

        page = made_from_current_file(self.settings, opts, archive, draw)
        with output(opts.output) as file:
            file.write(page)
        if opts.output != "-":
            print(f"report on {archive.database.name} in {opts.output}", file=sys.stderr)
