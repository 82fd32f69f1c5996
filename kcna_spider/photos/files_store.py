"""Store photos in a local folder: a file exists completely or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any

from scrapy.pipelines.files import FSFilesStore
from scrapy.pipelines.media import MediaPipeline

_UNFINISHED, _ABANDONED_SECONDS = ".new-", 3600


class WholeFilesStore(FSFilesStore):
    """Scrapy's store in a folder, but each file is written under a temporary name and then renamed.

    The name of a photo is its SHA-256, so a file that a killed crawl had truncated would be taken for the
    photo. Temporary files older than an hour are removed, because no crawl can still be writing them.
    """

    def __init__(self, basedir: str | PathLike[str]) -> None:
        super().__init__(basedir)
        for left in Path(self.basedir).glob(f"*/{_UNFINISHED}*"):
            with suppress(OSError):  # another crawl has removed it
                if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                    left.unlink()

    def persist_file(
        self,
        path: str | PathLike[str],
        buf: BytesIO,
        info: MediaPipeline.SpiderInfo,
        meta: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Write a file, unless it exists with the same size. Raise OSError if that is impossible."""
        del info, meta, headers  # only stores on servers use them
        write_whole(Path(self.basedir) / path, buf.getvalue())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file and flush it to disk, unless it exists with the same size. Raise OSError."""
    with suppress(OSError):
        if path.stat().st_size == len(content):
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
