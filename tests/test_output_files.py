"""A file that a command writes is complete or absent; an earlier file is kept until it is complete."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store_command import output, output_path
from tests.conftest import Crawler
from tests.mongodb_proxy import MongodbProxy, Refuse


def test_it_replaces_the_file_when_it_is_complete(tmp_path: Path) -> None:
    target, link = tmp_path / "out.csv", tmp_path / "link.csv"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    with output(str(link)) as file:
        file.write("new\r\n")
        file.flush()
        assert target.read_text() == "old"
        assert (tmp_path / f"out.csv.{os.getpid()}.part").read_bytes() == b"new\r\n"
    assert target.read_bytes() == b"new\r\n"
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.csv", "out.csv"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")

    def fail() -> None:
        with output(str(target)) as file:
            file.write("new")
            raise error

    with pytest.raises(error):
        fail()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_a_pipe_is_written_directly(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with output_path(str(pipe)) as path:
        assert path == pipe
    with output("/dev/null") as file:
        file.write("x")


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "--format", "csv"),
        ("export", "--format", "jsonl", "--revisions"),
        ("export", "--format", "parquet"),
        ("export", "--format", "atom", "--since", "2020-01-01"),
        ("changes", "--since", "2020-01-01"),
        ("report",),
    ],
    ids=" ".join,
)
def test_a_command_that_fails_leaves_the_old_file(
    batches: StoreSettings, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    target = tmp_path / "out"
    target.write_text("old")
    with MongodbProxy(batches) as proxy:
        scrapy = Crawler(
            proxy.settings, "", {"ARCHIVE_FILE": str(tmp_path / "none"), "STORE_WAIT_SECONDS": "0"}
        )
        reads = "aggregate" if arguments == ("report",) else "find" if "changes" in arguments else "getMore"
        proxy.rule = lambda name, command: Refuse(11602, "stepping down") if name == reads else None
        if "atom" in arguments:
            proxy.rule = lambda name, command: Refuse(11602) if command.get("find") == "articles" else None
        done = scrapy(*arguments, "-o", str(target))
    assert done.code == 2, done.output
    assert done.output.count("Traceback") == 0
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"out": "old"}
