"""Limit the length, number and hosts of requests, and add security headers to responses."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Collection

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_MAX_TARGET = 24_000  # bytes of path and query together; a Korean query of 2,000 characters has 18,000
_MOST_AT_ONCE = 40  # requests; further ones get status 503
_MINUTE = 60.0
_MOST_A_MINUTE = 120  # requests of one client that is not on this machine
_MOST_FILES_A_MINUTE = 2_000  # photo files for one such client, because a page may show a hundred
_MOST_CLIENTS = 10_000  # counted at once; with more, all counts start again at 0
PHOTO_FILES = "/photo-files/"  # path prefix of the photo files


class Guard:
    """Refuse requests that are too long, too many or for another host; add security headers to responses.

    hosts: names under which the server may be requested, besides those of this machine; None: any. A page of
    the web may let its own name point to this machine, and could then read the responses. Clients on this
    machine may send any number of requests, one after the other.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None = ()) -> None:
        self.app = app
        self.hosts = None if hosts is None else frozenset(host.lower() for host in hosts)
        self.running = 0
        self._minute = 0.0
        self._asked: dict[tuple[str, bool], int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or pass it to the application."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        refused = self._refused(scope)
        self.running += 1
        try:
            await (refused or self.app)(scope, receive, send_guarded)
        finally:
            self.running -= 1

    def _refused(self, scope: Scope) -> Response | None:
        if len(scope["raw_path"]) + len(scope["query_string"]) > _MAX_TARGET:
            return Response("The URL is too long.\n", 414, media_type="text/plain")
        if not self._is_own(next((value for name, value in scope["headers"] if name == b"host"), b"")):
            message = "This server is not for that host name; see `scrapy browse --allowed-host`.\n"
            return Response(message, 421, media_type="text/plain")
        if self.running >= _MOST_AT_ONCE:
            return Response(
                "Too many requests at once.\n", 503, {"Retry-After": "1"}, media_type="text/plain"
            )
        client = scope["client"][0] if scope.get("client") else ""
        is_file = scope["path"].startswith(PHOTO_FILES)
        most = _MOST_FILES_A_MINUTE if is_file else _MOST_A_MINUTE
        if not client or is_loopback(client) or self._count((client, is_file)) <= most:
            return None
        headers = {"Retry-After": str(int(_MINUTE))}
        return Response("Too many requests.\n", 429, headers, media_type="text/plain")

    def _is_own(self, host: bytes) -> bool:
        """Return whether the value of a Host header names this server. Some old clients send none."""
        name = host.decode("latin-1").lower()
        name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
        return self.hosts is None or not name or is_loopback(name) or name in self.hosts

    def _count(self, client: tuple[str, bool]) -> int:
        """Count a request, and return the number of the client's requests in the current minute.

        client: its IP address, and whether it requests a photo file.
        """
        if time.monotonic() - self._minute > _MINUTE or len(self._asked) > _MOST_CLIENTS:
            self._minute, self._asked = time.monotonic(), {}
        self._asked[client] = self._asked.get(client, 0) + 1
        return self._asked[client]


def is_loopback(host: str) -> bool:
    """Return whether an IP address is a loopback address, or a host name is `localhost`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
