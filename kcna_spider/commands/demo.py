"""`scrapy demo`: crawl a sample site on loopback into a separate database. No real site is contacted."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from kcna_spider.store_command import one_line_errors

_FOLDER = "data/demo"


class Command(ScrapyCommand):
    """Crawl with three spiders, change the site, recheck, write the archive file and the report."""

    requires_crawler_process = False

    def short_desc(self) -> str:
        return "Crawl a sample site on loopback and write its report; no real site is contacted"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--folder", default=_FOLDER, metavar="DIR", help=f"folder for its data (default {_FOLDER})"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            raise UsageError(f"no such argument: {' '.join(args)}", print_help=False)
        # Scrapy imports all commands at each start, and few runs need the sample site.
        from kcna_spider.sample_site.demo import run_demo

        with one_line_errors(self):
            self.exitcode = run_demo(Path(opts.folder).expanduser())
