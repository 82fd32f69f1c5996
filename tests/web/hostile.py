"""Queries that try to break the search: handwritten ones, and random combinations of operators."""

from __future__ import annotations

import random
from urllib.parse import urlencode

from tests.web.conftest import HOSTILE, Site

PATHS = ("/", "/search.jsonl", "/api/v1/search", "/trends", "/changes")
_PAYLOADS = (
    "') OR 1=1 --", "'; DROP TABLE articles; --", '") UNION SELECT sql FROM sqlite_master --',
    "x' AND sleep(9)='", "{body} : x", "title : x", "NEAR(a b, 5)", "a NOT b", "^a", "a + b", "a AND",
    "article_index MATCH x", "../../../etc/passwd", "..\\..\\boot.ini", "file:///etc/passwd", "%2e%2e%2f",
    "\x00", "a\x00b", "%00", "\r\nX-A: b", HOSTILE, "{{7*7}}", "${7*7}", "javascript:alert(1)",
    "\u202e\u200b\ufeff", "\U0001f468\u200d\U0001f469", "\u0301\u0301\u0301", "\u1100\u1161\u11a8", "\uff41",
    "a" * 1900, "핵" * 600, "1e308", "-0", "🚀", "*", "\\", "_", "%",
)  # fmt: skip
_PLACES = (
    "{}",
    '"{}"',
    "title:{}",
    "site:{}",
    "date:{}",
    "near({} b, 3)",
    "-{}",
    "{}*",
    "once:{}",
    "a OR {}",
    "(a {})",
)
CRAFTED = [place.format(payload) for payload in _PAYLOADS for place in _PLACES] + [
    '"' * 100, "(" * 100, ")" * 100, "((((a))))", "-" * 100, "* * *", "near(* *, 3)",
    "near(a b, 999999999999)", "near(a b, -1)", "date:..", "date:0000", "date:9999-12-31..",
    "date:2024-01..2023-01", "before:0001-01-01", "after:9999-12-31", "date:2024-02-30", "changed:2024..",
    "withdrawn:x", "lang:", "OR", "OR OR", "a OR", " OR a", ":", "::", "title:title:a", "once:once:a",
    " ".join("abcdefgh" * 40), " OR ".join("abcdefgh" * 40), "-a -b -c",
]  # fmt: skip
_PARTS = (
    "bakery", "미사일", "핵", "導弹", "평양", "пекарня", "panadería", "KCNA", '"', '"new bakery"', "(", ")",
    " OR ", " ", " -", "*", "near(", ", 3)", "title:", "site:", "source:", "lang:en", "place:", "category:",
    "after:", "before:", "date:", "2024", "2024-01", "..", "2023-11-05", "changed:", "withdrawn:yes", "once:",
    "AND", "NOT", "NEAR", "^", "{", "}", "\x00",
    "'", "--", ";", "%", "_", "\\", "<b>", "&amp;", "\n", "\t", "\u202e", "1", "🚀", "=", "/", "#", "?", "+",
)  # fmt: skip


def random_query(chosen: random.Random) -> str:
    """Return some parts of the query language in random order."""
    return "".join(chosen.choice(_PARTS) for _ in range(chosen.randint(1, 14)))


def withstands(pages: Site, query: str, path: str) -> None:
    """Check that a query gets a response or an error, and that none of it becomes markup."""
    status, headers, body = pages.get(f"{path}?{urlencode({'q': query, 'term': query})}")
    assert status in (200, 400, 414), (status, query)
    assert "Traceback" not in body
    assert "<script" not in body or "html" not in headers["content-type"]
