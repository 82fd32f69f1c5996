"""`scrapy search 'QUERY'`: find articles in the archive file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import IO, Any

from rich.console import Console
from rich.text import Text
from scrapy.exceptions import UsageError

from kcna_spider.archive_file_command import ArchiveFileCommand
from kcna_spider.export.atom import FeedHead
from kcna_spider.export.formats import write_csv, write_jsonl
from kcna_spider.search.feed import hits_as_feed
from kcna_spider.search.highlight import Highlighter
from kcna_spider.search.query import parse
from kcna_spider.search.reader import HIT_FIELDS, Hit, Reader
from kcna_spider.search.sql import Condition, condition
from kcna_spider.store_command import add_output, output
from kcna_spider.text.dates import day_in_pyongyang, utc_now

_FORMATS = ("table", "csv", "jsonl", "atom", "ids")
_DEFAULT_LIMIT = 20
_LONGEST_NUMBER = 9  # digits
_ALL = -1  # SQLite's LIMIT for no limit


class Command(ArchiveFileCommand):
    """Search with words, "phrases", OR, -word, word*, near(a b, 5), brackets and fields.

    docs/how-to/search.md describes the query language.
    """

    def syntax(self) -> str:
        return "[options] QUERY"

    def short_desc(self) -> str:
        return "Search the archive file"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--format", choices=_FORMATS, default="table")
        parser.add_argument(
            "--limit",
            type=_whole_number,
            default=_DEFAULT_LIMIT,
            metavar="NUMBER",
            help=f"articles, default {_DEFAULT_LIMIT}; 0 for all of them",
        )
        parser.add_argument("--order", choices=("newest", "oldest", "best"), default="newest")
        parser.add_argument(
            "--exact-names", action="store_true", help="search names only as written, not in other spellings"
        )
        add_output(parser)

    def work(self, reader: Reader, args: list[str], opts: argparse.Namespace) -> None:
        """Write the hits of the query."""
        if not args:
            raise UsageError("give a query, as in: scrapy search 'missile date:2024'", print_help=False)
        now = utc_now()
        query = parse(" ".join(args), day_in_pyongyang(now), now.date())
        found = condition(query, aliases=not opts.exact_names)
        hits = reader.hits(found, opts.limit or _ALL, order=opts.order)
        highlighter = Highlighter.of(query, aliases=not opts.exact_names)
        with output(opts.output) as file:
            if opts.format == "table":
                _write_table(reader, found, hits, highlighter, file)
            elif opts.format == "ids":
                file.writelines(f"{hit.id}\n" for hit in hits)
            elif opts.format == "atom":
                head = FeedHead(f"KCNA archive: {' '.join(args)}", f"search?{' '.join(args)}")
                file.write(hits_as_feed(reader, hits, head).decode("utf-8"))
            else:
                write = write_csv if opts.format == "csv" else write_jsonl
                write(_rows(reader, hits, highlighter), [*HIT_FIELDS, "snippet"], file)


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_NUMBER:
        raise argparse.ArgumentTypeError(f"{text}: not a whole number below a billion")
    return int(text)


def _write_table(
    reader: Reader, found: Condition, hits: list[Hit], highlighter: Highlighter, file: IO[str]
) -> None:
    console = Console(file=file, soft_wrap=True, highlight=False, markup=False)
    for hit in hits:
        state = "  withdrawn" if hit.withdrawn_at else "  edited" if hit.changed_at else ""
        console.print(Text(f"{hit.published}  {hit.title}", style="bold") + Text(state, style="red"))
        console.print(Text(f"  {hit.language}  {hit.place or '-'}  {hit.url}", style="dim"))
        line = Text("  ")
        for part in highlighter.snippet(reader.body(hit.number), hit.language):
            line.append(part.text, style="bold yellow" if part.marked else "")
        console.print(line)
    if found.also:
        console.print(f"also searched: {', '.join(found.also)}")
    years = reader.counts(found, "year")
    console.print(
        f"{sum(years.values())} articles, {len(hits)} shown. "
        + ", ".join(f"{y}: {n}" for y, n in years.items())
    )


def _rows(reader: Reader, hits: list[Hit], highlighter: Highlighter) -> Iterator[dict[str, Any]]:
    for hit in hits:
        snippet = highlighter.snippet(reader.body(hit.number), hit.language)
        yield {**hit.fields(), "snippet": "".join(part.text for part in snippet)}
