"""The way to the database: a URI, or the embedded server; one clear error where it can't be reached."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConfigurationError, InvalidURI, PyMongoError

from kcna_spider.exceptions import StoreError
from kcna_spider.store.connection.embedded import EmbeddedServer

EMBEDDED = "embedded"
_REACH_MILLISECONDS = 3_000
_REACH_OWN_MILLISECONDS = (
    1_500  # our own server that does not respond on loopback has died: the sooner it is started again
)
_ANY_URL = re.compile(r"(?<=://)[^\s'\"<>]+")
_SECRET = re.compile(
    r"([?&;#][^=&;#]*"
    r"(?:password|passwd|passphrase|pwd|secret|token|authMechanismProperties)[^=&;#]*=)[^&;#]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where the data is. `uri`: "embedded" or any MongoDB URI. `path`: the embedded server's data folder.

    `wait_seconds`: how long a call is retried while the database is unavailable.
    `write_concern`, `read_concern`: where the URI names none.
    """

    uri: str = EMBEDDED
    database: str = "kcna"
    path: str = "data/mongodb"
    wait_seconds: float = 3600.0
    write_concern: str = "majority"
    read_concern: str = "majority"

    @classmethod
    def from_settings(cls, settings: Any) -> StoreSettings:
        """Read the settings of a Scrapy project."""
        return cls(
            uri=settings["MONGODB_URI"],
            database=settings["MONGODB_DATABASE"],
            path=settings["MONGODB_EMBEDDED_PATH"],
            wait_seconds=settings.getfloat("STORE_WAIT_SECONDS"),
            write_concern=settings["MONGODB_WRITE_CONCERN"],
            read_concern=settings["MONGODB_READ_CONCERN"],
        )


class Connection:
    """An open connection. Close it: its last user stops the embedded server."""

    def __init__(self, settings: StoreSettings) -> None:
        self.settings = settings
        self._server: EmbeddedServer | None = None
        self._client: MongoClient[dict[str, Any]] = self._open()

    @property
    def database(self) -> Database[dict[str, Any]]:
        """The database of the settings."""
        return self._client[self.settings.database]

    @property
    def uri(self) -> str:
        """The URL in use, its password masked."""
        return masked(self._server.uri(self.settings.database) if self._server else self.settings.uri)

    def uri_of(self, database: str) -> str:
        """Return the URI of a database of this server, with its password."""
        return self._server.uri(database) if self._server else self.settings.uri

    @property
    def is_embedded(self) -> bool:
        """Whether the server is our own."""
        return self._server is not None

    @property
    def folders(self) -> list[Path]:
        """Where the data is, if on this machine."""
        return [self._server.path] if self._server else []

    @property
    def place(self) -> str:
        """Where the data is, for people."""
        return f"{self.settings.path} (embedded)" if self._server else self.uri

    @property
    def database_place(self) -> str:
        """The database and where it is, for people: what an archive file is built from."""
        return f"{self.settings.database} in {self.place}"

    def revive(self) -> None:
        """If the server is the embedded one and has died, start it again at the same port.

        Raise StoreError if it does not start.
        """
        if self._server:
            self._server.revive()

    def close(self) -> None:
        """Disconnect; safe to call twice."""
        self._client.close()
        if self._server:
            self._server.release()

    def _open(self) -> MongoClient[dict[str, Any]]:
        if self.settings.uri != EMBEDDED:
            return _connected(self.settings.uri, **_concerns(self.settings))
        self._server = server = EmbeddedServer(Path(os.path.expanduser(self.settings.path)))
        server.acquire()
        try:
            return _connected(server.uri(self.settings.database), _REACH_OWN_MILLISECONDS)
        except StoreError:
            server.release()  # it was found running and died before it responded: another is started, once
        server.acquire()
        try:
            return _connected(server.uri(self.settings.database), _REACH_OWN_MILLISECONDS)
        except StoreError:
            server.release()
            raise


def _concerns(settings: StoreSettings) -> dict[str, Any]:
    """Return the client's options: those of the settings that the URI does not name."""
    concern = settings.write_concern
    wanted = {
        "w": int(concern) if concern.isdecimal() else concern,
        "journal": True,
        "readConcernLevel": settings.read_concern,
    }
    named = {name.lower() for name in parse_qs(settings.uri.partition("?")[2])}
    return {name: value for name, value in wanted.items() if name.lower() not in named}


def _connected(
    uri: str, milliseconds: int = _REACH_MILLISECONDS, **options: Any
) -> MongoClient[dict[str, Any]]:
    """Return a client whose server has responded. Raise StoreError if it does not."""
    try:
        # RetryPolicy retries reads, with pauses
        client: MongoClient[dict[str, Any]] = MongoClient(
            uri,
            serverSelectionTimeoutMS=milliseconds,
            retryReads=False,
            tz_aware=True,
            appname="kcna_spider",
            **options,
        )
    except (InvalidURI, ConfigurationError, ValueError) as error:
        raise StoreError(f"MONGODB_URI is not a MongoDB address: {masked(uri)} ({error})") from None
    try:
        client.admin.command("ping")
    except PyMongoError as error:
        client.close()
        reason = masked(str(error)).split(",")[0].split(" (configured")[0]
        raise StoreError(
            f"MongoDB can't be reached at {masked(uri)}: {reason}. Is it running? MONGODB_URI=embedded "
            "needs no server."
        ) from None
    return client


def masked(text: str) -> str:
    """Return a URI, or any text that holds one, with `***` for every password in it.

    It may be before the host or in an option.
    """
    scheme = re.match(r"[a-z+]+://", text, re.IGNORECASE)
    if scheme and text.count("://") == 1:  # a URI, in which a password may hold anything
        return scheme[0] + _masked_rest(text[scheme.end() :])
    return _ANY_URL.sub(lambda m: _masked_rest(m[0]), text)


def _masked_rest(rest: str) -> str:
    """Mask what follows `://`.

    A password may hold an `@`, or a `/`, `?` or `#` that should have been escaped.
    """
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    before_options = rest.partition("?")[0]
    if "@" in authority:
        end = authority.rindex("@")
    elif "@" in before_options and ":" in authority:
        end = before_options.rindex("@")
    elif "@" in rest and ":" in authority and not authority.rpartition(":")[2].isdecimal():
        end = rest.rindex("@")
    else:
        return _SECRET.sub(r"\1***", rest)
    user, colon, _ = rest[:end].partition(":")
    return (f"{user}:***" if colon else user) + _SECRET.sub(r"\1***", rest[end:])
