"""`scrapy changes --since DATE`: show edited, withdrawn and restored articles, and changed photos."""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
from collections import Counter
from typing import IO

from rich.console import Console
from rich.text import Text

from kcna_spider.export.change_history import TEXT_KINDS, Change, changes
from kcna_spider.export.photo_history import PHOTO_KINDS
from kcna_spider.store.archive import Archive
from kcna_spider.store_command import StoreCommand, add_output, day_argument, output
from kcna_spider.text.dates import midnight

_STYLES = {"gone": "red strike", "new": "green bold", "skip": "dim", "same": ""}
_MARKS = {"gone": ("[-", "-]"), "new": ("{+", "+}"), "skip": ("", ""), "same": ("", "")}


class Command(StoreCommand):
    """Show edits word by word, withdrawn and restored articles, and changes of photos."""

    def syntax(self) -> str:
        return "--since DATE [options]"

    def short_desc(self) -> str:
        return "Show edited, withdrawn and restored articles, and changes of photos, since a day"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--since",
            type=day_argument,
            required=True,
            metavar="DATE",
            help="first day on which a change was noticed, YYYY-MM-DD",
        )
        parser.add_argument("--format", choices=("table", "json", "html"), default="table")
        parser.add_argument(
            "--kind",
            choices=(*TEXT_KINDS, *PHOTO_KINDS),
            action="append",
            help="only changes of this kind; may be repeated",
        )
        parser.add_argument(
            "--trivial",
            action="store_true",
            help="also edits of only white space, quotes, dashes or case",
        )
        add_output(parser)

    def work(self, archive: Archive, opts: argparse.Namespace) -> None:
        """Write the changes."""
        since = midnight(opts.since)
        found = archive.retry(lambda: changes(archive.database, since, trivial=opts.trivial))
        found = [change for change in found if not opts.kind or change.kind in opts.kind]
        write = {"table": write_table, "json": write_json, "html": write_html}[opts.format]
        with output(opts.output) as file:
            write(found, opts.since, file)


def write_table(found: list[Change], since: dt.date, file: IO[str]) -> None:
    """Write one block per change, with colours in a terminal and with marks elsewhere."""
    console = Console(file=file, soft_wrap=True, highlight=False)
    for change in found:
        console.print(
            Text(
                f"{change.at:%Y-%m-%d %H:%M} {change.kind}: {change.title} ({change.published}, "
                f"{change.site})",
                style="bold",
            )
        )
        console.print(Text(f"  {change.url}", style="dim"))
        for diff in (change.title_diff, change.body_diff):
            if any(part.kind in ("gone", "new") for part in diff):
                line = Text("  ")
                for part in diff:
                    before, after = ("", "") if console.is_terminal else _MARKS[part.kind]
                    line.append(f"{before}{part.text}{after}", style=_STYLES[part.kind])
                console.print(line)
        for mark, style, sha256 in (
            ("gone", "red", change.sha256_before),
            ("new", "green", change.sha256_after),
        ):
            if sha256:
                before, after = _MARKS[mark]
                console.print(Text(f"  {before}{sha256}{after}", style=style))
    counts = Counter(change.kind for change in found)
    console.print(
        f"{len(found)} changes since {since}: "
        + (", ".join(f"{n} {kind}" for kind, n in counts.items()) or "none")
    )


# `since` is unused because all writers have the same signature.
def write_json(found: list[Change], since: dt.date, file: IO[str]) -> None:  # noqa: ARG001
    """Write the changes as a JSON list of objects; differences are lists of {kind, text}."""
    json.dump(
        [dataclasses.asdict(change) for change in found],
        file,
        ensure_ascii=False,
        indent=1,
        default=lambda moment: moment.isoformat(),
    )
    file.write("\n")


def write_html(found: list[Change], since: dt.date, file: IO[str]) -> None:
    """Write a self-contained HTML page."""
    # Scrapy imports all commands at each start, and only this function needs Jinja.
    from jinja2 import Environment, PackageLoader

    template = Environment(loader=PackageLoader("kcna_spider", "export"), autoescape=True).get_template(
        "changes.html"
    )
    file.write(template.render(changes=found, since=since, counts=Counter(change.kind for change in found)))
