"""The process of the embedded server of one data folder: start it, find it, wait for it, stop it.

`server.json` in the folder has its process ID and its port. `embedded` decides who starts and stops it.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from kcna_spider.exceptions import StoreError

logger = logging.getLogger(__name__)

PROGRAM = "secantusd-py"
LOOPBACK = "127.0.0.1"  # access over the network needs a MongoDB server
# Opening 150,000 documents takes 3.3 s; a folder that was killed in mid-write is recovered first.
_START_SECONDS = 60.0
_STARTS = 3  # attempts, if a signal ends the server before it responds
_STOP_SECONDS = 20.0
_SIGNAL_SECONDS = 3.0
# Servers that this process started. Without a reference, Python warns that they still run.
_STARTED: dict[int, subprocess.Popen[bytes]] = {}


class ServerProcess:
    """The server of a data folder. path: the absolute path of the folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _state(self) -> dict[str, int]:
        try:
            state: dict[str, int] = json.loads((self.path / "server.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state

    def running(self) -> int:
        """Return the port of the running server, or 0."""
        state = self._state()
        if not state or not is_server(state["pid"]):
            return 0
        try:
            self._wait_until_ready(state["port"], lambda: None if is_server(state["pid"]) else "it ended")
        except StoreError:
            if is_server(state["pid"]):
                raise
            return 0  # it was shutting down
        return state["port"]

    def start(self, port: int = 0) -> int:
        """Start the server; return its port. port: the wanted one, 0 for that of the last server."""
        # Prefer the old port: the users of a server that died still try to reach it there.
        port = free_port(port or self._state().get("port", 0))
        for _ in range(_STARTS):
            process = self._launch(port)
            try:
                self._wait_until_ready(port, partial(_how_it_ended, process))
            except StoreError:
                if (process.returncode or 0) >= 0:
                    raise
            else:
                logger.debug(
                    "Embedded server started: pid %d, port %d, data in %s", process.pid, port, self.path
                )
                return port
        raise StoreError(
            f"The embedded database in {self.path} was killed {_STARTS} times while it started; see "
            f"{self.path / 'server.log'}"
        )

    def _launch(self, port: int) -> subprocess.Popen[bytes]:
        log = self.path / "server.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [
                    program(),
                    "--host",
                    LOOPBACK,
                    "--port",
                    str(port),
                    "--storage-path",
                    str(self.path / "db"),
                    "--log-level",
                    "WARNING",
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # so that Ctrl-C at the terminal ends the crawl, not the server
            )
        _forget_dead()
        _STARTED[process.pid] = process
        (self.path / "server.json").write_text(
            json.dumps({"pid": process.pid, "port": port}), encoding="utf-8"
        )
        return process

    def _wait_until_ready(self, port: int, ended: Callable[[], str | None]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            reason = ended()
            if reason:
                raise StoreError(
                    f"The embedded database in {self.path} did not start: {reason}; see "
                    f"{self.path / 'server.log'}"
                )
            try:
                socket.create_connection((LOOPBACK, port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise StoreError(
            f"The embedded database in {self.path} did not respond within {_START_SECONDS:.0f} s; see "
            f"{self.path / 'server.log'}"
        )

    def stop(self) -> None:
        """Stop the server and wait until its process has ended.

        A server that has just started misses the signal, so repeat it. A server that waits for a connection
        notices only after 2 s that it shall stop, so connect to it.
        """
        state = self._state()
        pid = state.get("pid", 0)
        deadline = time.monotonic() + _STOP_SECONDS
        again = 0.0
        while pid and is_server(pid) and time.monotonic() < deadline:
            if time.monotonic() >= again:
                os.kill(pid, signal.SIGTERM)
                again = time.monotonic() + _SIGNAL_SECONDS
            time.sleep(0.02)
            with suppress(OSError):
                socket.create_connection((LOOPBACK, state["port"]), timeout=1).close()
        if process := _STARTED.pop(pid, None):
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
        _forget_dead()
        (self.path / "server.json").unlink(missing_ok=True)


def _forget_dead() -> None:
    """Drop the references to servers that have ended."""
    for pid, process in list(_STARTED.items()):
        if process.poll() is not None:
            del _STARTED[pid]


def _how_it_ended(process: subprocess.Popen[bytes]) -> str | None:
    return None if process.poll() is None else f"it ended with code {process.returncode}"


def is_server(pid: int) -> bool:
    """Return whether a process is alive and, if /proc can tell, is the server (process IDs are reused)."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    command = Path(f"/proc/{pid}/cmdline")
    try:
        return not command.parent.parent.joinpath("self").exists() or PROGRAM.encode() in command.read_bytes()
    except OSError:
        return False


def program() -> str:
    """Return the path of the server's program. Raise StoreError if it is not installed."""
    beside = Path(sys.executable).with_name(PROGRAM)
    found = str(beside) if beside.exists() else shutil.which(PROGRAM)
    if not found:
        raise StoreError(
            f"MONGODB_URI=embedded needs the program {PROGRAM}: pip install secantusdb, or set MONGODB_URI "
            "to a MongoDB server"
        )
    return found


def free_port(wanted: int = 0) -> int:
    """Return the wanted port if it is free, else another free one. wanted: 0 for any port."""
    with socket.socket() as probe:
        # Without this option, the port of a server that was just killed is not free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, wanted))
        except OSError:
            probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
