"""Programs that tests need.

Tests without them are skipped with a hint, but never in CI.
"""

from __future__ import annotations

import os
import shutil
import sys

import pytest


def needs(*programs: str) -> pytest.MarkDecorator:
    """Return a mark that skips tests if none of the programs is installed.

    In CI the tests run, and fail.
    """
    missing = not any(map(shutil.which, programs))
    return pytest.mark.skipif(
        missing and not os.environ.get("CI"),
        reason=f"{' or '.join(programs)} is not installed: `make system` installs it",
    )


chromium = needs("chromium", "chromium-browser", "google-chrome")
redis = needs("redis-server")
mongosh = needs("mongosh")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the listening ports in /proc")
