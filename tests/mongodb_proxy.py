"""A proxy before the database that responds to chosen commands as a MongoDB server would.

It refuses commands, delays responses, and closes connections.

The real server behind it executes the commands that it forwards.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import bson

from kcna_spider.store.connection.client import StoreSettings

_MESSAGE, _CHECKSUM, _MORE_TO_COME = 2013, 1, 2  # These are OP_MSG and its flags.
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Refuse:
    """Respond with an error; the server never receives the command."""

    code: int
    message: str = "refused by the test"
    labels: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the response."""
        return {"ok": 0, "code": self.code, "errmsg": self.message, "errorLabels": list(self.labels)}


@dataclass(frozen=True)
class Delay:
    """Execute the command, and respond this many seconds later."""

    seconds: float


@dataclass(frozen=True)
class Hang:
    """Execute the command (or not), and never respond."""

    executed: bool = True


@dataclass(frozen=True)
class Drop:
    """Close the connection, before or after the command is executed."""

    executed: bool = False


@dataclass(frozen=True)
class Change:
    """Execute the command, and send the response that `change` returns."""

    change: Callable[[dict[str, Any]], dict[str, Any]]


Action = Refuse | Delay | Hang | Drop | Change
Rule = Callable[[str, dict[str, Any]], Action | None]


class MongodbProxy:
    """`with MongodbProxy(store) as proxy: proxy.rule = ...; Archive(proxy.settings)`.

    rule: is called with the name and the document of each command.
    commands: number of commands with each name.
    as_mongod: whether `hello` hides that the server is the embedded one.
    """

    def __init__(self, store: StoreSettings, *, as_mongod: bool = False) -> None:
        behind = urlsplit(store.uri)
        self.behind = (behind.hostname or "127.0.0.1", behind.port or 27017)
        self.rule: Rule = lambda name, command: None
        self.commands: Counter[str] = Counter()
        self.as_mongod = as_mongod
        self.closed = threading.Event()
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        port = self._server.server_address[1]
        uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
        self.settings = StoreSettings(uri=uri, database=store.database)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with socket.create_connection(proxy.behind) as behind:
                    try:
                        while proxy.pass_on(self.request, behind):
                            pass
                    except (ConnectionError, OSError):
                        return

        return Handler

    def pass_on(self, client: socket.socket, behind: socket.socket) -> bool:
        """Handle one message of the client; return whether the connection stays open."""
        request, opcode, body = _received(client)
        name, command = "", {}
        if opcode == _MESSAGE:
            command = _command(body)
            name = next(iter(command))
            self.commands[name] += 1
        action = self.rule(name, command) if name else None
        if isinstance(action, Refuse):
            _send(client, 0, request, _MESSAGE, _body(action.document()))
            return True
        if isinstance(action, Drop | Hang) and not action.executed:
            return self._silent(action)
        _send(behind, request, 0, opcode, body)
        if opcode == _MESSAGE and _flags(body) & _MORE_TO_COME:
            return True
        answer = _received(behind)
        if isinstance(action, Drop | Hang):
            return self._silent(action)
        if isinstance(action, Delay):
            time.sleep(action.seconds)
        self._answer(client, request, name, answer, action)
        # A monitor gets a stream of hellos.
        while answer[1] == _MESSAGE and _flags(answer[2]) & _MORE_TO_COME:
            answer = _received(behind)
            self._answer(client, request, name, answer, None)
        return True

    def _answer(
        self,
        client: socket.socket,
        request: int,
        name: str,
        answer: tuple[int, int, bytes],
        action: Action | None,
    ) -> None:
        _, opcode, body = answer
        hides = self.as_mongod and name.lower() in ("hello", "ismaster")
        if opcode == _MESSAGE and (hides or isinstance(action, Change)):
            document = _command(body)
            if hides and "setName" in document:
                document |= {"setName": "rs0", "hosts": [], "me": "127.0.0.1"}
            if isinstance(action, Change):
                document = action.change(document)
            body = body[:4] + _body(document)[4:]
        _send(client, 0, request, opcode, body)

    def _silent(self, action: Drop | Hang) -> bool:
        if isinstance(action, Hang):
            self.closed.wait(600)
        return False


def _received(connection: socket.socket) -> tuple[int, int, bytes]:
    """Return the request id, the opcode and the body of a message."""
    length, request, _, opcode = struct.unpack("<iiii", _read(connection, 16))
    return request, opcode, _read(connection, length - 16)


def _read(connection: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        if not (some := connection.recv(size - len(found))):
            raise ConnectionError
        found += some
    return bytes(found)


def _send(connection: socket.socket, number: int, answers: int, opcode: int, body: bytes) -> None:
    connection.sendall(struct.pack("<iiii", len(body) + 16, number, answers, opcode) + body)


def _flags(body: bytes) -> int:
    return int.from_bytes(body[:4], "little")


def _body(document: dict[str, Any]) -> bytes:
    return b"\0\0\0\0" + b"\0" + bson.encode(document)


def _command(body: bytes) -> dict[str, Any]:
    """Return the document of a message, with its sequences (such as the documents of an insert) as lists."""
    found: dict[str, Any] = {}
    at, end = 4, len(body) - (4 if _flags(body) & _CHECKSUM else 0)
    while at < end:
        kind = body[at]
        (size,) = struct.unpack("<i", body[at + 1 : at + 5])
        section = body[at + 1 : at + 1 + size]
        if kind == 0:
            found = bson.decode(section) | found
        else:
            name, _, documents = section[4:].partition(b"\0")
            found[name.decode()] = bson.decode_all(documents)
        at += 1 + size
    return found
