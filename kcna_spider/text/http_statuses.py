"""Statuses of HTTP responses that say what became of a page or a photo."""

from __future__ import annotations

UNCHANGED = 304
GONE = (404, 410)
