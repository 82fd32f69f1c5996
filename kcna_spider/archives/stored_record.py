"""Read one record of a WARC file to show it, with limits on the bytes read.

The name of the file and the offset are untrusted data, so no other record and no file outside the folder may
be shown.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import stat
import zlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from kcna_spider.archives.cdx import original_of
from kcna_spider.archives.exchange import Headers, RecordLocation
from kcna_spider.archives.warc_reader import http_message
from kcna_spider.archives.warc_records import RawRecord, raw_records
from kcna_spider.exceptions import KcnaError
from kcna_spider.sites import canonical_url

_MOST_PAYLOAD = 8 << 20  # bytes; a crawl stores at most 4 MiB of a page
_MOST_READ = _MOST_PAYLOAD + (1 << 18)  # bytes, including the headers of the record
_CHUNK = 1 << 14
_GZIP, _WARC = b"\x1f\x8b", b"WARC/"
_SHOWN = ("response", "resource", "revisit")
_DIGESTS = ("md5", "sha1", "sha256", "sha512")


class RecordError(KcnaError):
    """A record cannot be shown. The message says why."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record. headers: WARC headers, names in lower case. status: None if it has no HTTP response.

    body: the page without transfer and content encoding, limited to the requested bytes. is_cut: whether the
    page is longer. packed: the content encoding that could not be removed, or "". digest: as the record
    states it. agrees: whether the payload has that digest, or None if that cannot be checked.
    """

    headers: dict[str, str]
    status: int | None
    http_headers: Headers
    body: bytes
    is_cut: bool
    packed: str
    digest: str
    agrees: bool | None


def read_record(folder: Path, location: RecordLocation, url: str, most_bytes: int) -> StoredRecord:
    """Return the record of a copy. url: that of the copy. most_bytes: limit of the returned body.

    folder: contains the file; paths and symbolic links that lead out of it are refused. Raise RecordError.
    """
    with _open(folder, location.file) as stream:
        record = _record_at(stream, location, url)
    kind = record.headers.get("warc-type", "")
    try:
        status, headers, body, sent = http_message(record, kind, url)
        page = body.read(_MOST_PAYLOAD)
    except Exception as error:  # parsers raise any exception for damaged records
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise _cannot_be_read(location, why) from error
    text, packed = _unpacked(page, headers, most_bytes + 1)
    digest, agrees = _digest(record, [sent, page])
    is_cut = len(text) > most_bytes or record.length > len(record.payload)
    no_http = kind == "resource"
    return StoredRecord(
        record.headers,
        None if no_http else status,
        [] if no_http else headers,
        text[:most_bytes],
        is_cut,
        packed,
        digest,
        agrees,
    )


def _open(folder: Path, name: str) -> IO[bytes]:
    if not name or name in (".", "..") or "/" in name or "\0" in name or os.sep in name:
        raise RecordError(f"{name[:200]!r} is not the name of a file in the folder of WARC files")
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe must not block
    try:
        descriptor = os.open(folder / name, flags)
    except (OSError, ValueError) as error:
        raise RecordError(f"the file {name[:200]} is not in the folder of WARC files any more") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RecordError(f"{name[:200]} is no file")
    return os.fdopen(descriptor, "rb")


def _record_at(stream: IO[bytes], location: RecordLocation, url: str) -> RawRecord:
    """Return the record of a URL at an offset, where a gzip member may contain several records."""
    offset = location.offset
    if not isinstance(offset, int) or not 0 <= offset < os.fstat(stream.fileno()).st_size:
        raise RecordError(f"the file {location.file} has no byte {offset}")
    stream.seek(offset)
    is_member = stream.read(len(_GZIP)) == _GZIP
    stream.seek(offset)
    text = _member(stream, location) if is_member else stream.read(_MOST_READ)
    if not text.startswith(_WARC):
        raise RecordError(f"the file {location.file} has no WARC record at byte {offset}")
    found = list(islice(raw_records(io.BytesIO(text), _MOST_PAYLOAD), None if is_member else 1))
    for record in found:
        if record.headers.get("warc-type") in _SHOWN and _is_of(record, url):
            if record.damage:
                raise _cannot_be_read(location, record.damage)
            return record
    if found[0].damage:
        raise _cannot_be_read(location, found[0].damage)
    other = found[0].headers
    what = f"a {other.get('warc-type', '')[:20]} record of {other.get('warc-target-uri', 'no URL')[:200]}"
    raise RecordError(f"the file {location.file} has {what} at byte {offset}, not this copy")


def _member(stream: IO[bytes], location: RecordLocation) -> bytes:
    """Return the decompressed gzip member at the stream's position, up to _MOST_READ bytes."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    pieces: list[bytes] = []
    size, begin = 0, stream.tell()
    while size < _MOST_READ and not unpacker.eof:
        chunk = unpacker.unconsumed_tail or stream.read(_CHUNK)
        if not chunk or stream.tell() - begin > _MOST_READ:
            raise _cannot_be_read(location, "it is cut off")
        try:
            pieces.append(unpacker.decompress(chunk, _MOST_READ - size))
        except zlib.error as error:
            raise _cannot_be_read(location, f"it is damaged in its compression ({error})") from error
        size += len(pieces[-1])
    return b"".join(pieces)


def _cannot_be_read(location: RecordLocation, why: str) -> RecordError:
    return RecordError(f"the record at byte {location.offset} of {location.file} cannot be read: {why}")


def _is_of(record: RawRecord, url: str) -> bool:
    """Return whether a record is of a URL in any spelling, or of a capture of it.

    Fragments are ignored, because they name one article of a page with several.
    """
    url = url.partition("#")[0]
    target = record.headers.get("warc-target-uri", "").strip("<>").partition("#")[0]
    try:
        original = original_of(target)
        held = {target, canonical_url(target), canonical_url(original[0] if original else target)}
        return bool({url, canonical_url(url)} & held)
    except ValueError:  # a malformed URL
        return target == url


def _digest(record: RawRecord, payloads: list[bytes]) -> tuple[str, bool | None]:
    """Return the digest that a record states, and whether the payload has it, None if unknown.

    payloads: the body as sent and without its transfer encoding, because crawlers digest one or the other.
    """
    digest = record.headers.get("warc-payload-digest", "")
    if not digest:
        digest, payloads = record.headers.get("warc-block-digest", ""), [record.payload]
    algorithm, _, value = digest.partition(":")
    algorithm = algorithm.lower().replace("-", "")
    is_whole = record.length == len(record.payload)
    if algorithm not in _DIGESTS or not is_whole or record.headers.get("warc-type") == "revisit":
        return digest, None
    hashes = [hashlib.new(algorithm, payload, usedforsecurity=False) for payload in payloads]
    spelled = {found.hexdigest() for found in hashes}
    spelled |= {base64.b32encode(found.digest()).decode().rstrip("=").lower() for found in hashes}
    return digest, value.rstrip("=").lower() in spelled


def _unpacked(body: bytes, headers: Headers, most_bytes: int) -> tuple[bytes, str]:
    """Return the start of a body without its content encoding, or b"" and the encoding if that fails."""
    encoding = next(
        (value.strip().lower() for name, value in headers if name.lower() == "content-encoding"), ""
    )
    if encoding in ("", "identity") or body.lstrip()[:1] == b"<":  # some crawlers store it decoded
        return body[:most_bytes], ""
    for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS) if encoding in ("gzip", "x-gzip", "deflate") else ():
        try:
            return zlib.decompressobj(bits).decompress(body, most_bytes), ""
        except zlib.error:
            continue
    return b"", encoding
