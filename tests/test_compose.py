"""The Compose file and the files that it mounts fit together; `make lint` checks its syntax."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from tests.conftest import ROOT
from tests.servers import DatabaseServer
from tests.system import mongosh

COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "docker" / "env.example").read_text(encoding="utf-8")
USERS = ROOT / "docker" / "mongo-users.js"


def test_every_secret_is_in_the_example() -> None:
    needed = set(re.findall(r"(?<!\$)\$\{(\w+):\?\}", COMPOSE))
    assert {"MONGO_ROOT_PASSWORD", "MONGO_PASSWORD", "MONGO_READER_PASSWORD"} <= needed
    assert needed <= set(re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE))


def test_crawls_are_not_the_administrator() -> None:
    (uri,) = re.findall(r"MONGODB_URI: (\S+)", COMPOSE)
    assert uri == "mongodb://kcna:${MONGO_PASSWORD:?}@mongo:27017/kcna?replicaSet=rs0&authSource=kcna"
    assert f"./docker/{USERS.name}:/docker-entrypoint-initdb.d/" in COMPOSE
    named = re.findall(r"process\.env\.(\w+)", USERS.read_text(encoding="utf-8"))
    assert sorted(named) == ["MONGO_PASSWORD", "MONGO_READER_PASSWORD"]
    assert all(re.search(rf"^ +{name}: ", COMPOSE, re.MULTILINE) for name in named)


@mongosh
@pytest.mark.process
def test_the_users_have_least_privilege(tmp_path: Path) -> None:
    with DatabaseServer(tmp_path) as server:
        uri = server.settings().uri
        environment = {"MONGO_PASSWORD": "one", "MONGO_READER_PASSWORD": "two"}
        subprocess.run(
            ["mongosh", uri, "--quiet", "--norc", "--file", str(USERS)],
            check=True,
            env={**os.environ, **environment},
        )
        with MongoClient[Any](uri) as client:
            users = client["kcna"].command("usersInfo", 1)["users"]
        assert {user["user"]: user["roles"] for user in users} == {
            "kcna": [{"role": "readWrite", "db": "kcna"}],
            "reader": [{"role": "read", "db": "kcna"}],
        }
