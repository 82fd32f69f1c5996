"""The embedded server: a MongoDB wire server on loopback, shared by all processes that use its data folder.

Every user of a data folder holds a shared lock on `users.lock`; the kernel releases it when the process ends,
even if it is killed. The server is started and stopped under `start.lock`: the first user starts it, the last
one stops it. A server whose users were all killed keeps running; the next user finds it by `server.json`.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO

from kcna_spider.exceptions import StoreError
from kcna_spider.file_lock import lock, require_locks

logger = logging.getLogger(__name__)

PROGRAM = "secantusd-py"
_LOOPBACK = "127.0.0.1"  # access over the network needs a MongoDB server
# Opening 150,000 documents takes 3.3 s; a folder that was killed in mid-write is recovered first.
_START_SECONDS = 60.0
_LOCK_PURPOSE = "MONGODB_URI=embedded needs Linux, macOS or WSL; set MONGODB_URI to a MongoDB server"
_STARTS = 3  # attempts, if a signal ends the server before it responds
_STOP_SECONDS = 20.0
_SIGNAL_SECONDS = 3.0
# Servers that this process started. Without a reference, Python warns that they still run.
_STARTED: dict[int, subprocess.Popen[bytes]] = {}
# Without journal=true, killing the server loses acknowledged writes. retryWrites=true makes every later write
# slower on this server.
CLIENT_OPTIONS = "retryWrites=false&journal=true&w=1"


class EmbeddedServer:
    """One user of a data folder's server. Call `acquire()`, connect to `uri(...)`, then call `release()`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.port = 0
        self._user: IO[str] | None = None

    def uri(self, database: str) -> str:
        """Return the URI of a database, for PyMongo."""
        return f"mongodb://{_LOOPBACK}:{self.port}/{database}?{CLIENT_OPTIONS}"

    def acquire(self) -> None:
        """Start the server, or join the running one.

        Raise StoreError if it does not start, UnsupportedSystemError if the system has no file locks.
        """
        require_locks(_LOCK_PURPOSE)
        self.path.mkdir(parents=True, exist_ok=True)
        _refuse_root_for_others(self.path)
        with self._starting():
            user = self._user or _locked(self.path / "users.lock", shared=True)
            try:
                self.port = self._running() or self._start()
            except BaseException:
                user.close()
                raise
            self._user = user
        atexit.register(self.release)

    def revive(self) -> None:
        """Start the server again at the same port, if it died.

        Raise StoreError if it does not start, or if another program uses the port.
        """
        with self._starting():
            if self._user is None or (port := self._running()) == self.port:
                return
            if port or free_port(self.port) != self.port:
                raise StoreError(
                    f"The embedded database in {self.path} cannot use its port {self.port} again"
                )
            self._start(self.port)

    def release(self) -> None:
        """Release the server; its last user stops it and waits until it has ended."""
        if self._user is None:
            return
        atexit.unregister(self.release)
        with self._starting():
            self._user.close()
            self._user = None
            try:
                last = _locked(self.path / "users.lock", wait=False)
            except BlockingIOError:
                return  # others still use it
            with last:
                self._stop()

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with _locked(self.path / "start.lock"):
            yield

    def _state(self) -> dict[str, int]:
        try:
            state: dict[str, int] = json.loads((self.path / "server.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state

    def _running(self) -> int:
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

    def _start(self, port: int = 0) -> int:
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
                    _LOOPBACK,
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
                socket.create_connection((_LOOPBACK, port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise StoreError(
            f"The embedded database in {self.path} did not respond within {_START_SECONDS:.0f} s; see "
            f"{self.path / 'server.log'}"
        )

    def _stop(self) -> None:
        """Stop the server and wait until its process has ended.

        A server that has just started misses the signal, so repeat it.
        """
        pid = self._state().get("pid", 0)
        deadline = time.monotonic() + _STOP_SECONDS
        again = 0.0
        while pid and is_server(pid) and time.monotonic() < deadline:
            if time.monotonic() >= again:
                os.kill(pid, signal.SIGTERM)
                again = time.monotonic() + _SIGNAL_SECONDS
            time.sleep(0.02)
        if process := _STARTED.pop(pid, None):
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
        _forget_dead()
        (self.path / "server.json").unlink(missing_ok=True)


def _refuse_root_for_others(path: Path) -> None:
    """Raise StoreError if root is to open another user's folder: that user could not open it afterwards."""
    owner = path.stat().st_uid
    if owner and os.geteuid() == 0:
        raise StoreError(
            f"The embedded database in {path} belongs to the user {owner}: run this as that user"
        )


def _forget_dead() -> None:
    """Drop the references to servers that have ended."""
    for pid, process in list(_STARTED.items()):
        if process.poll() is not None:
            del _STARTED[pid]


def _how_it_ended(process: subprocess.Popen[bytes]) -> str | None:
    return None if process.poll() is None else f"it ended with code {process.returncode}"


def _locked(path: Path, *, shared: bool = False, wait: bool = True) -> IO[str]:
    """Return the file, open and locked; closing it releases the lock.

    Raise BlockingIOError if `wait` is false and another process holds the lock.
    """
    file = path.open("a", encoding="utf-8")
    try:
        lock(file, _LOCK_PURPOSE, shared=shared, wait=wait)
    except BlockingIOError:
        file.close()
        raise
    return file


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
            probe.bind((_LOOPBACK, wanted))
        except OSError:
            probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])
