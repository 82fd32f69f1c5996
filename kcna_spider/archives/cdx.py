"""Build and parse URLs of the Wayback Machine's captures and slices of its index (CDX)."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

HOST = "web.archive.org"
INDEX = f"https://{HOST}/cdx/search/cdx"
_CAPTURE = re.compile(r"^https?://web\.archive\.org/web/(?P<stamp>\d{4,14})(?:id_|[a-z]{2}_)?/(?P<url>.+)$")
_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest")
_GOOD = "200"


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture. key: the URL as the index sorts it. stamp: YYYYMMDDhhmmss, UTC.

    original: the captured URL. digest: that of the captured content.
    """

    key: str
    stamp: str
    original: str
    digest: str

    @property
    def at(self) -> dt.datetime | None:
        """When the capture was made, or None if the index states no possible time."""
        return timestamp_of(self.stamp)

    @property
    def url(self) -> str:
        """The URL of the capture without changes by the Wayback Machine, in its usual form."""
        return f"https://{HOST}/web/{self.stamp}id_/{self.original}"

    @property
    def request_url(self) -> str:
        """The URL to request: it has one slash after the inner scheme.

        Some proxies would treat "://" in a path as the beginning of another URL.
        """
        return _request_url(self.stamp, self.original)


def capture_request_url(capture: Mapping[str, Any], url: str) -> str:
    """Return the URL to request for the capture of a URL nearest in time to another capture.

    capture: the other one; its "at" is a timestamp.
    """
    return _request_url(f"{capture['at']:%Y%m%d%H%M%S}", url)


def _request_url(stamp: str, original: str) -> str:
    return f"https://{HOST}/web/{stamp}id_/{original.replace('://', ':/', 1)}"


def index_url(pattern: str, since: dt.date | None, size: int, resume: str | None) -> str:
    """Return the URL of one slice of the index.

    pattern: URL of the pages, perhaps with `*` at the end. since: first day of capture. size: rows per slice.
    resume: key that `read_slice` returned for the slice before, None for the first slice.
    """
    query = {
        "url": pattern,
        "output": "json",
        "fl": ",".join(_FIELDS),
        "limit": size,
        "showResumeKey": "true",
        # A day begins in Pyongyang nine hours before it begins in UTC.
        **({"from": f"{since - dt.timedelta(days=1):%Y%m%d}"} if since else {}),
        **({"resumeKey": resume} if resume else {}),
    }
    filters = urlencode([("filter", "statuscode:200"), ("filter", "mimetype:text/html")])
    return f"{INDEX}?{urlencode(query)}&{filters}"


def read_slice(text: str) -> tuple[list[Capture], str | None]:
    """Return the captures of a slice and the key of the next slice, or None for the last slice.

    Raise ValueError if the text is no index.
    """
    rows = json.loads(text) if text.strip() else []
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise ValueError("the index is no table")
    resume = None
    if len(rows) >= 2 and rows[-2] == []:  # noqa: PLR2004  # an empty row, then the key
        resume = str(rows[-1][0])
        rows = rows[:-2]
    if not rows:
        return [], resume
    names = [str(name) for name in rows[0]]
    found = [dict(zip(names, map(str, row), strict=False)) for row in rows[1:]]
    good = [
        row
        for row in found
        if row.get("statuscode") == _GOOD and row.get("mimetype") in ("text/html", "application/xhtml+xml")
    ]
    return [
        Capture(row["urlkey"], row["timestamp"], row["original"], row.get("digest", "")) for row in good
    ], resume


def by_url(captures: Iterable[Capture]) -> Iterator[list[Capture]]:
    """Yield the captures of each URL in chronological order; of consecutive equal contents only the first.

    captures: those of each URL must be consecutive.
    """
    for _, group in groupby(captures, key=lambda capture: capture.key):
        distinct: list[Capture] = []
        for capture in sorted(group, key=lambda one: one.stamp):
            if not distinct or capture.digest != distinct[-1].digest:
                distinct.append(capture)
        yield distinct


def original_of(url: str) -> tuple[str, dt.datetime] | None:
    """Return (original URL, timestamp) for the URL of a capture, or None for any other URL."""
    found = _CAPTURE.match(url)
    if not found:
        return None
    timestamp = timestamp_of(found["stamp"])
    original = re.sub(r"^(https?):/+", r"\1://", found["url"])  # it may have one slash or two
    return (original if "://" in original else f"http://{original}", timestamp) if timestamp else None


def capture_of(url: str) -> dict[str, Any] | None:
    """Return the timestamp and the URL of a capture, in its usual form, or None for any other URL.

    A capture is stored in this form, whichever form was requested.
    """
    if (found := original_of(url)) is None:
        return None
    original, at = found
    return {"at": at, "url": Capture("", f"{at:%Y%m%d%H%M%S}", original, "").url}


def timestamp_of(stamp: str) -> dt.datetime | None:
    """Parse a stamp, which may be shortened: 2024, 202408, 20240811103000. Return None if it is malformed."""
    filled = stamp + "00000101000000"[len(stamp) :]
    try:
        return dt.datetime.strptime(filled, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
