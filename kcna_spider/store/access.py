"""Who may reach the embedded server: this machine only, or, where it is told to listen elsewhere, who knows the password."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from pymongo import MongoClient

from kcna_spider.exceptions import StoreError

LOOPBACK = "127.0.0.1"
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # what to listen on, not done by default


@dataclass(frozen=True, slots=True)
class Access:
    """`host`: the address to listen on. `user`, `password`: needed for any but loopback; StoreError without them."""

    host: str = LOOPBACK
    user: str = ""
    password: str = ""

    def __post_init__(self) -> None:
        if not (self._is_loopback() or (self.user and self.password)):
            raise StoreError(
                f"MONGODB_EMBEDDED_HOST={self.host} lets other machines reach the database: "
                "set MONGODB_EMBEDDED_USER and MONGODB_EMBEDDED_PASSWORD too"
            )

    def _is_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def asks(self) -> bool:
        """Whether the server asks for the password."""
        return bool(self.user and self.password)

    @property
    def here(self) -> str:
        """The host under which this machine reaches the server."""
        return LOOPBACK if self.host in _EVERYWHERE else self.host

    def arguments(self) -> Sequence[str]:
        """For the server's program."""
        return ["--host", self.host, *(["--auth"] if self.asks else [])]

    def uri(self, port: int, database: str, options: str) -> str:
        """The address for PyMongo, with the password."""
        who = f"{quote_plus(self.user)}:{quote_plus(self.password)}@" if self.asks else ""
        return f"mongodb://{who}{self.here}:{port}/{database}?{options}{'&authSource=admin' if self.asks else ''}"


def set_password(port: int, access: Access) -> None:
    """Make the user, or give it this password, in a server that doesn't ask yet."""
    with MongoClient[Any](LOOPBACK, port, retryWrites=False, journal=True) as client:
        known = client.admin.command("usersInfo", access.user)["users"]
        client.admin.command("updateUser" if known else "createUser", access.user, pwd=access.password, roles=["root"])
