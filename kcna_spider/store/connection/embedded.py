"""The embedded server: a MongoDB wire server on loopback, shared by all processes that use its data folder.

Every user of a data folder holds a shared lock on `users.lock`; the kernel releases it when the process ends,
even if it is killed. The server is started and stopped under `start.lock`: the first user starts it, the last
one stops it. A server whose users were all killed keeps running; the next user finds it by `server.json`.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kcna_spider.exceptions import StoreError
from kcna_spider.file_lock import lock, require_locks
from kcna_spider.store.connection.server_process import LOOPBACK, ServerProcess, free_port

_LOCK_PURPOSE = "MONGODB_URI=embedded needs Linux, macOS or WSL; set MONGODB_URI to a MongoDB server"
# Without journal=true, killing the server loses acknowledged writes. retryWrites=true makes every later write
# slower on this server.
CLIENT_OPTIONS = "retryWrites=false&journal=true&w=1"


class EmbeddedServer:
    """One user of a data folder's server. Call `acquire()`, connect to `uri(...)`, then call `release()`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.process = ServerProcess(self.path)
        self.port = 0
        self._user: IO[str] | None = None

    def uri(self, database: str) -> str:
        """Return the URI of a database, for PyMongo."""
        return f"mongodb://{LOOPBACK}:{self.port}/{database}?{CLIENT_OPTIONS}"

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
                self.port = self.process.running() or self.process.start()
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
            if self._user is None or (port := self.process.running()) == self.port:
                return
            if port or free_port(self.port) != self.port:
                raise StoreError(
                    f"The embedded database in {self.path} cannot use its port {self.port} again"
                )
            self.process.start(self.port)

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
                self.process.stop()

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with _locked(self.path / "start.lock"):
            yield


def _refuse_root_for_others(path: Path) -> None:
    """Raise StoreError if root is to open another user's folder: that user could not open it afterwards."""
    owner = path.stat().st_uid
    if owner and os.geteuid() == 0:
        raise StoreError(
            f"The embedded database in {path} belongs to the user {owner}: run this as that user"
        )


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
