"""`scrapy export`: write articles, revisions or photos as CSV, JSON Lines or Parquet, or changes as Atom."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from scrapy.exceptions import UsageError

from kcna_spider.archive_file_command import add_file_option, current_file
from kcna_spider.export.atom import entries, write_atom
from kcna_spider.export.formats import write_csv, write_jsonl, write_parquet
from kcna_spider.export.photo_export import PHOTO_COLUMNS, photo_rows_of
from kcna_spider.export.rows import (
    ARTICLE_COLUMNS,
    REVISION_COLUMNS,
    Row,
    Wanted,
    article_rows,
    revision_rows,
)
from kcna_spider.search.file_rows import file_article_rows
from kcna_spider.store.archive import Archive
from kcna_spider.store_command import StoreCommand, add_output, day_argument, output, output_path
from kcna_spider.text.dates import midnight, utc_now

_FEED_DAYS = dt.timedelta(days=7)


class Command(StoreCommand):
    """Export one row per article, with --revisions one row per text, or with --photos one row per photo."""

    def syntax(self) -> str:
        return "--format csv|jsonl|parquet|atom [options] -o FILE"

    def short_desc(self) -> str:
        return (
            "Export articles, revisions or photos as CSV, JSON Lines or Parquet, or changes as an Atom feed"
        )

    def long_desc(self) -> str:
        """Return the description with the names of the columns."""
        return (
            f"{self.short_desc()}. The columns of articles are {', '.join(ARTICLE_COLUMNS)}. Those of "
            f"revisions are {', '.join(REVISION_COLUMNS)}. Those of photos are {', '.join(PHOTO_COLUMNS)}. "
            "See docs/reference/data-model.md for what they mean."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--format", choices=("csv", "jsonl", "parquet", "atom"), default="jsonl")
        parser.add_argument(
            "--since",
            type=day_argument,
            metavar="DATE",
            help="first day of publication, YYYY-MM-DD; with --revisions, day a text was first seen; "
            "with --format atom, day a change was noticed (default 7 days ago)",
        )
        parser.add_argument("--until", type=day_argument, metavar="DATE", help="last day, YYYY-MM-DD")
        parser.add_argument("--language", metavar="CODE", help="ISO 639-1")
        parser.add_argument("--site", metavar="SITE", help="only articles seen on this site, e.g. kcna.kp")
        parser.add_argument("--fields", metavar="NAMES", help="columns, separated by commas (default all)")
        rows = parser.add_mutually_exclusive_group()
        rows.add_argument(
            "--revisions", action="store_true", help="every distinct text instead of the current ones"
        )
        rows.add_argument("--photos", action="store_true", help="every photo of every article")
        parser.add_argument(
            "--excel",
            action="store_true",
            help="CSV for Excel, with a byte order mark and an apostrophe before = + - @",
        )
        add_output(parser)
        add_file_option(parser)

    def work(self, archive: Archive, opts: argparse.Namespace) -> None:
        """Write the rows one by one, or the feed."""
        if opts.format == "atom":
            self._feed(archive, opts)
            return
        known, what = _columns(opts)
        columns = [name.strip() for name in opts.fields.split(",")] if opts.fields else list(known)
        if unknown := [name for name in columns if name not in known]:
            raise UsageError(
                f"no such field: {', '.join(unknown)}; there are {', '.join(known)}", print_help=False
            )
        if opts.format == "parquet" and opts.output == "-":
            raise UsageError("a Parquet file cannot go to standard output: give -o FILE", print_help=False)
        if (opts.revisions or opts.photos) and opts.file:
            raise UsageError("--revisions and --photos read MongoDB only: remove --file", print_help=False)
        with self._rows(archive, opts, columns) as rows:
            if opts.format == "parquet":
                with output_path(opts.output) as path:
                    number = write_parquet(rows, columns, path)
            else:
                write: Any = partial(write_csv, excel=opts.excel) if opts.format == "csv" else write_jsonl
                with output(opts.output) as file:
                    number = write(rows, columns, file)
        if opts.output != "-":
            print(f"{number} {what} in {opts.output}", file=sys.stderr)

    @contextmanager
    def _rows(
        self, archive: Archive, opts: argparse.Namespace, columns: list[str]
    ) -> Iterator[Iterator[Row]]:
        """Yield the rows: articles from the archive file if it is current, everything else from MongoDB."""
        wanted = Wanted(opts.since, opts.until, opts.language, opts.site)
        if opts.revisions:
            yield revision_rows(archive.database, wanted, columns, archive.retry)
            return
        if opts.photos:
            yield photo_rows_of(archive.database, wanted, columns, archive.retry)
            return
        with current_file(self.settings, opts, archive, wanted) as snapshot:
            if snapshot:
                yield file_article_rows(snapshot, wanted, columns)
            else:
                yield article_rows(archive.database, wanted, columns, archive.retry)

    def _feed(self, archive: Archive, opts: argparse.Namespace) -> None:
        if opts.until or opts.fields or opts.revisions or opts.photos or opts.excel or opts.file:
            raise UsageError("--format atom takes --since, --language, --site and -o only", print_help=False)
        now = utc_now()
        since = midnight(opts.since) if opts.since else now - _FEED_DAYS
        wanted = Wanted(language=opts.language, site=opts.site)
        found = archive.retry(lambda: entries(archive.database, since, wanted))
        with output(opts.output) as file:
            file.write(write_atom(found, now).decode())
        if opts.output != "-":
            print(f"{len(found)} entries in {opts.output}", file=sys.stderr)


def _columns(opts: argparse.Namespace) -> tuple[Sequence[str], str]:
    """Return all available columns, and the plural noun for the rows in messages."""
    if opts.revisions:
        return list(REVISION_COLUMNS), "texts"
    if opts.photos:
        return list(PHOTO_COLUMNS), "photos"
    return list(ARTICLE_COLUMNS), "articles"
