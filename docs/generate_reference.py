"""Generate the pages of docs/reference that are derived from the code: python -m docs.generate_reference.

A test fails if the pages are not current.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import io
import tokenize
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from scrapy.cmdline import ScrapyArgumentParser
from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings
from scrapy.utils.misc import walk_modules_iter

from kcna_spider.base_spiders.archive_spider import ArchiveSpider
from kcna_spider.base_spiders.arguments import Arguments
from kcna_spider.downloadermiddlewares import meta_keys

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
SPIDERS = ("kcnawatch", "kcna_kp", "kcna_co_jp", "wayback")
_NOTE = "<!-- This page is generated: run `python -m docs.generate_reference` after a change. -->\n\n"


def pages() -> dict[str, str]:
    """Return the text of each generated page by its file name."""
    made = {
        "command-line.md": command_line(),
        "settings.md": settings(),
        "spider-arguments.md": spider_arguments(),
        "request-meta.md": request_meta(),
    }
    return {name: _NOTE + text.rstrip() + "\n" for name, text in made.items()}


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


# -- Commands


def command_line() -> str:
    """Return the page about commands, from the parsers of the commands."""
    head = """# Command line

`kcna-spider` is Scrapy's command line with the settings of this project. In a checkout, `scrapy` does
the same. This page lists the commands that this project adds or extends. `kcna-spider COMMAND --help`
prints the same options. For all other commands, see
[Scrapy's documentation](https://docs.scrapy.org/en/latest/topics/commands.html).

Each command also takes Scrapy's options, among them `-s NAME=VALUE` for a setting and
`--loglevel LEVEL`. The exit code is 0 on success. `crawl` and `reparse` exit with 2 for a mistake in
an argument or a database that cannot be reached, and with 1 if they failed
([Finish reasons](finish-reasons.md)). `page` exits with 1 if the page is not a valid page of its site,
and with 2 if it cannot be fetched or read.
All other commands exit with 2 for every expected error, such as a missing file, and with 130 after
Ctrl-C.
"""
    return head + "".join(_command(name, command) for name, command in sorted(commands().items()))


def commands() -> dict[str, ScrapyCommand]:
    """Return the commands of this project by name."""
    found: dict[str, ScrapyCommand] = {}
    for module in walk_modules_iter("kcna_spider.commands"):
        if hasattr(module, "Command"):
            command = module.Command()
            command.settings = Settings(import_module("kcna_spider.settings").__dict__)
            found[module.__name__.rpartition(".")[2]] = command
    return found


def _command(name: str, command: ScrapyCommand) -> str:
    options = _options(command)
    usage = f"kcna-spider {name} {command.syntax()}".strip()
    text = f"\n## `{name}`\n\n{command.short_desc()}.\n\n```text\n{usage}\n```\n"
    if long := command.long_desc().strip():
        text += f"\n{long}\n" if long != command.short_desc() else ""
    if rows := [row for row in options if row]:
        text += "\n" + table(("option", "meaning"), rows)
    return text


def _options(command: ScrapyCommand) -> list[tuple[str, str]]:
    plain, ours = (ScrapyArgumentParser(conflict_handler="resolve") for _ in range(2))
    ScrapyCommand.add_options(command, plain)
    command.add_options(ours)
    known = {action.dest for action in _actions(plain)}
    return [_option(action) for action in _actions(ours) if action.dest not in known]


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return parser._actions  # noqa: SLF001  # argparse has no public list of its options


def _option(action: argparse.Action) -> tuple[str, str]:
    value = f" {action.metavar or ''}".rstrip()
    if action.choices:
        value = " {" + ",".join(map(str, action.choices)) + "}"
    elif not action.metavar and action.nargs != 0:
        value = f" {action.dest.upper()}"
    names = ", ".join(f"`{name}{value}`" for name in action.option_strings)
    text = (action.help or "").replace("%%", "%")
    if action.choices and action.default and "default" not in text:
        text = f"{text} (default {action.default})".strip()
    return names or f"`{action.dest}`", text


# -- Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Setting:
    """A setting. default: as source text. from_environment: whether an environment variable can set it."""

    section: str
    name: str
    default: str
    from_environment: bool
    meaning: str


def settings() -> str:
    """Return the page about settings, from the comments of settings.py."""
    head = """# Settings

All settings that differ from [Scrapy's](https://docs.scrapy.org/en/latest/topics/settings.html) or
that this project adds. Change one for a single crawl with `-s NAME=VALUE`. Those marked "yes" can
also be set in the environment. Where a project of your own imports `kcna_spider.settings`, set them
in your module.
"""
    found = list(read_settings())
    text = head
    for section in dict.fromkeys(setting.section for setting in found):
        rows = [
            (f"`{s.name}`", s.default, "yes" if s.from_environment else "", s.meaning)
            for s in found
            if s.section == section
        ]
        text += f"\n## {section}\n\n" + table(("setting", "default", "environment", "meaning"), rows)
    return text


def read_settings() -> Iterator[Setting]:
    """Yield the settings of settings.py in their order.

    A comment `# -- NAME` begins a section. The comment before or after a setting is its meaning.
    """
    source = (ROOT / "kcna_spider" / "settings.py").read_text(encoding="utf-8")
    comments = {
        token.start[0]: token.string.removeprefix("#").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    section = ""
    last = 0
    for node in ast.parse(source).body:
        before = [comments[line] for line in range(last + 1, node.lineno) if line in comments]
        last = node.end_lineno or node.lineno
        for text in before:
            section = text.removeprefix("-- ") if text.startswith("-- ") else section
        if not isinstance(node, ast.Assign) or not section:
            continue
        target = node.targets[0]
        assert isinstance(target, ast.Name)
        said = " ".join(text for text in before if not text.startswith("-- "))
        if node.lineno == node.end_lineno:
            said = said or comments.get(node.lineno, "")
        default, environment = _default(source, node.value)
        yield Setting(section, target.id, default, environment, _lower_first(said))


def _lower_first(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _default(source: str, value: ast.expr) -> tuple[str, bool]:
    environment = isinstance(value, ast.Call) and ast.unparse(value.func) == "_env"
    if environment:
        assert isinstance(value, ast.Call)
        value = value.args[1]
    text = ast.get_source_segment(source, value) or ""
    if "\n" in text or len(text) > 50:  # noqa: PLR2004  # longer ones do not fit into a table
        return "see `settings.py`", environment
    return (f"`{text}`" if text != '""' else ""), environment


# -- Spider arguments and request meta keys


def spider_arguments() -> str:
    """Return the page about spider arguments, from the `Arguments` classes of the spiders."""
    text = """# Spider arguments

Pass an argument with `-a NAME=VALUE`. An unknown or malformed argument ends the crawl before its first
request, with one line and exit code 2. Under Scrapyd, each `-d NAME=VALUE` of `schedule.json` is an
argument.
"""
    for name in SPIDERS:
        module = import_module(f"kcna_spider.spiders.{name}")
        (declared,) = (
            value.arguments_class
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, ArchiveSpider)
            if getattr(value, "name", None) == name
        )
        rows = _arguments(declared)
        text += f"\n## `{name}`\n\n" + table(("argument", "default", "meaning"), rows)
    return text


def _arguments(declared: type[Arguments]) -> Iterator[tuple[str, str, str]]:
    for field in dataclasses.fields(declared):
        yield f"`{field.name}`", _shown(field, declared), field.metadata["help"]


def _shown(field: dataclasses.Field[Any], declared: type[Arguments]) -> str:
    if field.name in declared.required:
        return "required"
    default = field.default
    if default in (None, False, ""):
        return ""
    return f"`{','.join(default) if isinstance(default, tuple) else default}`"


def request_meta() -> str:
    """Return the page about `Request.meta`, from the comments of meta_keys.py."""
    head = """# Request meta keys

The keys of `Request.meta` that this project sets or reads, besides
[Scrapy's](https://docs.scrapy.org/en/latest/topics/request-response.html#topics-request-meta). They are
declared in `kcna_spider/downloadermiddlewares/meta_keys.py`.

"""
    lines = Path(meta_keys.__file__).read_text(encoding="utf-8").splitlines()
    rows = [
        (f"`{ast.literal_eval(line.partition(' = ')[2])}`", f"`{line.partition(' = ')[0]}`", before[2:])
        for before, line in pairwise(lines)
        if " = " in line and before.startswith("# ")
    ]
    return head + table(("key", "constant", "meaning"), rows)


def main() -> None:
    """Write the generated pages."""
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
