"""Rate limits for clients on other machines."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from kcna_spider.web.guard import PHOTO_FILES, Guard


async def answer_to(app: Guard, client: str, path: str = "/") -> Any:
    """Return the start of the response to a request of a client."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "GET",
        "raw_path": path.encode(),
        "path": path,
        "query_string": b"",
        "headers": [],
        "client": (client, 1),
    }
    await app(scope, receive, send)
    assert any(name == b"content-security-policy" for name, _ in sent[0]["headers"])
    return sent[0]


async def status_of(app: Guard, client: str, path: str = "/") -> int:
    """Return the status of the response to a request of a client."""
    return int((await answer_to(app, client, path))["status"])


async def status_for_host(app: Guard, host: str) -> int:
    """Return the status of the response to a request with this Host header."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    headers = [(b"host", host.encode())]
    scope = {"type": "http", "method": "GET", "raw_path": b"/", "path": "/", "query_string": b""}
    await app({**scope, "headers": headers, "client": ("127.0.0.1", 1)}, receive, send)
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    ("host", "hosts", "status"),
    [
        ("127.0.0.1:6900", (), 200),
        ("localhost", (), 200),
        ("LOCALHOST:6900", (), 200),
        ("[::1]:6900", (), 200),
        ("evil.example:6900", (), 421),
        ("127.0.0.1.evil.example", (), 421),
        ("192.0.2.1", (), 421),
        ("archive.example.org", ("Archive.Example.org",), 200),
        ("evil.example", ("archive.example.org",), 421),
        ("evil.example", None, 200),
    ],
)
def test_hosts(host: str, hosts: tuple[str, ...] | None, status: int) -> None:
    """Check that a page of the web whose name points to this machine gets nothing."""
    assert asyncio.run(status_for_host(Guard(PlainTextResponse("ok"), hosts), host)) == status


def test_requests_at_once_are_limited() -> None:
    async def run() -> list[int]:
        release = asyncio.Event()

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            await release.wait()
            await PlainTextResponse("ok")(scope, receive, send)

        app = Guard(slow)
        running = [asyncio.ensure_future(status_of(app, "127.0.0.1")) for _ in range(40)]
        await asyncio.sleep(0)
        refused = await asyncio.wait_for(status_of(app, "127.0.0.1"), 10)
        release.set()
        done = await asyncio.gather(*running)
        return [refused, await status_of(app, "127.0.0.1"), *done]

    assert asyncio.run(run()) == [503, 200, *([200] * 40)]


def test_a_client_elsewhere_is_limited_and_others_are_not() -> None:
    async def run() -> None:
        app = Guard(PlainTextResponse("ok"))
        found = [await status_of(app, "192.0.2.1") for _ in range(130)]
        assert found == [200] * 120 + [429] * 10
        assert await status_of(app, "192.0.2.2") == 200
        assert {await status_of(app, "127.0.0.1") for _ in range(130)} == {200}
        assert {await status_of(app, "::1") for _ in range(130)} == {200}

    asyncio.run(run())


def test_the_limit_ends_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("kcna_spider.web.guard.time.monotonic", lambda: now[0])

    async def run() -> None:
        app = Guard(PlainTextResponse("ok"))
        found = [await status_of(app, "192.0.2.1") for _ in range(121)]
        assert found == [200] * 120 + [429]
        now[0] += 59
        assert await status_of(app, "192.0.2.1") == 429
        now[0] += 2
        assert await status_of(app, "192.0.2.1") == 200

    asyncio.run(run())


def test_a_refused_client_is_told_when_to_come_back() -> None:
    async def run() -> None:
        app = Guard(PlainTextResponse("ok"))
        for _ in range(120):
            await answer_to(app, "192.0.2.1")
        refused = await answer_to(app, "192.0.2.1")
        assert (refused["status"], dict(refused["headers"])[b"retry-after"]) == (429, b"60")

    asyncio.run(run())


def test_more_clients_than_are_counted() -> None:
    """Check that the counts start again: the first client is served, and memory is bounded."""

    async def run() -> None:
        app = Guard(PlainTextResponse("ok"))
        for _ in range(121):
            await status_of(app, "192.0.2.1")
        assert await status_of(app, "192.0.2.1") == 429
        for number in range(10_001):
            await status_of(app, f"10.0.{number // 250}.{number % 250}")
        assert await status_of(app, "192.0.2.1") == 200

    asyncio.run(run())


def test_files_of_photos_have_a_limit_of_their_own() -> None:
    """Check the separate limit: a page may show a hundred photos."""

    async def run() -> None:
        app = Guard(PlainTextResponse("ok"))
        found = [await status_of(app, "192.0.2.1", f"{PHOTO_FILES}{n}") for n in range(2_010)]
        assert found == [200] * 2_000 + [429] * 10
        assert [await status_of(app, "192.0.2.1") for _ in range(121)] == [200] * 120 + [429]

    asyncio.run(run())
