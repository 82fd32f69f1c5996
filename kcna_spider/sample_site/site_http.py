"""Requests and responses of the sample site."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass
class PageRequest:
    """A request to the sample site.

    form: fields of a POST request, empty for GET. at: when it was received, in seconds of a monotonic clock.
    """

    method: str
    url: str
    headers: dict[str, str]
    form: dict[str, str] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self.full_host, self.path = parts.hostname or "", parts.path or "/"
        self.host = self.full_host.removeprefix("www.")
        self.query = {
            key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()
        }


@dataclass
class PageResponse:
    """A response of the sample site."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)


def page(text: str, encoding: str = "utf-8", status: int = 200, **headers: str) -> PageResponse:
    """Return an HTML page. headers: further ones; `_` in a name is sent as `-`."""
    body = text.encode(encoding, "xmlcharrefreplace")
    return PageResponse(body, status, f"text/html; charset={encoding}", headers)


def missing() -> PageResponse:
    """Return the error page with status 404."""
    return page("<html><head><title>404</title></head><body><h1>Not Found</h1></body></html>", status=404)
