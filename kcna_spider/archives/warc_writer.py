"""Write WARC 1.1 files whose complete records survive a kill of the process.

Request and response are one gzip member each and are appended together. A file that is being written is
locked and has a marker file (`NAME.open`) until it is closed. The next crawl that opens the folder removes a
partly written record at the end of the file, and the marker.
"""

from __future__ import annotations

import datetime as dt
import http
import io
import os
import socket
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kcna_spider.archives.exchange import (
    STATUS_FIELD,
    TRIED_HOSTS_FIELD,
    Headers,
    HttpExchange,
    RecordLocation,
)
from kcna_spider.file_lock import lock, require_locks

GIGABYTE = 10**9
LOCK_PURPOSE = "WARC_DIR needs Linux, macOS or WSL; leave it empty"
_MARK = ".open"
_CHUNK = 1 << 20
# Headers that describe the transfer and not the body in the record. All other headers are kept as sent.
_TRANSFER_HEADERS = frozenset({"transfer-encoding", "content-length", "connection", "keep-alive"})


class WarcFolder:
    """Appends exchanges to the files of one crawl in a folder.

    name: prefix of the file names. about: fields of the first record of each file (software, operator, ...).
    most_bytes: largest size of a file, unless a single exchange is larger. recovered: names of the files of
    killed crawls. Raise UnsupportedSystemError if the system has no file locks.
    """

    def __init__(self, folder: Path, name: str, about: Mapping[str, str], most_bytes: int = GIGABYTE) -> None:
        require_locks(LOCK_PURPOSE)
        self.folder, self.name, self.about, self.most_bytes = folder, name, dict(about), most_bytes
        folder.mkdir(parents=True, exist_ok=True)
        self.recovered = recover(folder)
        self._number = 0
        self.descriptor = -1
        self._path = folder
        self._size = 0

    def write(self, exchange: HttpExchange) -> RecordLocation:
        """Append the request and the response; return the location of the response.

        Raise OSError if they cannot be written.
        """
        blob = _serialised(exchange)
        if self.descriptor < 0 or self._size + len(blob) > self.most_bytes:
            self.close()
            self._open()
        place = RecordLocation(self._path.name, self._size)
        self._append(blob)
        return place

    def close(self) -> None:
        """Close the file and remove its marker file."""
        if self.descriptor >= 0:
            os.fsync(self.descriptor)
            _mark_of(self._path).unlink(missing_ok=True)
            os.close(self.descriptor)
            self.descriptor = -1

    def _open(self) -> None:
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d%H%M%S")
        self._number += 1
        self._path = self.folder / f"{self.name}-{stamp}-{os.getpid()}-{self._number:05}.warc.gz"
        self.descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        lock(self.descriptor, LOCK_PURPOSE)
        _mark_of(self._path).touch()  # after the lock: `recover` of another crawl removes a mark without one
        self._size = 0
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
        writer.write_record(writer.create_warcinfo_record(self._path.name, self.about))
        self._append(out.getvalue())

    def _append(self, blob: bytes) -> None:
        before = self._size
        try:
            left = memoryview(blob)
            while left:
                left = left[os.write(self.descriptor, left) :]
        except OSError:  # for example a full disk; remove the partly written record
            os.ftruncate(self.descriptor, before)
            raise
        self._size = before + len(blob)


def _serialised(exchange: HttpExchange) -> bytes:
    """Return the records of an exchange as gzip members: response and request, or a resource."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    if exchange.rendered:  # the server did not send this body, so it is a resource and no response
        content_type = next(
            (value for name, value in exchange.headers if name.lower() == "content-type"),
            "text/html; charset=utf-8",
        )
        writer.write_record(_record(writer, exchange, "resource", warc_content_type=content_type))
    else:
        line = f"{exchange.status} {_phrase(exchange.status)}"
        headers = StatusAndHeaders(line, _kept(exchange.headers, exchange.body), protocol="HTTP/1.1")
        response = _record(writer, exchange, "response", http_headers=headers)
        request = _record(writer, exchange, "request", http_headers=_request_headers(exchange))
        writer.write_request_response_pair(request, response)
    return out.getvalue()


def _record(writer: WARCWriter, exchange: HttpExchange, kind: str, **options: Any) -> Any:
    body = exchange.request_body if kind == "request" else exchange.body
    if kind != "request":
        fields = {"WARC-Date": exchange.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
        if exchange.cut_off:
            fields["WARC-Truncated"] = "disconnect"
        if exchange.tried_hosts:
            fields[TRIED_HOSTS_FIELD] = " ".join(exchange.tried_hosts)
        if exchange.rendered:
            fields[STATUS_FIELD] = str(exchange.status)
        options["warc_headers_dict"] = fields
    return writer.create_warc_record(
        exchange.url, kind, payload=io.BytesIO(body), length=len(body), **options
    )


def _request_headers(exchange: HttpExchange) -> StatusAndHeaders:
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = [
        (name, value)
        for name, value in exchange.request_headers
        if name.lower() not in ("host", "proxy-authorization")
    ]
    line = f"{exchange.method} {target} HTTP/1.1"
    return StatusAndHeaders(line, [("Host", parts.netloc), *asked], is_http_request=True)


def _kept(headers: Headers, body: bytes) -> Headers:
    return [
        *((name, value) for name, value in headers if name.lower() not in _TRANSFER_HEADERS),
        ("Content-Length", str(len(body))),
    ]


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def about(software: str, user_agent: str, operator: str = "") -> dict[str, str]:
    """Return the fields of the first record of a file. operator: "" for none."""
    said = {
        "software": software,
        "format": "WARC File Format 1.1",
        "hostname": socket.gethostname(),
        "http-header-user-agent": user_agent,
    }
    return {**said, "robots": "obey", **({"operator": operator} if operator else {})}


def recover(folder: Path) -> list[str]:
    """Remove partly written records of killed crawls from the ends of files, and the marker files.

    Return the names of the files that killed crawls had open.
    """
    recovered = []
    for mark in folder.glob(f"*{_MARK}"):
        path = mark.with_name(mark.name.removesuffix(_MARK))
        try:
            file = path.open("r+b")
        except FileNotFoundError:
            mark.unlink(missing_ok=True)
            continue
        with file:
            try:
                lock(file, LOCK_PURPOSE, wait=False)
            except BlockingIOError:
                continue  # a running crawl has the file open
            file.truncate(whole_bytes(path))
            recovered.append(path.name)
            mark.unlink(missing_ok=True)
    return recovered


def whole_bytes(path: Path) -> int:
    """Return the size in bytes of the complete gzip members at the start of a file."""
    whole = read = 0
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            read += len(chunk)
            while chunk:
                try:
                    member.decompress(chunk)
                except zlib.error:
                    return whole
                if not member.eof:
                    break
                chunk = member.unused_data
                whole = read - len(chunk)
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return whole


def _mark_of(path: Path) -> Path:
    return path.with_name(path.name + _MARK)
