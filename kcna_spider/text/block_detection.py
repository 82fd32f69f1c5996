"""Detect blocked responses: filter pages, bot checks, login pages, parked domains, empty or binary bodies."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any

# Bytes at the start of a page that are searched for the title. The text is never searched: an article may
# contain the same words.
_HEAD = 4096
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_FORBIDDEN = 403
_SCRIPTED = re.compile(rb"document\s*\.\s*cookie\s*=|location\s*\.\s*(?:reload|replace)\s*\(")
_SEARCHED = 200_000  # bytes of a page with the status 403 that are searched for a script
_UNPACKED = 1 << 16  # bytes that are decompressed at once
_CONTROLS = bytes((*range(1, 9), *range(14, 27), *range(28, 32)))

# Pattern of a title -> reason code (documented in docs/reference/reject-reasons.md).
TITLES: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (
        re.compile(
            rb"web page blocked|access (?:to this page )?(?:has been |is )?(?:denied|blocked)|site blocked"
            rb"|warning\.or\.kr",
            re.IGNORECASE,
        ),
        "blocked",
    ),
    (
        re.compile(
            rb"just a moment|attention required|checking your browser|verify you are (?:a )?human"
            rb"|ddos-guard|are you a robot",
            re.IGNORECASE,
        ),
        "challenge",
    ),
    (
        re.compile(
            rb"^\s*(?:(?:(?:log|sign)[ -]?in(?:to|page)?|captive portal|network login)\b"
            rb"|hotspot(?:\W*$|\W+(?:log|sign)[ -]?in\b)|welcome to .{0,40}wi-?fi)",
            re.IGNORECASE,
        ),
        "login",
    ),
    (
        re.compile(
            rb"domain (?:is |name )?(?:for sale|parked|expired)|parked (?:domain|page)|buy this domain"
            rb"|this domain",
            re.IGNORECASE,
        ),
        "parked",
    ),
)


def detect_block(status: int, headers: Mapping[str, Any], body: bytes) -> str | None:
    """Return the reason code of a blocked response, or None if the response may be a page of the site.

    headers: with names in lower case, or a mapping that ignores case, such as Scrapy's.
    """
    if "cf-mitigated" in headers:
        return "challenge"
    if status in (200, _FORBIDDEN) and (title := _TITLE.search(body[:_HEAD])):
        for form, reason in TITLES:
            if form.search(title[1]):
                return reason
    if status == _FORBIDDEN and _SCRIPTED.search(body[:_SEARCHED]):
        return "challenge"
    if status == 200:  # noqa: PLR2004
        if not body.strip():
            return "empty"
        if is_binary(body):
            return "binary"
    return None


def detect_block_in_browser(status: int, body: bytes) -> str | None:
    """Return the reason code of a page in a browser, or None.

    status: that of the last response, which may be of a page that a script has replaced since.
    """
    return detect_block(200, {}, body) or (detect_block(status, {}, body) if status == _FORBIDDEN else None)


def is_binary(body: bytes) -> bool:
    """Return whether a body is not text: it has a NUL, or many control characters, near its start."""
    head = body[:1024]
    return b"\x00" in head or (len(head) - len(head.translate(None, _CONTROLS))) * 20 > len(head)


def is_whole_gzip(body: bytes, most_bytes: int) -> bool:
    """Return whether a body is a gzip stream that reaches its end.

    most_bytes: of the decompressed body, after which the rest is not checked; 0 for no limit.
    """
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    size = 0
    while not unpacker.eof and body:
        try:
            size += len(unpacker.decompress(body, _UNPACKED))
        except zlib.error:
            return False
        if most_bytes and size > most_bytes:
            return True
        body = unpacker.unconsumed_tail
    return unpacker.eof
