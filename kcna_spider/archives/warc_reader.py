"""Read the responses in WARC files of this project and of other crawlers, in file order."""

from __future__ import annotations

import datetime as dt
import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecordLoader

from kcna_spider.archives.exchange import (
    STATUS_FIELD,
    TRIED_HOSTS_FIELD,
    Headers,
    RecordLocation,
    WarcResponse,
)
from kcna_spider.archives.warc_files import WarcFile
from kcna_spider.archives.warc_records import RawRecord, raw_records
from kcna_spider.text.dates import to_milliseconds
from kcna_spider.text.http_statuses import GONE, UNCHANGED

WITH_BODY = ("page", "image")
_TEXT = ("text/html", "application/xhtml", "text/plain")
_OK = 200
_REDIRECTS = (301, 302, 303, 307, 308)
_RESPONSES = ("response", "resource", "revisit")
_TYPES = (*_RESPONSES, "warcinfo", "request", "metadata", "conversion", "continuation")
_OTHER_SCHEME = re.compile(
    r"(?!https?:)[a-z][a-z0-9+.-]*:(?!//)|(?:ftp|whois|file|chrome|about)://", re.IGNORECASE
)
_GZIP = b"\x1f\x8b"
_LAST_CHUNK = b"0\r\n\r\n"
_CHUNK_SIZE = re.compile(rb"([0-9a-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n", re.IGNORECASE)
_CHUNK_END = re.compile(rb"\r?\n")
# Content types that some servers send for images, and the first bytes of images (after the `RIFF` of WebP,
# its size precedes its name)
_UNTYPED = ("application/octet-stream", "binary/octet-stream")
_IMAGE = re.compile(rb"\xff\xd8\xff|\x89PNG|GIF8|BM|RIFF....WEBP", re.DOTALL)
_LOADER = ArcWarcRecordLoader(verify_http=False)  # crawlers that drive browsers write "HTTP/2 200"


def first_timestamp(file: WarcFile) -> str:
    """Return the WARC-Date of the first record of a file, to sort files by; "" if it cannot be read."""
    try:
        with file.open() as stream:
            return next((record.headers.get("warc-date", "") for record in raw_records(stream, 0)), "")
    except OSError:
        return ""


def records(file: WarcFile, most_bytes: int, start: int = 0) -> Iterator[WarcResponse]:
    """Yield the responses, resources and revisits of one file that have an HTTP URL.

    A record that cannot be read has the kind `bad_record`, and `detail` is the reason.

    most_bytes: a record with a longer body has the kind `too_large`. start: offset of the first record.
    Raise OSError if the file cannot be read.
    """
    with file.open() as stream:
        for record in raw_records(stream, most_bytes, start):
            location = RecordLocation(file.name, record.offset)
            try:
                captured = (
                    _bad(record, location, record.damage)
                    if record.damage
                    else _captured(record, location, most_bytes)
                )
            except Exception as error:  # noqa: BLE001  # one damaged record must not end the file
                captured = _bad(record, location, " ".join(str(error).split())[:200] or type(error).__name__)
            if captured is not None:
                yield captured


def _bad(record: RawRecord, location: RecordLocation, why: str) -> WarcResponse:
    url = record.headers.get("warc-target-uri") or ""
    at = _moment(record.headers.get("warc-date")) or dt.datetime.fromtimestamp(0, dt.UTC)
    return WarcResponse(url, at, 0, [], b"", location, "bad_record", detail=why)


def _captured(record: RawRecord, location: RecordLocation, most_bytes: int) -> WarcResponse | None:
    kind, url = record.headers.get("warc-type", ""), record.headers.get("warc-target-uri", "").strip("<>")
    if kind not in _TYPES:
        return _bad(record, location, f"its WARC-Type is unknown: {kind[:40]}")
    if kind not in _RESPONSES or _OTHER_SCHEME.match(url):
        return None
    if not url.startswith(("http://", "https://")):
        return _bad(record, location, f"its WARC-Target-URI is no URL: {url[:200]}")
    at = _moment(record.headers.get("warc-date"))
    if at is None:
        return _bad(record, location, f"its WARC-Date is no date: {record.headers.get('warc-date', '')[:40]}")
    status, headers, stream, sent = http_message(record, kind, url)
    cut = "warc-truncated" in record.headers or "warc-segment-number" in record.headers
    content_type = _header(headers, "Content-Type").lower()
    what = "truncated" if cut else _kind(kind, status, content_type, sent)
    if what == "gone" and TRIED_HOSTS_FIELD.lower() in record.headers:
        what = "other"  # another host than the site's own may lack the page
    body = stream.read(most_bytes + 1) if what in WITH_BODY else b""
    if len(body) > most_bytes or (what in WITH_BODY and record.length > len(record.payload)):
        what, body = "too_large", b""
    elif what in WITH_BODY and _is_cut(headers, sent, body):
        what, body = "truncated", b""
    digest = record.headers.get("warc-payload-digest", "")
    kept = [pair for pair in headers if pair[0].lower() != "transfer-encoding"]
    return WarcResponse(url, at, status, kept, body, location, what, digest=digest)


