"""The embedded server: one per folder, stopped by its last user, and usable again after a kill."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from kcna_spider.exceptions import StoreError
from kcna_spider.store.connection import server_process
from kcna_spider.store.connection.client import Connection, StoreSettings
from kcna_spider.store.connection.embedded import EmbeddedServer
from tests.servers import pid_of
from tests.system import linux


def test_two_users_share_it_and_the_last_one_ends_it(tmp_path: Path) -> None:
    one, two = EmbeddedServer(tmp_path), EmbeddedServer(tmp_path)
    one.acquire()
    two.acquire()
    assert one.port == two.port
    pid = pid_of(tmp_path)
    one.release()
    assert server_process.is_server(pid)
    two.release()
    assert not server_process.is_server(pid)
    assert not (tmp_path / "server.json").exists()
    two.release()  # A second release must change nothing.


def test_its_end_does_not_wait_for_a_further_connection(tmp_path: Path) -> None:
    server, seconds = server_process.ServerProcess(tmp_path), []
    for _ in range(3):
        with MongoClient[dict[str, Any]]("127.0.0.1", server.start()) as client:
            client.admin.command("ping")
        began = time.monotonic()
        server.stop()
        seconds.append(time.monotonic() - began)
    assert min(seconds) < 1.5  # The server waits 2 s for one; it ends in 0.2 s otherwise.


def test_data_outlives_a_kill_of_the_server(tmp_path: Path) -> None:
    settings = StoreSettings(path=str(tmp_path))
    first = Connection(settings)
    first.database.things.insert_many([{"_id": n} for n in range(100)])
    os.kill(pid_of(tmp_path), signal.SIGKILL)
    second = Connection(settings)
    assert second.database.things.count_documents({}) == 100
    second.close()
    first.close()


def test_a_server_that_was_ending_when_it_was_found_is_replaced(tmp_path: Path) -> None:
    wait = [sys.executable, "-c", "import time; time.sleep(1)", server_process.PROGRAM]
    with subprocess.Popen(wait) as ending:
        state = {"pid": ending.pid, "port": server_process.free_port()}
        (tmp_path / "server.json").write_text(json.dumps(state), encoding="utf-8")
        connection = Connection(StoreSettings(path=str(tmp_path)))
        assert pid_of(tmp_path) != ending.pid
        connection.close()


def test_a_server_that_dies_just_when_it_was_found_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acquire = EmbeddedServer.acquire
    killed = []

    def acquire_dying(server: EmbeddedServer) -> None:
        acquire(server)
        if not killed:
            killed.append(pid_of(tmp_path))
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(EmbeddedServer, "acquire", acquire_dying)
    connection = Connection(StoreSettings(path=str(tmp_path)))
    assert pid_of(tmp_path) not in killed
    assert connection.database.things.count_documents({}) == 0
    connection.close()


def test_a_user_that_was_killed_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import time; from pathlib import Path; "
        "from kcna_spider.store.connection.embedded import EmbeddedServer as E; "
        f"E(Path({str(tmp_path)!r})).acquire(); print('up', flush=True); time.sleep(60)"
    )
    user = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert user.stdout
    assert user.stdout.readline() == "up\n"
    pid = pid_of(tmp_path)
    user.kill()
    user.wait()
    user.stdout.close()
    assert server_process.is_server(pid), "the server must survive its user"
    server = EmbeddedServer(tmp_path)
    server.acquire()
    assert pid_of(tmp_path) == pid, "the running server was not found"
    server.release()
    deadline = time.monotonic() + 60
    while server_process.is_server(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not server_process.is_server(pid)


def test_what_does_not_start_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_process, "program", lambda: shutil.which("false"))
    with pytest.raises(StoreError, match=r"did not start: it ended with code 1; see .*server\.log"):
        EmbeddedServer(tmp_path).acquire()


def test_without_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_process, "PROGRAM", "no-such-program")
    with pytest.raises(StoreError, match="pip install secantusdb"):
        EmbeddedServer(tmp_path).acquire()


@linux
def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.acquire()
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:]
    mine = [
        line.split()[1]
        for line in listening
        if line.split()[1].endswith(f":{server.port:04X}") and line.split()[3] == "0A"
    ]
    server.release()
    assert mine == [f"0100007F:{server.port:04X}"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_root_does_not_open_the_folder_of_another_user(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    with pytest.raises(StoreError, match="belongs to the user 65534: run this as that user"):
        EmbeddedServer(folder).acquire()
    assert list(folder.iterdir()) == []
