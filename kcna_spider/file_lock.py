"""Locks on open files. The kernel releases them when a process ends, even if it is killed."""

from __future__ import annotations

from typing import IO, Any

from kcna_spider.exceptions import UnsupportedSystemError

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows: a crawl into a MongoDB server needs no lock
    fcntl = None


def lock(file: IO[Any] | int, purpose: str, *, shared: bool = False, wait: bool = True) -> None:
    """Lock an open file or descriptor until it is closed.

    purpose: what needs the lock, and what to do on a system without such locks; it is part of the error
    message there. Raise UnsupportedSystemError on such a system (Windows), and BlockingIOError if the file
    is locked already and `wait` is false.
    """
    require_locks(purpose)
    how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    fcntl.flock(file, how if wait else how | fcntl.LOCK_NB)


def require_locks(purpose: str) -> None:
    """Raise UnsupportedSystemError if the system has no such locks. purpose: as in `lock`."""
    if fcntl is None:
        raise UnsupportedSystemError(f"This system has no file locks (fcntl): {purpose}")
