"""`scrapy trends TERM...`: how often terms occur, month by month."""

from __future__ import annotations

import argparse
import csv

from scrapy.exceptions import UsageError

from kcna_spider.archive_file_command import ArchiveFileCommand
from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader
from kcna_spider.search.trends import trends
from kcna_spider.store_command import add_output, output
from kcna_spider.text.dates import day_in_pyongyang, utc_now


class Command(ArchiveFileCommand):
    """Each term is a query. Beside it: how many articles there are, and how many days without any."""

    def syntax(self) -> str:
        return "[options] TERM..."

    def short_desc(self) -> str:
        return "Count how often terms occur, month by month, as CSV"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_output(parser)

    def work(self, reader: Reader, args: list[str], opts: argparse.Namespace) -> None:
        """Write a row per month."""
        if not args:
            raise UsageError("give a term, as in: scrapy trends missile dialogue", print_help=False)
        months = trends(reader, [parse(term, day_in_pyongyang(utc_now())) for term in args])
        with output(opts.output) as file:
            writer = csv.writer(file)
            headings = [heading for term in args for heading in (term, f"{term} (share)")]
            writer.writerow(["month", "articles", "days_without_articles", *headings])
            for month in months:
                shares = ["" if share is None else f"{share:.6f}" for share in month.shares()]
                cells = [cell for pair in zip(month.found, shares, strict=True) for cell in pair]
                writer.writerow([month.month, month.articles, month.days_without, *cells])
