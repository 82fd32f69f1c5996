"""`scrapy search 'QUERY'`: find articles in the archive file."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
from collections.abc import Iterable
from typing import IO, Any

from rich.console import Console
from rich.text import Text
from scrapy.exceptions import UsageError

from kcna_spider.archive_file_command import ArchiveFileCommand
from kcna_spider.search.feed import hits_as_feed
from kcna_spider.search.highlight import Highlighter
from kcna_spider.search.query import parse
from kcna_spider.search.reader import Hit, Reader
from kcna_spider.search.sql import Condition, condition
from kcna_spider.store_command import add_output, output
from kcna_spider.text.dates import day_in_pyongyang, utc_now

_FORMATS = ("table", "csv", "jsonl", "atom", "ids")
_DEFAULT_LIMIT = 20


class Command(ArchiveFileCommand):
    """Words, "phrases", OR, -word, word*, near(a b, 5), brackets and fields; see docs/search.md."""

    def syntax(self) -> str:
        return "[options] QUERY"

    def short_desc(self) -> str:
        return "Search the archive file"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--format", choices=_FORMATS, default="table")
        parser.add_argument(
            "--limit",
            type=int,
            metavar="NUMBER",
            help=f"articles, default {_DEFAULT_LIMIT}; 0 for all of them",
        )
        parser.add_argument("--order", choices=("newest", "oldest", "best"), default="newest")
        parser.add_argument(
            "--exact-names", action="store_true", help="search names only as written, not in other spellings"
        )
        add_output(parser)

    def work(self, reader: Reader, args: list[str], opts: argparse.Namespace) -> None:
        """Write what the query finds."""
        if not args:
            raise UsageError("give a query, as in: scrapy search 'missile date:2024'", print_help=False)
        query = parse(" ".join(args), day_in_pyongyang(utc_now()))
        found = condition(query, aliases=not opts.exact_names)
        limit = _DEFAULT_LIMIT if opts.limit is None else opts.limit or -1
        hits = reader.hits(found, limit, order=opts.order)
        highlighter = Highlighter.of(query, aliases=not opts.exact_names)
        with output(opts.output) as file:
            if opts.format == "table":
                _write_table(reader, found, hits, highlighter, file)
            else:
                _WRITERS[opts.format](reader, hits, highlighter, file)


def _write_table(
    reader: Reader, found: Condition, hits: list[Hit], highlighter: Highlighter, file: IO[str]
) -> None:
    console = Console(file=file, soft_wrap=True, highlight=False)
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


def _rows(reader: Reader, hits: list[Hit], highlighter: Highlighter) -> Iterable[dict[str, Any]]:
    for hit in hits:
        snippet = "".join(part.text for part in highlighter.snippet(reader.body(hit.number), hit.language))
        fields = dataclasses.asdict(hit)
        del fields["number"]
        yield {**fields, "snippet": snippet}


def _write_csv(reader: Reader, hits: list[Hit], highlighter: Highlighter, file: IO[str]) -> None:
    columns = [field.name for field in dataclasses.fields(Hit) if field.name != "number"]
    writer = csv.DictWriter(file, [*columns, "snippet"])
    writer.writeheader()
    writer.writerows(_rows(reader, hits, highlighter))


def _write_jsonl(reader: Reader, hits: list[Hit], highlighter: Highlighter, file: IO[str]) -> None:
    for row in _rows(reader, hits, highlighter):
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


# All writers have the same signature
def _write_ids(_reader: Reader, hits: list[Hit], _marks: Highlighter, file: IO[str]) -> None:
    file.writelines(f"{hit.id}\n" for hit in hits)


def _write_atom(reader: Reader, hits: list[Hit], _marks: Highlighter, file: IO[str]) -> None:
    file.write(hits_as_feed(reader, hits).decode("utf-8"))


_WRITERS = {"csv": _write_csv, "jsonl": _write_jsonl, "ids": _write_ids, "atom": _write_atom}
