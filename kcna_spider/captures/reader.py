"""Reads WARC files, our own and others': the answers in them, as they were sent, in the files' order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from kcna_spider.captures.exchange import Captured, Place

_SUFFIXES = (".warc", ".warc.gz")
_TEXT = ("text/html", "application/xhtml", "text/plain")
_OK, _UNCHANGED, _GONE = 200, 304, (404, 410)
_REDIRECTS = (301, 302, 303, 307, 308)


class BadWarcError(Exception):
    """A file that is no WARC file, or is damaged from some byte on; the message names file and place."""

    def __init__(self, file: Path, offset: int, why: str) -> None:
        super().__init__(f"{file}: damaged or no WARC file behind byte {offset}: {why}")
        self.file = file


def warc_files(path: Path) -> list[Path]:
    """The WARC files at a path: itself, or all in the folder and below it, by name."""
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.name.endswith(_SUFFIXES) and file.is_file())
    return [path]


def first_moment(file: Path) -> str:
    """When the first record of a file was written, as it says; nothing where it can't be read. To sort files by."""
    try:
        with file.open("rb") as stream:
            for record in WARCIterator(stream):
                return str(record.rec_headers.get_header("WARC-Date") or "")
    except (ArchiveLoadFailed, EOFError, ValueError, OSError):
        pass
    return ""


def records(file: Path, most_bytes: int) -> Iterator[Captured]:
    """The answers of one file that may matter; BadWarcError behind the last readable one. most_bytes: longer bodies are left out."""
    offset, seen = 0, False
    try:
        with file.open("rb") as stream:
            iterator = WARCIterator(stream, no_record_parse=True)  # half of the records are requests: nobody reads their headers
            for record in iterator:
                seen = True
                offset = iterator.offset  # asked for in another way, the record would be read to its end first
                if (captured := _captured(record, iterator.loader, Place(file.name, offset), most_bytes)) is not None:
                    yield captured
    except (ArchiveLoadFailed, EOFError, ValueError, OSError) as error:
        raise BadWarcError(file, offset, " ".join(str(error).split())[:200]) from None
    if not seen and file.stat().st_size:
        raise BadWarcError(file, 0, "no record in it")


def _captured(record: Any, loader: Any, place: Place, most_bytes: int) -> Captured | None:
    url = record.rec_headers.get_header("WARC-Target-URI")
    if record.rec_type not in ("response", "resource", "revisit") or not url or not url.startswith(("http://", "https://")):
        return None
    at = _moment(record.rec_headers.get_header("WARC-Date"))
    if at is None:
        return None
    try:
        answer = loader.load_http_headers(record.rec_type, url, record.raw_stream, record.length)
    except EOFError:  # cut in its headers; the records behind it may be whole
        return None
    if answer is None:
        kind = record.rec_headers.get_header("Content-Type") or ""
        status, headers = _OK, [("Content-Type", kind)]
    else:
        status = int(answer.get_statuscode() or 0)
        headers = list(answer.headers)
        kind = answer.get_header("Content-Type") or ""
    what = _kind(record.rec_type, status, kind)
    body = b""
    if what == "page":
        chunked = answer is not None and (answer.get_header("Transfer-Encoding") or "").lower() == "chunked"
        body = (ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream).read(most_bytes + 1)
        if len(body) > most_bytes:
            what, body = "other", b""
    return Captured(url, at, status, [pair for pair in headers if pair[0].lower() != "transfer-encoding"], body, place, what)


def _kind(record_type: str, status: int, content_type: str) -> str:
    if record_type == "revisit" or status == _UNCHANGED:
        return "unchanged"
    if status in _GONE:
        return "gone"
    if status in _REDIRECTS:
        return "redirect"
    text = not content_type or content_type.lower().startswith(_TEXT)
    return "page" if status == _OK and text else "other"


def _moment(text: str | None) -> dt.datetime | None:
    """A WARC-Date; to the millisecond, as MongoDB keeps it."""
    try:
        moment = dt.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return moment.astimezone(dt.UTC).replace(microsecond=moment.microsecond // 1000 * 1000)
