"""A server with access control: `read` suffices for all commands that read, and `readWrite` for crawls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler
from tests.servers import DatabaseServer

USERS = {"crawler": "readWrite", "reader": "read"}


@pytest.fixture
def users(tmp_path: Path) -> Iterator[dict[str, StoreSettings]]:
    """Yield the settings of each user of a server with access control."""
    with DatabaseServer(tmp_path) as server:
        with MongoClient[Any](server.settings().uri) as client:
            for user, role in USERS.items():
                client["kcna"].command("createUser", user, pwd="secret", roles=[role])
        server.stop()
        server.options = ("--auth",)
        server.start()
        settings = server.settings()
        yield {
            user: replace(settings, uri=settings.uri.replace("://", f"://{user}:secret@")) for user in USERS
        }


def test_reading_needs_only_read(users: dict[str, StoreSettings], site: SampleSite, tmp_path: Path) -> None:
    crawler, reader = (Crawler(users[user], site.proxy) for user in ("crawler", "reader"))
    before = reader("export")
    assert (before.code, before.output.count("\n")) == (2, 1)
    assert "holds no archive" in before.output
    done = crawler("crawl", "kcna_kp", "-a", "limit=3")
    assert done.code == 0, done.output
    page = "http://www.kcna.kp/en/article/detail/1"
    commands = {
        "export": ["export", "-o", str(tmp_path / "all.jsonl")],
        "revisions": ["export", "--revisions", "-o", str(tmp_path / "revisions.jsonl")],
        "report": ["report", "-o", str(tmp_path / "report.html")],
        "changes": ["changes", "--since", "2024-01-01"],
        "index": ["index", "--file", str(tmp_path / "archive.sqlite")],
        "backup": ["mongo", "--backup", str(tmp_path / "copy")],
    }
    for name, arguments in commands.items():
        done = reader(*arguments)
        assert done.code == 0, f"{name}: {done.output}"
    assert len((tmp_path / "all.jsonl").read_text().splitlines()) == 3
    assert "not authorized" not in reader("page", page).output.lower()


@pytest.mark.parametrize("set_up", [False, True])
def test_a_crawl_of_a_reader_ends_with_one_line(
    set_up: bool, users: dict[str, StoreSettings], site: SampleSite
) -> None:
    if set_up:
        assert Crawler(users["crawler"], site.proxy)("mongo", "--init").code == 0
    done = Crawler(users["reader"], site.proxy)("crawl", "kcna_kp", "-s", "LOG_LEVEL=ERROR")
    assert done.code == 2
    assert done.output.count("\n") == 1
    assert "may only read the database kcna: a crawl needs the role readWrite" in done.output
    assert "secret" not in done.output
