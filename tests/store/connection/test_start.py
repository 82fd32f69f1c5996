"""The start of a connection: it waits for a server, and one line gives the reason if it fails."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pymongo import ReadPreference

from kcna_spider.exceptions import StoreError
from kcna_spider.sample_site.site_server import tls_context
from kcna_spider.store.connection.client import Connection, StoreSettings
from tests.conftest import Crawler
from tests.mongodb_proxy import Action, MongodbProxy, Refuse
from tests.servers import DatabaseServer


def with_options(settings: StoreSettings, *options: str) -> StoreSettings:
    """Return settings with further options in the URI."""
    separator = "&" if "?" in settings.uri else "?"
    return replace(settings, uri=settings.uri + separator + "&".join(options))


def refused(settings: StoreSettings) -> str:
    """Return the one-line reason why a server cannot be used."""
    with pytest.raises(StoreError) as caught:
        Connection(settings)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_server_that_is_late_is_waited_for(tmp_path: Path) -> None:
    server = DatabaseServer(tmp_path)
    starting = threading.Timer(5, server.start)  # One attempt waits for a shorter time.
    starting.start()
    try:
        with closing(Connection(server.settings())) as connection:
            assert connection.database["articles"].find_one() is None
    finally:
        starting.join()
        server.kill()


@pytest.mark.parametrize(
    ("code", "message"),
    [(8000, "bad auth : authentication failed"), (18, "Authentication failed."), (13, "not authorized")],
)
def test_a_refusal_is_named_in_full_and_at_once(store: StoreSettings, code: int, message: str) -> None:
    tries = []

    def rule(name: str, command: dict[str, Any]) -> Action | None:
        if name != "hello" or "lsid" not in command:  # The driver's own hellos have no session.
            return None
        tries.append(name)
        return Refuse(code, message)

    with MongodbProxy(store) as proxy:
        proxy.rule = rule
        line = refused(proxy.settings)
    assert f"refuses the connection: {message.rstrip('.')} (error {code})" in line
    assert "Is it running?" not in line
    assert len(tries) == 1


def test_a_starting_server_is_asked_again(store: StoreSettings) -> None:
    answers: list[Action | None] = [Refuse(6, "host unreachable"), Refuse(134, "no majority yet")]
    with MongodbProxy(store) as proxy:
        proxy.rule = lambda name, command: (
            answers.pop() if name == "hello" and "lsid" in command and answers else None
        )
        with closing(Connection(proxy.settings)):
            assert not answers


@pytest.fixture
def tls_port() -> Iterator[int]:
    """Yield a port that speaks TLS with an untrusted certificate."""
    context = tls_context()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    with suppress(OSError):
                        context.wrap_socket(client, server_side=True).close()

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def test_a_certificate_that_is_not_trusted(tls_port: int) -> None:
    line = refused(StoreSettings(f"mongodb://127.0.0.1:{tls_port}/?tls=true&serverSelectionTimeoutMS=2000"))
    assert "certificate verify failed" in line
    assert "Check tlsCAFile" in line
    assert "Topology" not in line


def test_the_database_of_the_uri(store: StoreSettings) -> None:
    host = store.uri.partition("?")[0].rpartition("/")[0]
    for uri, database, name in (
        (f"{host}/research?w=1", "", "research"),
        (f"{host}/research", "given", "given"),
        (f"{host}/", "", "kcna"),
    ):
        with closing(Connection(replace(store, uri=uri, database=database))) as connection:
            assert connection.name == connection.database.name == name


def test_decisions_are_read_from_the_primary(store: StoreSettings) -> None:
    settings = with_options(
        store, "readPreference=secondaryPreferred", "readPreferenceTags=dc:east", "appName=x"
    )
    with closing(Connection(settings)) as connection:
        assert connection.database.read_preference == ReadPreference.PRIMARY
        assert connection.database.client.options.pool_options.appname == "x"
    settings = with_options(store, "readPreference=secondaryPreferred")
    with closing(Connection(settings, reading=True)) as connection:
        assert connection.database.read_preference == ReadPreference.SECONDARY_PREFERRED


@pytest.mark.parametrize("command", [["crawl", "kcna_kp"], ["report"], ["reparse"]])
@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("MONGODB_URI", "mongodb://127.0.0.1:1/?tls=true&tlsCAFile=/no/such.pem", "tlsCAFile cannot be read"),
        ("MONGODB_DATABASE", "my db", "MONGODB_DATABASE=my db: a database's name has no ' '"),
        ("MONGODB_READ_CONCERN", "banana", "MONGODB_READ_CONCERN=banana: it is majority or local"),
    ],
)
def test_mistakes_are_one_line(
    scrapy: Crawler, tmp_path: Path, command: list[str], name: str, value: str, line: str
) -> None:
    if command == ["reparse"]:
        (tmp_path / "a.warc").touch()
        command = [*command, str(tmp_path)]
    scrapy.environment[name] = value
    done = scrapy(*command)
    assert done.code == 2, done.output
    assert line in done.output
    assert "Traceback" not in done.output
