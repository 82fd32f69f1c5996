"""Tell transient errors of the database from permanent ones, and summarise them in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
)

# Codes of transient errors, from MongoDB's error_codes.yml.
# - Host or connection lost: 6, 7, 89, 202, 262, 317, 384, 9001.
# - No primary, or a server that starts or ends: 91, 133, 189, 10058, 10107, 11600, 11602, 13435, 13436.
# - Time that ran out: 24, 50, 64. Conflict with another operation: 112, 117, 276.
# - Cursor or plan lost: 43, 175, 237. No majority or capacity yet: 134, 365, 391, 462.
TRANSIENT_CODES = frozenset(
    {6, 7, 24, 43, 50, 64, 89, 91, 112, 117, 133, 134, 175, 189, 202, 237, 262, 276, 317, 365, 384, 391, 462}
    | {9001, 10058, 10107, 11600, 11602, 13435, 13436}
)
_TRANSIENT_LABELS = ("RetryableWriteError", "RetryableError", "TransientTransactionError")
# Write concerns that the replica set cannot fulfil as it is configured: waiting does not help.
_WRONG_CONCERNS = frozenset({79, 100})
_REFUSALS = frozenset({13, 18, 8000})  # not authorized, wrong credentials, Atlas refuses
_TIMEOUTS = re.compile(r" \(configured timeouts:[^)]*\)")
# What to do about a server that cannot be reached, by a part of the reason; the last one always fits.
_HINTS = (
    (
        ("No servers found yet", "status response"),
        "Perhaps its OCSP responder is unreachable: try tlsDisableOCSPEndpointCheck=true in the URI.",
    ),
    (("SSL", "ertificate"), "Check tlsCAFile, and the host and the dates of the server's certificate."),
    (("DNS", "resolution lifetime", "Name or service"), "Check the host in MONGODB_URI."),
    (("timed out",), "Do its firewall and its access list (Atlas: Network Access) let this machine in?"),
    (("",), "Is it running? MONGODB_URI=embedded needs no server."),
)


def is_transient(error: BaseException) -> bool:
    """Return whether an error means that the server is unavailable, not that it refuses the operation."""
    if not isinstance(error, PyMongoError):
        return False
    if isinstance(error, BulkWriteError):
        return _is_transient_bulk(error)
    if isinstance(error, OperationFailure) and error.code in _WRONG_CONCERNS | _REFUSALS:
        return False
    return (
        isinstance(error, ConnectionFailure)
        or error.timeout
        or any(error.has_error_label(label) for label in _TRANSIENT_LABELS)
        or (isinstance(error, OperationFailure) and error.code in TRANSIENT_CODES)
    )


def _is_transient_bulk(error: BulkWriteError) -> bool:
    details: Mapping[str, Any] = error.details or {}
    concerns = [problem.get("code") for problem in details.get("writeConcernErrors", [])]
    codes = [problem.get("code") for problem in details.get("writeErrors", [])]
    if any(code in _WRONG_CONCERNS for code in concerns):
        return False
    return bool(concerns) or any(code in TRANSIENT_CODES for code in codes)


def is_refusal(error: BaseException) -> bool:
    """Return whether the server refuses the user: not authorized, wrong credentials, or a reason of Atlas."""
    return isinstance(error, OperationFailure) and error.code in _REFUSALS


def problems_of(error: BaseException) -> Iterator[tuple[int, str]]:
    """Yield code and message of each problem that a server reported; a missing code is 0."""
    if not isinstance(error, OperationFailure):
        return
    details: Mapping[str, Any] = error.details or {}
    for name in ("writeErrors", "writeConcernErrors"):
        for problem in details.get(name, []):
            yield problem.get("code") or 0, str(problem.get("errmsg", ""))
    yield error.code or 0, str(details.get("errmsg") or error)


def reason_of(error: BaseException) -> str:
    """Return the message of an error on one line, without the state that the driver appends."""
    if isinstance(error, BulkWriteError):
        code, message = next(problems_of(error))
        text = f"{message} (error {code})"
    elif isinstance(error, OperationFailure):
        text = str((error.details or {}).get("errmsg") or error).rstrip(".")
        text += f" (error {error.code})" if error.code else ""
    else:
        text = _TIMEOUTS.sub("", str(error).partition(", Timeout: ")[0])
    return " ".join(text.split())


def hint_of(reason: str) -> str:
    """Return advice for a server that cannot be reached for this reason."""
    return next(hint for parts, hint in _HINTS if any(part in reason for part in parts))


def may_pass(error: BaseException) -> bool:
    """Return whether an error at the start may be temporary: an outage, or no response of a DNS server."""
    return is_transient(error) or (is_dns_failure(error) and "does not exist" not in str(error))


def is_dns_failure(error: BaseException) -> bool:
    """Return whether the name of a mongodb+srv:// URI could not be resolved."""
    return isinstance(error, ConfigurationError) and any(
        word in str(error) for word in ("DNS", "resolution lifetime", "SRV")
    )
