"""Connect to a MongoDB URI or to the embedded server; raise one clear error if that fails."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymongo
from pymongo import MongoClient, ReadPreference
from pymongo.database import Database
from pymongo.errors import ConfigurationError, InvalidURI, PyMongoError

from kcna_spider.exceptions import StoreError
from kcna_spider.store.connection.embedded import EmbeddedServer
from kcna_spider.store.connection.failures import hint_of, is_dns_failure, is_refusal, may_pass, reason_of
from kcna_spider.store.connection.masking import masked
from kcna_spider.store.connection.options import client_options, problem_of_name, selection_seconds
from kcna_spider.store.connection.profiles import SECANTUS, profile_of

__all__ = ["DEFAULT_DATABASE", "EMBEDDED", "Connection", "StoreSettings", "masked"]

EMBEDDED = "embedded"
DEFAULT_DATABASE = "kcna"
_REACH_SECONDS = 30.0  # how long to try to reach a server at the start, unless the URI sets a limit
# An embedded server that does not respond on loopback has died; a short limit lets it start again soon.
_FIND_OWN_SECONDS = 1.5
_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where the data is. `uri`: "embedded" or any MongoDB URI. `path`: the embedded server's data folder.

    `database`: its name; empty for the one that the URI names, or else `kcna`.
    `wait_seconds`: how long a call is retried while the database is unavailable.
    `write_concern`, `read_concern`: used if the URI names none.
    """

    uri: str = EMBEDDED
    database: str = ""
    path: str = "data/mongodb"
    wait_seconds: float = 3600.0
    write_concern: str = "majority"
    read_concern: str = "majority"

    @classmethod
    def from_settings(cls, settings: Any) -> StoreSettings:
        """Create them from the settings of a Scrapy project."""
        return cls(
            uri=settings["MONGODB_URI"],
            database=settings["MONGODB_DATABASE"],
            path=settings["MONGODB_EMBEDDED_PATH"],
            wait_seconds=settings.getfloat("STORE_WAIT_SECONDS"),
            write_concern=settings["MONGODB_WRITE_CONCERN"],
            read_concern=settings["MONGODB_READ_CONCERN"],
        )


class Connection:
    """An open connection. Close it: the embedded server stops when its last user closes.

    reading: for a command that only reads. It reads from the members that the URI's read preference selects,
    each operation may take longer, and the driver retries a read once. Raise StoreError if the server cannot
    be reached.
    """

    def __init__(self, settings: StoreSettings, *, reading: bool = False) -> None:
        self.settings, self.reading = settings, reading
        self._server: EmbeddedServer | None = None
        self.profile = SECANTUS
        self.client: MongoClient[dict[str, Any]] = self._open()
        self.name = settings.database or self.client.get_default_database(DEFAULT_DATABASE).name

    @property
    def database(self) -> Database[dict[str, Any]]:
        """The database that the settings name, else the URI's, else `kcna`.

        A crawl reads from the primary whatever the URI's read preference is: it decides on what it reads.
        """
        return self.client.get_database(
            self.name, read_preference=None if self.reading else ReadPreference.PRIMARY
        )

    @property
    def uri(self) -> str:
        """The URI in use, with its password masked."""
        return masked(self._server.uri(self.name) if self._server else self.settings.uri)

    def uri_of(self, database: str) -> str:
        """Return the URI with its password; for the embedded server, the URI of the named database."""
        return self._server.uri(database) if self._server else self.settings.uri

    @property
    def is_embedded(self) -> bool:
        """Whether the server is the embedded one."""
        return self._server is not None

    @property
    def folders(self) -> list[Path]:
        """The data folder of the embedded server, or no folder for another server."""
        return [self._server.path] if self._server else []

    @property
    def place(self) -> str:
        """Where the data is, for people."""
        return f"{self.settings.path} (embedded)" if self._server else self.uri

    @property
    def database_place(self) -> str:
        """The database and its place, with an absolute path, as an archive file records its origin."""
        place = f"{Path(self.settings.path).absolute()} (embedded)" if self._server else self.uri
        return f"{self.name} in {place}"

    def revive(self) -> None:
        """If the server is the embedded one and has died, start it again at the same port.

        Raise StoreError if it does not start.
        """
        if self._server:
            self._server.revive()

    def close(self) -> None:
        """Disconnect; safe to call twice."""
        self.client.close()
        if self._server:
            self._server.release()

    def _open(self) -> MongoClient[dict[str, Any]]:
        settings = self.settings
        if problem := problem_of_name(settings.database):
            raise StoreError(f"MONGODB_DATABASE={settings.database}: {problem}")
        if settings.uri != EMBEDDED:
            options = client_options(
                settings.uri, settings.write_concern, settings.read_concern, reading=self.reading
            )
            return self._connected(settings.uri, options, selection_seconds(settings.uri) or _REACH_SECONDS)
        self._server = server = EmbeddedServer(Path(os.path.expanduser(settings.path)))
        server.acquire()
        try:
            return self._connected_to_own(server)
        except StoreError:
            server.release()  # it was running but died before it responded: start another one, once
        server.acquire()
        try:
            return self._connected_to_own(server)
        except StoreError:
            server.release()
            raise

    def _connected_to_own(self, server: EmbeddedServer) -> MongoClient[dict[str, Any]]:
        uri = server.uri(self.settings.database or DEFAULT_DATABASE)
        options = client_options(uri, "", "", reading=self.reading, embedded=True)
        options["serverSelectionTimeoutMS"] = round(_FIND_OWN_SECONDS * 1000)
        return self._connected(uri, options, _FIND_OWN_SECONDS)

    def _connected(self, uri: str, options: dict[str, Any], seconds: float) -> MongoClient[dict[str, Any]]:
        """Return a client whose server has responded. Raise StoreError if it has not within `seconds`."""
        client: MongoClient[dict[str, Any]] | None = None
        deadline = time.monotonic() + seconds
        while True:
            try:
                client = client or MongoClient(uri, tz_aware=True, **options)
                preference = client.read_preference if self.reading else ReadPreference.PRIMARY
                with pymongo.timeout(max(deadline - time.monotonic(), _PAUSE_SECONDS)):
                    hello = client.admin.command("hello", read_preference=preference)
            except (PyMongoError, OSError, ValueError) as error:
                if may_pass(error) and time.monotonic() + _PAUSE_SECONDS < deadline:
                    time.sleep(_PAUSE_SECONDS)
                    continue
                if client:
                    client.close()
                raise StoreError(_failure(uri, error)) from None
            self.profile = profile_of(hello)
            return client


def _failure(uri: str, error: Exception) -> str:
    """Return one line that states why a database cannot be used and what to do."""
    reason = masked(reason_of(error))
    if is_refusal(error):
        return f"MongoDB at {masked(uri)} refuses the connection: {reason}"
    if isinstance(error, ConfigurationError | InvalidURI | ValueError) and not is_dns_failure(error):
        return f"MONGODB_URI is not a MongoDB address: {masked(uri)} ({reason})"
    return f"MongoDB cannot be reached at {masked(uri)}: {reason.rstrip('.')}. {hint_of(reason)}"
