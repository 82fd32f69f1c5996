"""How much room is left where the data is."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

_FULL = 1_000_000  # bytes: with less, a database can't write


def free_bytes(folder: Path) -> int:
    """Return the free bytes of the disk that holds a folder, or will hold it."""
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free


def is_disk_full(error: Exception, folders: list[Path]) -> bool:
    """Return whether an error is caused by a full disk.

    The error says so, or the disk of one of the folders is full.
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return any(free_bytes(folder) < _FULL for folder in folders)
