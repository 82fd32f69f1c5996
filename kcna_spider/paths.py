"""Files and folders that settings name."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def path_setting(settings: Any, name: str) -> Path | None:
    """Return the path that a setting names, with `~` expanded, or None if the setting is empty."""
    value = settings.get(name)
    return Path(value).expanduser() if value else None


def written_folders(settings: Any, *, photos: bool) -> dict[str, Path]:
    """Return the local folders that a crawl writes to besides the database, by the setting that names each.

    photos: whether the crawl stores photos.
    """
    names = ("WARC_DIR", "FILES_STORE") if photos else ("WARC_DIR",)
    local = [name for name in names if "://" not in (settings.get(name) or "")]
    found = {name: path_setting(settings, name) for name in local}
    return {name: path for name, path in found.items() if path}
