"""Reason codes of failed requests."""

from __future__ import annotations

import ssl

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError

from kcna_spider.downloadermiddlewares.hosts import error_code

CODES = [
    (OSError(), "os"),
    (ssl.SSLError(), "ssl"),
    (ConnectionResetError(), "connection_reset"),
    (CannotResolveHostError(), "cannot_resolve_host"),
    (DownloadTimeoutError(), "timeout"),
    (type("Error", (Exception,), {})(), "failed"),
]


@pytest.mark.parametrize(("error", "code"), CODES)
def test_error_code(error: Exception, code: str) -> None:
    assert error_code(error) == code
