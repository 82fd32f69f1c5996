"""Split a WARC file into its records, and continue after damage.

A truncated or damaged record does not affect other records.

warcio stops at the first damaged record, or skips it without a warning. So this module splits the file into
records, and warcio parses only the HTTP messages in them.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from kcna_spider.archives.gzip_members import GzipMembers, next_member, positions, unpack_member

_MOST_HEADERS = 1 << 16
_MAGIC, _MARK = b"\x1f\x8b", b"WARC/"
_BEGIN = re.compile(rb"WARC/\d\.\d\r?\n[A-Za-z-]+:")
_VERSION = re.compile(rb"WARC/\d\.\d\r?\n$")
_PEEK = 512


@dataclass(slots=True)
class RawRecord:
    """One record. offset: that of the record, or of its gzip member, in the file.

    headers: WARC headers, names in lower case. payload: its beginning, perhaps all. length: size of the whole
    payload in bytes. damage: why the record cannot be read, or "" if it is intact.
    """

    offset: int
    headers: dict[str, str]
    payload: bytes = b""
    length: int = 0
    damage: str = ""


def raw_records(stream: IO[bytes], most_bytes: int, start: int = 0) -> Iterator[RawRecord]:
    """Yield the records of a WARC file, plain or compressed, in order.

    most_bytes: limit of each payload, besides its HTTP headers. start: offset at which a record begins.
    """
    stream.seek(start)
    begin = stream.read(len(_MARK))
    if begin.startswith(_MAGIC):
        yield from _of_members(stream, most_bytes, start)
    else:
        yield from _of_plain(stream, most_bytes, start)


# -- one gzip member per record, as the format requires


def _of_members(stream: IO[bytes], most_bytes: int, start: int) -> Iterator[RawRecord]:
    most = most_bytes + 2 * _MOST_HEADERS
    members = GzipMembers(stream, most, start)
    while member := members.next():
        offset, text, damage = member
        found = list(_of_plain(io.BytesIO(text), most_bytes))
        if len(found) > 1:  # one gzip member contains several records, perhaps the whole file
            with tempfile.TemporaryFile() as unpacked:
                unpack_member(stream, unpacked, offset)
                yield from _at(offset, _of_plain(unpacked, most_bytes), damage)
            members = GzipMembers(stream, most, members.offset)
        else:
            yield from _at(offset, found, damage)
        if damage:
            following = next_member(stream, offset + 1, _MARK)
            if following is None:
                return
            members = GzipMembers(stream, most, following)


def _at(offset: int, found: Iterable[RawRecord], damage: str) -> Iterator[RawRecord]:
    """Yield the records of one gzip member; its damage is reported once, with the damaged record."""
    for record in found:
        record.offset = offset
        if record.damage and damage:
            record.damage, damage = damage, ""
        yield record
    if damage:
        yield RawRecord(offset, {}, damage=damage)


# -- uncompressed records, one after the other


def _of_plain(stream: IO[bytes], most_bytes: int, start: int = 0) -> Iterator[RawRecord]:
    offset = _skip_blanks(stream, start)
    while offset is not None:
        record, end = _plain_record(stream, offset, most_bytes)
        following = None if end is None else _skip_blanks(stream, end)
        if (
            following is not None
            and end is not None
            and not _begins_record(stream, following)
            and not _is_whole(stream, record, end)
        ):
            record.damage = record.damage or "its length is wrong, or it is cut off"
        if record.damage:
            record.payload = b""
            following = _next_plain(stream, offset + 1)
        yield record
        offset = following


def _plain_record(stream: IO[bytes], offset: int, most_bytes: int) -> tuple[RawRecord, int | None]:
    """Return the record at an offset and the offset of its end, or None if the end is unknown."""
    stream.seek(offset)
    head = b""
    while not head.endswith((b"\r\n\r\n", b"\n\n")) and len(head) < _MOST_HEADERS:
        line = stream.readline(_MOST_HEADERS)
        if head and _MARK in line and _VERSION.search(line):
            return RawRecord(offset, _headers(head), damage="cut off in its headers"), None
        head += line
        if not line or (not line.strip() and head.strip()):
            break
    headers = _headers(head)
    record = RawRecord(offset, headers)
    if not head.startswith(_MARK):
        record.damage = "no WARC record"
        return record, None
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()):
        record.damage = "no length"
        return record, None
    record.length = int(length)
    record.payload = stream.read(min(record.length, most_bytes + _MOST_HEADERS))
    end = offset + len(head) + record.length
    if len(record.payload) < min(record.length, most_bytes + _MOST_HEADERS):
        record.damage = "cut off"
        return record, None
    return record, end


def _headers(head: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in head.decode("utf-8", "replace").splitlines()[1:]:
        if line[:1] in (" ", "\t") and name:
            found[name] += f" {line.strip()}"
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            found[name] = value.strip()
    return found


def _skip_blanks(stream: IO[bytes], offset: int) -> int | None:
    """Return the offset after the blank lines at an offset, or None at the end of the file."""
    stream.seek(offset)
    while chunk := stream.read(_PEEK):
        if text := chunk.lstrip(b"\r\n"):
            return offset + len(chunk) - len(text)
        offset += len(chunk)
    return None


def _begins_record(stream: IO[bytes], offset: int) -> bool:
    stream.seek(offset)
    return stream.read(len(_MARK)) == _MARK


def _is_whole(stream: IO[bytes], record: RawRecord, end: int) -> bool:
    """Return whether a record has the stated length although no record follows it directly.

    This is the case if two line ends follow it and it does not contain the start of another record.
    """
    stream.seek(end)
    return stream.read(4) == b"\r\n\r\n" and not _BEGIN.search(record.payload)


def _next_plain(stream: IO[bytes], offset: int) -> int | None:
    """Return the offset of the next record, at or after an offset, or None.

    The record may begin in the middle of a line if the record before it is truncated.
    """
    for candidate in positions(stream, _MARK, offset):
        stream.seek(candidate)
        if _BEGIN.match(stream.read(_PEEK)):
            return candidate
    return None
