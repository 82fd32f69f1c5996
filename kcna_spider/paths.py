"""Files and folders that settings name."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def path_setting(settings: Any, name: str) -> Path | None:
    """Return the path that a setting names, with `~` expanded, or None if the setting is empty."""
    value = settings.get(name)
    return Path(value).expanduser() if value else None
