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


class DatabaseServer:
    """A MongoDB wire server that no crawl starts, so that a crawl must use it like any other server."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.options, self.port = folder, options, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def settings(self, database: str = "kcna", **more: Any) -> StoreSettings:
        """Return the settings for this server."""
        return StoreSettings(
            uri=f"mongodb://127.0.0.1:{self.port}/{database}?{CLIENT_OPTIONS}", database=database, **more
        )

    def start(self) -> None:
        """Start the server, and wait until it responds."""
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
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("the server does not respond")

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
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Value of DISTRIBUTED_REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server, and wait until it responds."""
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
            client.ping()

    def stop(self) -> None:
        """Stop the server and keep its data."""
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None