def http_message(record: RawRecord, kind: str, url: str) -> tuple[int, Headers, Any, bytes]:
    """Return (status, headers, stream of the body without transfer encoding, body as sent).

    kind: WARC-Type. Raise EOFError if a response is cut off in its headers, ValueError if it has no status.
    """
    stream: Any = io.BytesIO(record.payload)
    if kind == "response" and not record.payload.startswith(b"HTTP/"):
        raise ValueError(f"it is no HTTP response, but {record.payload[:40]!r}")
    parsed = _LOADER.load_http_headers(kind, url, stream, len(record.payload))
    if parsed is None:
        given = record.headers.get(STATUS_FIELD.lower(), "")
        status = int(given) if given.isascii() and given.isdecimal() else _OK
        return status, [("Content-Type", record.headers.get("content-type", ""))], stream, record.payload
    code = str(parsed.get_statuscode() or "")
    if not (code.isascii() and code.isdecimal()):
        if kind == "revisit":
            return UNCHANGED, [], stream, b""
        raise ValueError(f"its status line has no number: {str(parsed.statusline)[:60]}")
    headers = list(parsed.headers)
    sent = record.payload[stream.tell() :]
    if "chunked" in _header(headers, "Transfer-Encoding").lower():
        end = _last_chunk(sent)
        # warcio would read trailers as part of the body.
        whole = sent[:end] + _LAST_CHUNK if end else sent
        stream = ChunkedDataReader(io.BytesIO(whole))  # returns an already decoded body unchanged
    return int(code), headers, stream, sent


def _last_chunk(sent: bytes) -> int | None:
    """Return where the last chunk of a chunked body begins, or None if the body is cut or has no chunks."""
    at = 0
    while size := _CHUNK_SIZE.match(sent, at):
        if not (length := int(size[1], 16)):
            return at
        end = _CHUNK_END.match(sent, size.end() + length)
        if not end:
            return None
        at = end.end()
    return None


def _is_cut(headers: Headers, sent: bytes, body: bytes) -> bool:
    """Return whether a body is truncated, as far as chunks, compression or Content-Length can show it.

    sent: the body with its transfer encoding, as in the record.
    """
    if "chunked" in _header(headers, "Transfer-Encoding").lower() and body != sent:
        return _last_chunk(sent) is None
    if body.startswith(_GZIP):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            unpacker.decompress(body)
        except zlib.error:
            return True
        return not unpacker.eof
    decoded = _header(headers, "Content-Encoding") and body.lstrip()[:1] == b"<"
    length = _header(headers, "Content-Length")
    return not decoded and length.isascii() and length.isdecimal() and int(length) > len(body)


def _header(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name.lower()), "")


def _kind(record_type: str, status: int, content_type: str, sent: bytes) -> str:
    """Return the kind of a record. sent: its body, to recognise an image without a type."""
    if record_type == "revisit":
        return "revisit" if status in (_OK, UNCHANGED) else "gone" if status in GONE else "other"
    if status == UNCHANGED:
        return "unchanged"
    if status in GONE:
        return "gone"
    if status in _REDIRECTS:
        return "redirect"
    untyped = not content_type or content_type.startswith(_UNTYPED)
    if status == _OK and (content_type.startswith("image/") or (untyped and _is_image(sent))):
        return "image"
    text = not content_type or content_type.startswith(_TEXT)
    return "page" if status == _OK and text else "other"


def _is_image(sent: bytes) -> bool:
    chunk = _CHUNK_SIZE.match(sent)
    return bool(_IMAGE.match(sent) or (chunk and _IMAGE.match(sent, chunk.end())))


def _moment(text: str | None) -> dt.datetime | None:
    """Parse a WARC-Date to the millisecond, the precision of MongoDB. Return None if it is malformed."""
    try:
        moment = dt.datetime.fromisoformat(text or "")
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return to_milliseconds(moment)
