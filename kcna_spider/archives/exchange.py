"""One request and its response, as they are kept in a WARC file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

Headers = list[tuple[str, str]]


class RecordLocation(NamedTuple):
    """Where a record is: the file's name in its folder, and the byte at which the record begins."""

    file: str
    offset: int


@dataclass(slots=True)
class HttpExchange:
    """One request and its response. at: when the response had arrived (UTC).

    body: as it was sent (perhaps compressed).

    rendered: the body is what a browser made of the page, not what was sent.
    """

    url: str
    at: dt.datetime
    status: int
    headers: Headers
    body: bytes
    method: str = "GET"
    asked_headers: Headers = field(default_factory=list)
    asked_body: bytes = b""
    rendered: bool = False


@dataclass(slots=True)
class WarcResponse:
    """A record that was read.

    kind: page (status 200 with a body that may be a page), redirect, gone, unchanged, or revisit (the same
    content as an earlier record). Or truncated (the record says so), too_large, bad_record, other.
    detail: why a record is bad. digest: of the payload, as the record says.
    """

    url: str
    at: dt.datetime
    status: int
    headers: Headers
    body: bytes
    location: RecordLocation
    kind: str = "page"
    digest: str = ""
    detail: str = ""
