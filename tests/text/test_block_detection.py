"""Detection of responses that are not real pages."""

from __future__ import annotations

import pytest

from kcna_spider.text.block_detection import detect_block, detect_block_in_browser, is_binary


def titled(title: str) -> bytes:
    """Return a page with a title."""
    return f"<html><head><title>{title}</title></head><body>some text</body></html>".encode()


LOGINS = (
    " Hotspot ", "Hotspot Login", "Hotspot: sign in", "Log into network", "LoginPage", "Welcome to WiFi4EU",
)  # fmt: skip


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (200, {}, titled("Web Page Blocked"), "blocked"),
        (200, {}, titled("Access Denied"), "blocked"),
        (403, {}, titled("Just a moment..."), "challenge"),
        (403, {"cf-mitigated": "challenge"}, b"", "challenge"),
        (200, {}, titled("Attention Required! | Cloudflare"), "challenge"),
        (200, {}, titled("Log in to the network"), "login"),
        (200, {}, titled("Sign-in"), "login"),
        *((200, {}, titled(title), "login") for title in LOGINS),
        (200, {}, titled('Signing of "Memorandum" on Transfer of Base Opposed'), None),
        (200, {}, titled("Hotspots of War Are in Asia"), None),
        (200, {}, titled("Hotspot of War | KCNA Watch"), None),
        (403, {}, b"<title>KCNA Watch</title><script>document.cookie = 'a=1'; go()</script>", "challenge"),
        (403, {}, b"<script>setTimeout(() => window.location.reload(true), 5)</script>", "challenge"),
        (403, {}, titled("Access Denied") + b"<script>document.cookie='x=1'</script>", "blocked"),
        (403, {}, titled("Forbidden"), None),
        (200, {}, titled("Bakers") + b"<script>document.cookie='visited=1'</script>", None),
        (200, {}, titled("kcna.kp - this domain may be for sale"), "parked"),
        (200, {}, b"", "empty"),
        (200, {}, b" \n ", "empty"),
        (200, {}, bytes(range(256)) * 8, "binary"),
        (200, {}, titled("KCNA | Kim Jong Un Logs In"), None),
        (200, {}, titled("U.S. Denied Access to Waters | KCNA Watch"), None),
        (404, {}, titled("Not Found"), None),
        (500, {}, b"", None),
        (200, {}, "평양".encode("euc-kr"), None),
        (200, {}, "平壌".encode("shift_jis"), None),
    ],
)
def test_no_answer(status: int, headers: dict[str, str], body: bytes, expected: str | None) -> None:
    assert detect_block(status, headers, body) == expected


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (503, titled("Just a moment..."), "challenge"),
        (403, b"<title>KCNA Watch</title><script>document.cookie = 'a=1'</script>", "challenge"),
        (200, b"<title>KCNA Watch</title><script>document.cookie = 'a=1'</script>", None),
        (403, titled("Bakers Meet"), None),
    ],
)
def test_in_a_browser(status: int, body: bytes, expected: str | None) -> None:
    assert detect_block_in_browser(status, body) == expected


def test_text_is_not_binary() -> None:
    assert not is_binary("Tabs\tand\r\nlines, 한글, кириллица".encode())
