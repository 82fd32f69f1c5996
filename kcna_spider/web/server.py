"""Serve the application over HTTP."""

from __future__ import annotations

import socket
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import uvicorn

from kcna_spider.web.app import create_app
from kcna_spider.web.guard import is_loopback

_MOST_CONNECTIONS = 400  # also idle ones; further ones get status 503


def serve(
    path: Path,
    seconds: float,
    host: str,
    port: int,
    warc_folder: Path | None = None,
    photo_folder: Path | None = None,
    names: Collection[str] = (),
) -> bool:
    """Serve an archive file until a signal ends the process; print the URL.

    seconds: time limit of one SQL statement. port: 0 for any free port. warc_folder: folder of the WARC files
    that copies name. photo_folder: folder of the photo files. names: host names under which a reverse proxy
    requests pages; on another address than loopback, any name is accepted. Return whether the server started.
    """
    if not is_loopback(host):
        print(
            f"browse: WARNING: all who reach {host} can read the archive; there is no password",
            file=sys.stderr,
            flush=True,
        )
    config = uvicorn.Config(
        create_app(path, seconds, warc_folder, photo_folder, names if is_loopback(host) else None),
        host=host,
        port=port,
        log_level="warning",
        limit_concurrency=_MOST_CONNECTIONS,
        server_header=False,
    )
    server = _Server(config)
    with suppress(KeyboardInterrupt):  # uvicorn raises the signal again after it has stopped
        server.run()
    return server.started


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in self.servers:
            for one in listening.sockets:
                host, port = one.getsockname()[:2]
                host = f"[{host}]" if ":" in host else host  # IPv6
                print(f"Browse the archive at http://{host}:{port}/ (Ctrl-C ends it)", flush=True)
