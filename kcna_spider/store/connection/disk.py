"""Free disk space where the data is."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from kcna_spider.store.connection.failures import problems_of

_FULL = 1_000_000  # free bytes that a database needs in order to write
_OUT_OF_DISK_SPACE, _ATLAS = 14031, 8000  # codes of MongoDB and of Atlas
_ATLAS_QUOTA = "space quota"  # "you are over your space quota, using 513 MB of 512 MB"


def free_bytes(folder: Path) -> int:
    """Return the free bytes of the disk on which a folder is, or will be created."""
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free


def is_disk_full(error: Exception, folders: list[Path]) -> bool:
    """Return whether an error is caused by a full disk, or by a quota that is used up.

    Either the error states it, or the disk of one of the folders is full.
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    if any(
        code == _OUT_OF_DISK_SPACE or (code == _ATLAS and _ATLAS_QUOTA in message)
        for code, message in problems_of(error)
    ):
        return True
    try:
        return any(free_bytes(folder) < _FULL for folder in folders)
    except OSError:  # the disk cannot be read at all
        return False
