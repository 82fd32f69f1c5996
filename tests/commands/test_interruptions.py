"""Commands write the same output after a failover, a lost cursor or a lost connection."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import bson
import pytest

from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import ROOT, Crawler
from tests.interruptions import INTERRUPTIONS, Once, settings_of
from tests.mongodb_proxy import Drop, MongodbProxy, Refuse


@pytest.fixture
def proxy(batches: StoreSettings) -> Iterator[MongodbProxy]:
    """Return a proxy before a database with several batches of articles."""
    with MongodbProxy(batches) as running:
        yield running


def text(path: Path) -> str:
    """Return the text of a file without its times of writing."""
    times = r"\d{4}-\d\d-\d\d(?:T| at | )\d\d:\d\d(:\d\dZ)?( UTC)?|\d+ \w+ \d{4} at \d\d:\d\d UTC"
    return re.sub(times, "", path.read_text(encoding="utf-8"))


def archive_file(path: Path) -> Any:
    with closing(sqlite3.connect(path)) as base:
        tables = ("articles", "texts", "copies", "revisions", "events")
        return {table: base.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def copied(path: Path) -> Any:
    (files,) = (found for found in path.iterdir() if found.is_dir())
    return {file.name: bson.decode_all(file.read_bytes()) for file in files.glob("*.bson")}


COMMANDS: dict[str, tuple[list[str], Callable[[Path], Any], list[tuple[str, int]]]] = {
    "export": (["export", "-o"], text, [("find", 3), ("getMore", 1)]),
    "revisions": (["export", "--revisions", "-o"], text, [("find", 3), ("getMore", 1)]),
    "atom": (
        ["export", "--format", "atom", "--since", "2020-01-01", "-o"],
        text,
        [("find", 1), ("getMore", 1)],
    ),
    "changes": (["changes", "--since", "2020-01-01", "-o"], text, [("find", 1), ("find", 2)]),
    "report": (["report", "-o"], text, [("aggregate", 2), ("aggregate", 8), ("find", 1)]),
    "index": (["index", "--rebuild", "--file"], archive_file, [("find", 1), ("getMore", 1), ("find", 2)]),
    "backup": (["mongo", "--backup"], copied, [("find", 1), ("getMore", 1), ("getMore", 2)]),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_twice_and_nothing_missing(proxy: MongodbProxy, tmp_path: Path, name: str) -> None:
    arguments, content, places = COMMANDS[name]
    scrapy = Crawler(settings_of(proxy), "", {"ARCHIVE_FILE": str(tmp_path / "none")})
    done = scrapy(*arguments, str(tmp_path / "whole"))
    assert done.code == 0, done.output
    expected = content(tmp_path / "whole")
    for number, (command, nth) in enumerate(places):
        action = Drop(executed=True) if number % 2 else Refuse(11602, "stepping down")
        proxy.rule = once = Once(action, command, nth, times=2)
        target = tmp_path / f"interrupted{number}"
        done = scrapy(*arguments, str(target))
        assert once.happened, (command, nth, once.seen)
        assert done.code == 0, done.output
        assert content(target) == expected, (command, nth)
        assert f"{arguments[0]}: MongoDB at " in done.output
        assert "became unavailable; waiting for it" in done.output


def test_it_does_not_wait_for_ever(proxy: MongodbProxy) -> None:
    scrapy = Crawler(settings_of(proxy), "", {"STORE_WAIT_SECONDS": "0.5"})
    proxy.rule = lambda name, command: Refuse(11602, "stepping down") if name == "getMore" else None
    done = scrapy("export")
    assert done.code == 2
    assert "export: MongoDB at " in done.output
    assert "is unavailable" in done.output
    assert "Traceback" not in done.output


PAGE = str(ROOT / "tests" / "pages" / "kcnawatch" / "article_2016" / "greetings.html")


@pytest.mark.parametrize("action", ["11602", "dropped"])
def test_a_page_asks_again(proxy: MongodbProxy, action: str) -> None:
    proxy.rule = once = Once(INTERRUPTIONS[action], "find", 2)
    done = Crawler(settings_of(proxy), "")("page", PAGE)
    assert once.happened
    assert done.code == 0, done.output
    assert "store: not known" in done.output


def test_a_page_names_a_refusal(proxy: MongodbProxy) -> None:
    refuse = Refuse(13, "not authorized on rejects")
    proxy.rule = lambda name, command: refuse if command.get("find") == "rejects" else None
    done = Crawler(settings_of(proxy), "")("page", PAGE)
    assert "store: not authorized on rejects" in done.output
    assert "Traceback" not in done.output
