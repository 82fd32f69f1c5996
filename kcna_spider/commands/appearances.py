"""`scrapy appearances`: write appearances as CSV, JSON Lines or iCalendar."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.exceptions import UsageError

from kcna_spider.archive_file_command import ArchiveFileCommand
from kcna_spider.export.formats import write_csv, write_jsonl
from kcna_spider.search.appearance_calendar import calendar
from kcna_spider.search.appearance_lookup import COLUMNS, AppearanceFilter, appearances, flat
from kcna_spider.search.reader import Reader
from kcna_spider.store_command import add_output, day_argument, output
from kcna_spider.text.dates import utc_now

_FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ics": "ics"}


class Command(ArchiveFileCommand):
    """Write appearances. docs/explanation/appearances.md explains the rules that find them."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Write appearances as CSV, JSON Lines or iCalendar"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--person",
            default="",
            metavar="NAME",
            help="only this person, principal or companion; default all",
        )
        parser.add_argument("--since", type=day_argument, metavar="DAY", help="from this day on (YYYY-MM-DD)")
        parser.add_argument("--until", type=day_argument, metavar="DAY", help="up to this day (YYYY-MM-DD)")
        parser.add_argument(
            "--format",
            choices=sorted(_FORMATS.values()),
            help="default by the suffix of the file (.csv, .jsonl or .ics), else csv",
        )
        add_output(parser)

    def work(self, reader: Reader, args: list[str], opts: argparse.Namespace) -> None:
        """Write a row or an event per appearance, the latest first."""
        if args:
            raise UsageError(f"no such argument: {' '.join(args)}", print_help=False)
        if opts.since and opts.until and opts.since > opts.until:
            raise UsageError(f"--since {opts.since} is after --until {opts.until}", print_help=False)
        wanted = AppearanceFilter(opts.person, "", opts.since, opts.until)
        rows = (flat(row) for row in appearances(reader, wanted))
        chosen = opts.format or _FORMATS.get(Path(opts.output).suffix.lower(), "csv")
        if chosen == "ics":
            text = calendar(rows, utc_now()).decode("utf-8")
            with output(opts.output) as file:
                file.write(text)
            return
        write = write_csv if chosen == "csv" else write_jsonl
        with output(opts.output) as file:
            write(rows, list(COLUMNS), file)
