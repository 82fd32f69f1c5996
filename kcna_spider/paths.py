"""Files and folders that settings name."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def path_setting(settings: Any, name: str) -> Path | None:
    """Return the path that a setting names, with `~` expanded, or None if the setting is empty."""
    value = settings.get(name)
    return Path(value).expanduser() if value else None


def local_folder(place: str | None) -> Path | None:
    """Return the folder of a place such as FILES_STORE, with `~` expanded.

    Return None if the place is empty or on no local disk (s3://, gs://).
    """
    scheme, separator, path = (place or "").rpartition("://")
    return Path(path).expanduser() if path and (not separator or scheme == "file") else None


def written_folders(settings: Any, *, photos: bool) -> dict[str, Path]:
    """Return the local folders that a crawl writes to besides the database, by the setting that names each.

    photos: whether the crawl stores photos.
    """
    found = {"WARC_DIR": path_setting(settings, "WARC_DIR")}
    if photos:
        found["FILES_STORE"] = local_folder(settings.get("FILES_STORE"))
    return {name: path for name, path in found.items() if path}
