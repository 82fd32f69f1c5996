"""Where photos are kept: a local folder, in which a file exists completely or not at all, or a server."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any

from scrapy.pipelines.files import FSFilesStore
from scrapy.pipelines.media import MediaPipeline

from kcna_spider.exceptions import ArgumentError

_UNFINISHED, _ABANDONED_SECONDS = ".new-", 3600
# The scheme of FILES_STORE -> the module that Scrapy's store needs, and the package that contains it.
_REMOTE = {"s3": ("botocore", "botocore"), "gs": ("google.cloud.storage", "google-cloud-storage")}


def require_file_store(place: str) -> None:
    """Raise ArgumentError if FILES_STORE names no store, or one that needs a package that is not installed.

    Otherwise Scrapy would disable the pipeline for photos, and the crawl would end without any.
    """
    scheme = place.partition("://")[0] if "://" in place else "file"
    if scheme == "file":
        return
    if scheme not in _REMOTE:
        raise ArgumentError(f"FILES_STORE={place}: name a folder, s3://bucket/path/ or gs://bucket/path/")
    module, package = _REMOTE[scheme]
    with suppress(ModuleNotFoundError):  # of the package that should contain the module
        if find_spec(module):
            return
    raise ArgumentError(f"FILES_STORE={place}: it needs {package}: pip install {package}")


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
