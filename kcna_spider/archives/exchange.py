"""Data classes for requests and responses that are written to or read from WARC files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

Headers = list[tuple[str, str]]
# The field of a record with the hosts of the site at which the request failed before.
TRIED_HOSTS_FIELD = "KCNA-Tried-Hosts"
# The field of the record of a rendered page with the status of the response: it has no HTTP headers.
STATUS_FIELD = "KCNA-Status"


class RecordLocation(NamedTuple):
    """The location of a record: the file's name in its folder, and the offset of the record's first byte."""

    file: str
    offset: int


@dataclass(slots=True)
class HttpExchange:
    """One request and its response. at: when the response was received (UTC).

    body: as it was sent, perhaps compressed. rendered: the body is the HTML that a browser rendered, not the
    body that was sent. cut_off: the body ended early. tried_hosts: hosts of the site at which the request
    failed before.
    """

    url: str
    at: dt.datetime
    status: int
    headers: Headers
    body: bytes
    method: str = "GET"
    request_headers: Headers = field(default_factory=list)
    request_body: bytes = b""
    rendered: bool = False
    cut_off: bool = False
    tried_hosts: tuple[str, ...] = ()


@dataclass(slots=True)
class WarcResponse:
    """A record that was read.

    kind: page (status 200 and a text body), image, redirect, gone, unchanged, revisit (the same content as an
    earlier record), truncated, too_large, bad_record or other. Only page and image have a body.
    detail: why a record is bad. digest: that of the payload, as the record states it.
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
