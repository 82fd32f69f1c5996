"""Find and open files of web archives.

These are WARC files, plain or compressed with gzip, and WACZ files, which are ZIP files with WARC files.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_WARC = (".warc", ".warc.gz")
_WACZ = ".wacz"
# Suffixes of unsupported archives: other compression, the format before WARC, single pages.
_UNSUPPORTED = (
    ".warc.zst",
    ".warc.bz2",
    ".warc.xz",
    ".warc.lz4",
    ".arc",
    ".arc.gz",
    ".har",
    ".mht",
    ".mhtml",
    ".maff",
    ".webarchive",
)


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A WARC file. path: of the WARC file, or of the WACZ file that contains it.

    member: its name in the WACZ file, or None if the path is the WARC file itself.
    """

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """The name of the file without its folder, as in a RecordLocation.

        Bytes that are not UTF-8, as in names from older systems, become `?`: MongoDB stores only UTF-8.
        """
        name = self.path.name if self.member is None else f"{self.path.name}/{self.member}"
        return name.encode("utf-8", "replace").decode()

    @property
    def size(self) -> int:
        """The size on disk in bytes; within a WACZ file, the compressed size."""
        if self.member is None:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as zipped:
            return zipped.getinfo(self.member).compress_size

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the file for reading as a seekable stream. Raise OSError, also for a damaged WACZ file."""
        if self.member is None:
            with self.path.open("rb") as stream:
                yield stream
            return
        try:
            with zipfile.ZipFile(self.path) as zipped, zipped.open(self.member) as stream:
                yield stream
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
            raise OSError(f"damaged or encrypted: {error}") from error

    def __str__(self) -> str:
        return str(self.path) if self.member is None else f"{self.path}/{self.member}"


def warc_files(path: Path) -> list[WarcFile]:
    """Return the WARC files at a path: the file itself, or all files in a folder and its subfolders.

    Files inside WACZ files are included, after the others.
    """
    if not path.is_dir():
        return _members(path) if path.name.lower().endswith(_WACZ) else [WarcFile(path)]
    found = sorted(file for file in path.rglob("*") if file.is_file())
    warcs = [WarcFile(file) for file in found if file.name.lower().endswith(_WARC)]
    return warcs + [
        member for file in found if file.name.lower().endswith(_WACZ) for member in _members(file)
    ]


def unread_files(path: Path) -> list[Path]:
    """Return the archives at a path that are not read.

    These have unsupported formats, or are WACZ files without WARC files.
    """
    found = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    inside = [file / name for file in found if file.name.lower().endswith(_WACZ) for name in _names(file)]
    unsupported = [file for file in [*found, *inside] if file.name.lower().endswith(_UNSUPPORTED)]
    return unsupported + [file for file in found if file.name.lower().endswith(_WACZ) and not _members(file)]


def why_unread(file: Path) -> str:
    """Return a one-line message on why an archive is not read. file: from `unread_files`."""
    if file.name.lower().endswith(_WACZ):
        return f"{file}: not a WACZ file: it is no ZIP file, or there is no WARC file in it"
    kind = next(ending for ending in _UNSUPPORTED if file.name.lower().endswith(ending))
    return f"{file}: {kind} files are not supported: convert it to .warc.gz"


def _members(path: Path) -> list[WarcFile]:
    """Return the WARC files in a WACZ file, or none if it is damaged."""
    return [WarcFile(path, name) for name in _names(path) if name.lower().endswith(_WARC)]


def _names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as zipped:
            return sorted(zipped.namelist())
    except (zipfile.BadZipFile, OSError):
        return []
