"""Serve the sample site on one port of loopback, as a forward proxy for HTTP and HTTPS.

Spiders see the real host names.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import ssl
import tempfile
import threading
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kcna_spider.sample_site.site_http import PageRequest, PageResponse
from kcna_spider.sample_site.site_state import World
from kcna_spider.sample_site.wayback_pages import LIVE_SITES, wayback

SITES = {**LIVE_SITES, "web.archive.org": wayback}

FAILS = 2  # failed requests of a faulty URL before it succeeds
FAULTS: tuple[PageResponse | None, ...] = (
    None,  # resets the connection
    PageResponse(b"<h1>503</h1>", 503),
    PageResponse(b"", 429, headers={"Retry-After": "0"}),
    PageResponse(b"<html>half of a page", headers={"Content-Length": "900"}),
    PageResponse(b"<html><head><title>Web Page Blocked</title></head><body>A filter</body></html>"),
    PageResponse(b""),
    PageResponse(bytes(range(256)) * 8),
)


class SampleSite:
    """A server of the sample site: `with SampleSite() as site: ...`.

    `site.proxy` is its URL, `site.world` its state, `site.log` the received requests. `site.responses` has
    responses for a URL that are sent before the site's own; None resets the connection.
    """

    def __init__(self, port: int = 0, world: World | None = None) -> None:
        self.port, self.world = port, world or World()
        self.log: list[PageRequest] = []
        self.responses: dict[str, list[PageResponse | None]] = {}
        self.latency = 0.0  # seconds before each response
        self.open = threading.Event()  # responses are sent only while it is set
        self.open.set()
        self.faulty = 0.0  # share of the URLs whose first FAILS requests get one of FAULTS
        self._failed: Counter[str] = Counter()
        self._tls = tls_context()
        self._up, self._thread = (
            threading.Event(),
            threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True),
        )

    def __enter__(self) -> Self:
        self._thread.start()
        self._up.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._stop.wait()
        server.close()

    @property
    def proxy(self) -> str:
        """The value for `http_proxy` and `https_proxy`."""
        return f"http://127.0.0.1:{self.port}"

    def requested(self, part: str = "") -> Counter[str]:
        """Return the number of requests for each URL that contains `part`."""
        return Counter(request.url for request in self.log if part in request.url)

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, base: str = ""
    ) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, target, _ = head[0].split(" ", 2)
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in head[1:] if line)
                }
                if method == "CONNECT":
                    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    await writer.drain()
                    await writer.start_tls(self._tls)
                    base = f"https://{target.rpartition(':')[0]}"
                    continue
                body = await reader.readexactly(int(headers.get("content-length") or 0))
                url = target if "://" in target else (base or f"http://{headers['host']}") + target
                form = dict(parse_qsl(body.decode(), keep_blank_values=True))
                request = PageRequest(method, url, headers, form)
                self.log.append(request)
                if self.latency:
                    await asyncio.sleep(self.latency)
                while not self.open.is_set():  # noqa: ASYNC110  # set in another thread
                    await asyncio.sleep(0.02)
                if not await self._send(writer, self._response(request)):
                    break
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()

    def _response(self, request: PageRequest) -> PageResponse | None:
        if prepared := self.responses.get(request.url):
            return prepared.pop(0)
        if request.full_host in self.world.hosts_down:
            return None
        number = int(hashlib.md5(request.url.encode()).hexdigest()[:8], 16)
        if (
            number % 1000 < 1000 * self.faulty
            and not request.path.endswith("/robots.txt")
            and self._failed[request.url] < FAILS
        ):
            self._failed[request.url] += 1
            return FAULTS[(number + self._failed[request.url]) % len(FAULTS)]
        site = SITES.get(request.host)
        return site(request, self.world) if site else PageResponse(b"no such host here", 502)

    async def _send(self, writer: asyncio.StreamWriter, response: PageResponse | None) -> bool:
        if response is None:
            writer.transport.abort()
            return False
        length = response.headers.get("Content-Length", str(len(response.body)))
        lines = [
            f"HTTP/1.1 {response.status} Response",
            f"Content-Type: {response.content_type}",
            f"Content-Length: {length}",
        ]
        lines += [
            f"{name.replace('_', '-')}: {value}"
            for name, value in response.headers.items()
            if name != "Content-Length"
        ]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + response.body)
        await writer.drain()
        return int(length) == len(response.body)


@cache
def tls_context() -> ssl.SSLContext:
    """Return a TLS context with a self-signed certificate for all hosts; each process creates one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sample site")])
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
    )
    builder = builder.add_extension(
        x509.SubjectAlternativeName([x509.DNSName(f"{www}{host}") for host in SITES for www in ("", "www.")]),
        critical=False,
    )
    signed = (
        builder.not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "site.pem"
        file.write_bytes(pem + signed.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(file)
    return context
