"""With MONGODB_TEST_URI the tests use that server, and leave no databases there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pymongo import MongoClient

from tests.servers import DatabaseServer

TESTS = ("tests/store/model/test_schema.py", "tests/store/maintenance/test_backup.py")


def test_the_suite_runs_against_another_server(tmp_path: Path) -> None:
    with DatabaseServer(tmp_path) as other:
        uri = other.settings().uri
        client: MongoClient[dict[str, object]] = MongoClient(uri)
        before = set(client.list_database_names())
        commands = client.admin.command("serverStatus")["opcounters"]["insert"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS],
            env={**os.environ, "MONGODB_TEST_URI": uri},
            cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        assert client.admin.command("serverStatus")["opcounters"]["insert"] > commands
        assert set(client.list_database_names()) == before
        client.close()
