"""Servers that tests start, kill and start again at one port and in one folder, as an operator would."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.connection.embedded import CLIENT_OPTIONS
from kcna_spider.store.connection.server_process import free_port, program
from tests.processes import unmeasured

MEMORY_BYTES = 4 * 2**30


def memory_folder() -> Path | None:
    """Return a folder in memory that has enough space for the servers of all workers, if there is one."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > MEMORY_BYTES else None


def pid_of(path: Path) -> int:
    """Return the process id of the embedded server of a folder."""
    pid: int = json.loads((path / "server.json").read_text())["pid"]
    return pid


class PortTakenError(RuntimeError):
    """A server ended at its start, or another program listens at its port."""


class DatabaseServer:
    """A MongoDB wire server that no crawl starts, so that a crawl must use it like any other server."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.options, self.port = folder, options, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        _start_somewhere(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def settings(self, database: str = "kcna", **more: Any) -> StoreSettings:
        """Return the settings for this server."""
        return StoreSettings(
            uri=f"mongodb://127.0.0.1:{self.port}/{database}?{CLIENT_OPTIONS}", database=database, **more
        )

    def start(self) -> None:
        """Start the server, and wait until it responds. Raise PortTakenError if another one responds."""
        command = [
            program(),
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--storage-path",
            str(self.folder / "db"),
            *self.options,
        ]
        with unmeasured():
            self.process = subprocess.Popen(
                [*command, "--log-level", "ERROR"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        for _ in range(1200):
            if (code := self.process.poll()) is not None:
                raise PortTakenError(f"the server at port {self.port} ended with code {code}")
            if self._responds():
                return
            time.sleep(0.05)
        raise TimeoutError("the server does not respond")

    def _responds(self) -> bool:
        """Return whether this server responds at its port. A server of another test has another process."""
        assert self.process
        uri = f"mongodb://127.0.0.1:{self.port}/?directConnection=true&serverSelectionTimeoutMS=1000"
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            with MongoClient[Any](uri) as client:
                return client.admin.command("serverStatus")["pid"] == self.process.pid
        except OperationFailure:  # It allows the command to users only.
            return True
        except (OSError, PyMongoError):
            return False

    def stop(self) -> None:
        """Stop the server as an operator would."""
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def kill(self) -> None:
        """Kill the server, as by a power cut."""
        if self.process:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class RedisServer:
    """A real Redis that can be stopped and started again with its data."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        _start_somewhere(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Value of DISTRIBUTED_REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server, and wait until it responds. Raise PortTakenError if another one responds."""
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(self.folder),
            "--appendonly",
            "yes",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with Redis(port=self.port, retry=Retry(ConstantBackoff(0.05), 400)) as client:
            found = client.info("server")["process_id"]
        if found != self.process.pid:
            self.stop()
            raise PortTakenError(f"port {self.port} belongs to the process {found}")

    def stop(self) -> None:
        """Stop the server and keep its data."""
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None


def _start_somewhere(server: DatabaseServer | RedisServer) -> None:
    """Start a server; use another port if another program has taken the one that was free before."""
    for _ in range(4):
        try:
            server.start()
        except PortTakenError:
            server.port = free_port()
        else:
            return
    server.start()
