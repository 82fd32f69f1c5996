"""`scrapy trends TERM...`: count the articles with each term by month."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from kcna_spider.archive_file_command import ArchiveFileCommand
from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader
from kcna_spider.search.trends import trends, write_trends
from kcna_spider.store_command import add_output, output
from kcna_spider.text.dates import day_in_pyongyang, utc_now


class Command(ArchiveFileCommand):
    """Count the articles that each term finds by month, with all articles and the days without articles.

    Each term is a query.
    """

    def syntax(self) -> str:
        return "[options] TERM..."

    def short_desc(self) -> str:
        return "Count how often terms occur, month by month, as CSV"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_output(parser)

    def work(self, reader: Reader, args: list[str], opts: argparse.Namespace) -> None:
        """Write one row per month."""
        if not args:
            raise UsageError("give a term, as in: scrapy trends missile dialogue", print_help=False)
        now = utc_now()
        months = trends(reader, [parse(term, day_in_pyongyang(now), now.date()) for term in args])
        with output(opts.output) as file:
            write_trends(args, months, file)
