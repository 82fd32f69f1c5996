"""Decompress the members of a gzip file one by one, and find the next one after damage."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import IO

_CHUNK = 1 << 14
_PEEK = 512
_GZIP = b"\x1f\x8b\x08"


class GzipMembers:
    """The gzip members of a stream from an offset on, in order.

    most: number of bytes after which the rest of a decompressed member is dropped.
    """

    def __init__(self, stream: IO[bytes], most: int, offset: int = 0) -> None:
        self.stream, self.most, self.offset = stream, most, offset
        self.rest = b""
        stream.seek(offset)

    def next(self) -> tuple[int, bytes, str] | None:
        """Return (offset, decompressed data, damage) of the next member, or None at the end of the stream."""
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        pieces: list[bytes] = []
        size = 0
        chunk = self.rest or self.stream.read(_CHUNK)
        while chunk and not chunk.strip(b"\0"):  # padding after the last member
            self.offset += len(chunk)
            chunk = self.stream.read(_CHUNK)
        if not chunk:
            return None
        begun, end = self.offset, self.offset
        while chunk:
            end += len(chunk)
            try:
                text = unpacker.decompress(chunk)
            except zlib.error as error:
                return begun, b"".join(pieces), f"damaged in its compression ({error})"
            if size < self.most:
                pieces.append(text)
            size += len(text)
            if unpacker.eof:
                self.rest = unpacker.unused_data
                self.offset = end - len(self.rest)
                return begun, b"".join(pieces), ""
            chunk = self.stream.read(_CHUNK)
        self.rest = b""
        return begun, b"".join(pieces), "cut off"


def unpack_member(stream: IO[bytes], out: IO[bytes], offset: int) -> None:
    """Decompress the gzip member at an offset into a file, as far as it is readable."""
    stream.seek(offset)
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while not unpacker.eof and (chunk := stream.read(_CHUNK)):
        try:
            out.write(unpacker.decompress(chunk))
        except zlib.error:
            return


def next_member(stream: IO[bytes], offset: int, mark: bytes) -> int | None:
    """Return the offset of the next gzip member whose text begins with a mark, from an offset on, or None."""
    for candidate in positions(stream, _GZIP, offset):
        stream.seek(candidate)
        try:
            text = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(stream.read(_PEEK))
        except zlib.error:
            continue
        if text.startswith(mark):
            return candidate
    return None


def positions(stream: IO[bytes], mark: bytes, offset: int) -> Iterator[int]:
    """Yield each position of a mark in a stream, from an offset on."""
    kept = b""
    while True:
        stream.seek(offset + len(kept))
        chunk = stream.read(_CHUNK)
        if not chunk:
            return
        data = kept + chunk
        at = data.find(mark)
        while at >= 0:
            yield offset + at
            at = data.find(mark, at + 1)
        keep = len(mark) - 1
        offset += len(data) - len(data[-keep:])
        kept = data[-keep:]
