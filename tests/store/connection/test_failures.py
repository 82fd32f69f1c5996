"""Transient failures are retried, refusals are not; each has a reason on one line."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

from kcna_spider.store.connection.disk import is_disk_full
from kcna_spider.store.connection.failures import hint_of, is_refusal, is_transient, may_pass, reason_of

QUOTA = "you are over your space quota, using 513 MB of 512 MB"
PASSING = [6, 7, 24, 43, 50, 64, 91, 112, 134, 202, 276, 365, 384, 391, 462, 10107]
REFUSED = [13, 18, 8000, 79, 100, 121, 67, 17262]


def failure(code: int, message: str = "no", labels: tuple[str, ...] = ()) -> OperationFailure:
    details = {"ok": 0, "errmsg": message, "code": code, "errorLabels": list(labels)}
    return OperationFailure(message, code, details)


def bulk(*codes: int, concerns: tuple[int, ...] = (), message: str = "no") -> BulkWriteError:
    details: dict[str, Any] = {
        "writeErrors": [{"index": n, "code": code, "errmsg": message} for n, code in enumerate(codes)],
        "writeConcernErrors": [{"code": code, "errmsg": message} for code in concerns],
    }
    return BulkWriteError(details)


@pytest.mark.parametrize("code", PASSING)
def test_codes_that_pass(code: int) -> None:
    assert is_transient(failure(code))
    assert is_transient(bulk(11000, code))


@pytest.mark.parametrize("code", REFUSED)
def test_codes_that_do_not(code: int) -> None:
    assert not is_transient(failure(code))
    assert not is_transient(bulk(11000, code))


def test_labels_go_before_codes() -> None:
    assert is_transient(failure(1, labels=("RetryableWriteError",)))
    assert is_transient(failure(1, labels=("SystemOverloadedError", "RetryableError")))
    assert not is_transient(failure(1, labels=("SystemOverloadedError",)))
    assert not is_transient(failure(8000, QUOTA, ("RetryableWriteError",)))


def test_kinds_of_errors() -> None:
    assert is_transient(AutoReconnect("connection closed"))
    assert is_transient(ExecutionTimeout("operation exceeded time limit"))
    assert not is_transient(DuplicateKeyError("E11000", 11000))
    assert not is_transient(ValueError("x"))


def test_a_majority_is_waited_for_and_a_wrong_concern_is_not() -> None:
    assert is_transient(bulk(concerns=(64,)))
    assert is_transient(bulk(concerns=(91,)))
    assert not is_transient(bulk(concerns=(79,)))
    assert not is_transient(bulk(concerns=(100,)))
    assert not is_transient(WriteConcernError("unknown mode", 79, {}))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (failure(14031, "out of disk"), True),
        (failure(8000, QUOTA), True),
        (bulk(8000, message=QUOTA), True),
        (bulk(11000, 14031), True),
        (failure(8000, "user is not allowed to do action"), False),
        (failure(13, "space quota"), False),
        (ValueError("no"), False),
        (OSError(errno.ENOSPC, "x"), True),
        (OSError(errno.EDQUOT, "x"), True),
        (OSError(errno.EIO, "x"), False),
    ],
)
def test_a_quota_is_a_full_disk(error: Exception, expected: bool) -> None:
    assert is_disk_full(error, []) is expected


def test_reasons_are_one_line() -> None:
    assert reason_of(failure(18, "Authentication failed.")) == "Authentication failed (error 18)"
    assert reason_of(failure(8000, "bad auth : authentication failed")).endswith("failed (error 8000)")
    assert (
        reason_of(bulk(121, message="Document failed\nvalidation"))
        == "Document failed validation (error 121)"
    )
    line = (
        "h:27017: SSL handshake failed: h:27017: [('SSL routines', '', 'certificate verify failed')] "
        "(configured timeouts: socketTimeoutMS: 20000.0ms, connectTimeoutMS: 20000.0ms), Timeout: 3.0s, "
        "Topology Description: <TopologyDescription id: 6, servers: [<ServerDescription ('h', 27017)>]>"
    )
    reason = reason_of(ServerSelectionTimeoutError(line))
    assert reason.endswith("[('SSL routines', '', 'certificate verify failed')]")
    assert "tlsCAFile" in hint_of(reason)


def test_hints() -> None:
    assert "tlsDisableOCSPEndpointCheck=true" in hint_of("No servers found yet")
    assert "access list" in hint_of("h:27017: timed out")
    assert "MONGODB_URI=embedded" in hint_of("h:27017: [Errno 111] Connection refused")


def test_what_may_pass_at_the_start() -> None:
    assert may_pass(ServerSelectionTimeoutError("h: refused"))
    assert may_pass(ConfigurationError("The resolution lifetime expired after 20 s"))
    assert not may_pass(ConfigurationError("The DNS query name does not exist: _mongodb._tcp.x."))
    assert not may_pass(failure(18))
    assert is_refusal(failure(8000))
