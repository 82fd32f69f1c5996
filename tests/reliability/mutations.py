"""Stored pages with the damage that sites, proxies, disks and attackers cause.

The same number gives the same page.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.responsetypes import responsetypes

PAGES = Path(__file__).parent.parent / "pages"
CASES = sorted(PAGES.glob("*/*/*.html"))
FRAGMENTS = [
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", "\u202e\u2066\u200f".encode(), b"<script>alert(1)</script>",
    b"&#xD800;&#0;&#x110000;&#99999999999;",
    (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;">]>&c;'
    ),
    b"]]>", b"<![CDATA[", b"<!--", b"-->",
    b'=HYPERLINK("x")', b"$where: 1", b"a.b.$c", b"<a href='http://[::1'>x</a>",
    b"<a href='file:///etc/passwd'>x</a>", b"<a href='javascript:x'>x</a>",
    b"<a href='http://169.254.169.254/'>x</a>", b"<a href='//evil.example/\xe2\x80\xae'>x</a>",
    b"<a href='http://kcna.kp:99999/'>x</a>", b"<base href='http://evil.example/'>", b"<meta charset=utf-7>",
    b"<meta http-equiv='Content-Type' content='text/html; charset=x-unknown'>",
    b"<table><td><form><select><svg><math><template>", b"Pyongyang, Octember 99 (KCNA) --", b"2024-13-45",
    b"[2024.02.30.]", b"9999-12-31", b"0000-00-00", b"(((((((((",
    "\u0665\u0666.\u0661\u0662.\u0662\u0660\u0662\u0664".encode(),
]  # fmt: skip
TYPES = [
    "text/html",
    "text/html; charset=utf-8",
    "text/html; charset=euc-kr",
    "text/html; charset=no-such",
    "application/json",
    "text/xml",
    "image/png",
    "",
]


def mutated(number: int) -> tuple[str, Response]:
    """Return the site and the response of a number."""
    chance = random.Random(number)
    case = CASES[chance.randrange(len(CASES))]
    about = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    body = case.read_bytes() or b"x"
    for _ in range(chance.randint(1, 5)):
        body = chance.choice(_WAYS)(body, chance) or b"x"
    kind = about["content_type"] if chance.random() < 0.8 else chance.choice(TYPES)
    headers: Any = {"Content-Type": kind} if kind else {}
    taken = (
        responsetypes.from_args(headers=headers, url=about["url"], body=body)
        if chance.random() < 0.2
        else HtmlResponse
    )
    response = taken(about["url"], headers=headers, body=body)
    assert isinstance(response, Response | TextResponse)
    return case.parts[-3], response


def _flip(body: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(body)
    for _ in range(chance.randint(1, 50)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def _cut(body: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(body))
    return body[:start] + body[start + chance.randint(1, 2000) :]


def _end(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(1, len(body) + 1)]


def _repeat(body: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(body))
    return body[:start] + body[start : start + chance.randint(1, 500)] * chance.randint(2, 200) + body[start:]


def _insert(body: bytes, chance: random.Random) -> bytes:
    """Insert a fragment at the start, or where a tag, an attribute or a text begins."""
    sign = chance.choice([b">", b'"', b"<", b"'", b""])
    places = [i for i in range(len(body)) if body[i : i + 1] == sign] if sign else [0]
    place = chance.choice(places or [0]) + len(sign)
    return body[:place] + chance.choice(FRAGMENTS) * chance.choice([1, 1, 1, 20]) + body[place:]


def _nest(body: bytes, chance: random.Random) -> bytes:
    place = body.find(b">", chance.randrange(len(body))) + 1
    return (
        body[:place]
        + chance.choice([b"<div>", b"<p>", b"<b>", b"<table><tr><td>", b"<ul><li>"])
        * chance.choice([10, 300, 3000])
        + body[place:]
    )


def _swap(body: bytes, chance: random.Random) -> bytes:
    other = CASES[chance.randrange(len(CASES))].read_bytes() or b"x"
    start = chance.randrange(len(other))
    return (
        body[: chance.randrange(len(body))]
        + other[start : start + 3000]
        + body[chance.randrange(len(body)) :]
    )


_WAYS = [_flip, _cut, _end, _repeat, _insert, _insert, _insert, _nest, _swap]
