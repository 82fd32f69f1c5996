"""The options of a client: those in the URI, and defaults for those that it does not name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from pymongo.errors import ConfigurationError, InvalidURI
from pymongo.uri_parser import split_options

from kcna_spider.exceptions import StoreError
from kcna_spider.store.connection.time_limits import (
    CONFIRMATION_SECONDS,
    LONG_OPERATION_SECONDS,
    OPERATION_SECONDS,
)

_MAJORITY, _LOCAL = "majority", "local"
_APP_NAME = "kcna_spider"
_BAD_IN_NAMES, _LONGEST_NAME = frozenset('/\\. "$*<>:|?\0'), 63
_WRITTEN = "readpreferencetags"  # the only option that PyMongo does not unquote when it splits a query


def uri_options(uri: str) -> dict[str, Any]:
    """Return the options that a URI names, with names in lower case and values as written.

    Raise StoreError for an option that PyMongo does not support or whose value it would ignore.
    """
    query = uri.partition("?")[2]
    try:
        named: Mapping[str, Any] = split_options(query, validate=False, normalize=False) if query else {}
    except InvalidURI:
        return {}  # the client also refuses it, with a message about the whole URI
    for name, value in named.items():
        for one in value if isinstance(value, list) else [value]:
            at = query.lower().find(name)
            _check(query[at : at + len(name)], one)
    return {name.lower(): value for name, value in named.items()}


def _check(name: str, value: str) -> None:
    written = value if name.lower() == _WRITTEN else quote_plus(value)
    try:
        split_options(f"{name}={written}", warn=False)
    except OSError:
        raise StoreError(f"MONGODB_URI: the file of {name} cannot be read: {value}") from None
    except ConfigurationError:
        raise StoreError(f"MONGODB_URI: there is no option {name}") from None
    except (ValueError, TypeError):
        raise StoreError(f"MONGODB_URI: the value of the option {name} is not valid") from None


def client_options(
    uri: str, write_concern: str, read_concern: str, *, reading: bool, embedded: bool = False
) -> dict[str, Any]:
    """Return the keyword arguments for the client. Raise StoreError for options that contradict each other.

    reading: for a command that only reads, which retries a read once and may take longer. embedded: the URI
    is that of the embedded server, which already names the concerns.
    """
    named = uri_options(uri)
    ours: dict[str, Any] = {
        # Short for a crawl, which may be ending; its RetryPolicy waits for the server. A command that reads
        # has time for an election.
        "serverSelectionTimeoutMS": 30_000 if reading else 3_000,
        "retryReads": reading,  # a RetryPolicy retries those of a crawl, with pauses
        "appname": _APP_NAME,
        # The embedded server sorts without an index (60,000 articles in 5 s), and no network can hang.
        **_time_limits(named, reading=reading or embedded),
    }
    if embedded:
        ours.pop("wTimeoutMS", None)
    else:
        ours |= _concerns(named, write_concern, read_concern, reading=reading)
    return {name: value for name, value in ours.items() if name.lower() not in named}


def selection_seconds(uri: str) -> float | None:
    """Return the URI's serverSelectionTimeoutMS in seconds, or None."""
    value = uri_options(uri).get("serverselectiontimeoutms")
    return int(value) / 1000 if value else None


def problem_of_name(database: str) -> str | None:
    """Return why MongoDB does not accept a database name, or None. An empty name is valid here."""
    if bad := sorted(_BAD_IN_NAMES.intersection(database)):
        return f"a database's name has no {' '.join(map(repr, bad))}"
    if len(database.encode()) > _LONGEST_NAME:
        return f"a database's name has at most {_LONGEST_NAME} bytes"
    return None


def _time_limits(named: Mapping[str, Any], *, reading: bool) -> dict[str, Any]:
    """Return the time limits of one operation.

    timeoutMS is not used: with it the driver also waits that long for a server, and repeats a failing write
    as often as it can.
    """
    if "timeoutms" in named or "sockettimeoutms" in named:
        return {}
    limit = round((LONG_OPERATION_SECONDS if reading else OPERATION_SECONDS) * 1000)
    if "wtimeoutms" in named:
        return {"socketTimeoutMS": max(limit, 2 * int(named["wtimeoutms"]))}
    return {"socketTimeoutMS": limit, "wTimeoutMS": round(CONFIRMATION_SECONDS * 1000)}


def _concerns(
    named: Mapping[str, Any], write_concern: str, read_concern: str, *, reading: bool
) -> dict[str, Any]:
    """Return the write concern and the read concern. Raise StoreError if they do not fit together.

    A crawl reads what it has just written. With the read concern majority it sees a write only after a
    majority confirmed it, so any other write concern requires the read concern local.
    """
    write = str(named.get("w", write_concern))
    read = str(named.get("readconcernlevel", read_concern))
    name = "MONGODB_URI: readConcernLevel" if "readconcernlevel" in named else "MONGODB_READ_CONCERN"
    if read not in (_LOCAL, _MAJORITY):
        raise StoreError(f"{name}={read}: it is {_MAJORITY} or {_LOCAL}")
    if write == "0":
        raise StoreError("w=0: a write that nobody confirms may be lost; remove it, or use w=majority")
    if write != _MAJORITY and read == _MAJORITY and not reading:
        if "readconcernlevel" in named:
            raise StoreError(
                f"{name}={read} cannot be combined with w={write}: "
                f"use w={_MAJORITY} or readConcernLevel={_LOCAL}"
            )
        read = _LOCAL
    concerns = {"w": int(write) if write.isdecimal() else write, "journal": True}
    # Local is the default of a primary. It is not set explicitly, because change streams refuse it then.
    return concerns if read == _LOCAL else concerns | {"readConcernLevel": read}
