"""The pages for an archive file with the tests' own texts, served on loopback."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp

from kcna_spider.archives.exchange import HttpExchange
from kcna_spider.archives.warc_writer import WarcFolder
from kcna_spider.search.about import write_about
from kcna_spider.search.tables import create
from kcna_spider.search.writer import Writer
from kcna_spider.web.app import create_app
from tests.processes import wait_until
from tests.search.stories import stories
from tests.search.texts import BEGIN, document, documents, revision

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>"


@dataclass
class Site:
    """A running server."""

    address: str

    def get(self, path: str) -> tuple[int, dict[str, str], str]:
        """Return the status, the headers and the body of a response."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.address + path, timeout=30) as response:
                return response.status, dict(response.headers), response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()


@pytest.fixture(scope="session")
def warc_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of WARC files."""
    return tmp_path_factory.mktemp("warc")


@pytest.fixture(scope="session")
def warc_record(warc_folder: Path) -> dict[str, Any]:
    """Return the location of an article's record."""
    page = f'<html><body class="{"wide" * 100}">{HOSTILE}<p>조선</body></html>'.encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("X-Hostile", HOSTILE)]
    writer = WarcFolder(warc_folder, "kcna-test", {"software": "a test"})
    place = writer.write(HttpExchange("http://kcnawatch.org/500", BEGIN, 200, headers, page))
    writer.close()
    return {"file": place.file, "offset": place.offset}


@pytest.fixture(scope="session")
def pages_file(tmp_path_factory: pytest.TempPathFactory, warc_record: dict[str, Any]) -> Path:
    """Return an archive file with an edited article, a withdrawn one, and one with HTML in its texts."""
    path = tmp_path_factory.mktemp("web") / "archive.sqlite"
    found = documents()
    found[0] |= {
        "texts": [{"form": "1"}, {"form": "2"}],
        "revision": 2,
        "events": [{"at": BEGIN, "kind": "edited", "url": "http://kcna.kp/0", "before": 1, "after": 2}],
    }
    found.append(document(500, "en", HOSTILE, f"{HOSTILE}\n\nA farm.", categories=[HOSTILE]))
    found[-1]["copies"][0]["record"] = warc_record
    found += stories()
    writer = Writer(path)
    create(writer.base)
    writer.write(
        found, [revision(found[0], 1, f"A zeppelin flew. {HOSTILE}"), revision(found[0], 2, found[0]["body"])]
    )
    write_about(writer.base, "a test", BEGIN)
    writer.close()
    return path


@contextmanager
def serving(app: ASGIApp) -> Iterator[Site]:
    """Serve an application on loopback."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started or not thread.is_alive())
    assert server.started
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def pages(pages_file: Path, warc_folder: Path) -> Iterator[Site]:
    """Yield the running server."""
    with serving(create_app(pages_file, 5.0, warc_folder)) as site:
        yield site
