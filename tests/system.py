"""System parts that a test needs: skipped at home where one is missing, with what to install; never in CI."""

from __future__ import annotations

import os
import shutil
import sys

import pytest


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skips where none of the programs is installed; in CI the test runs and fails."""
    missing = not any(map(shutil.which, programs))
    return pytest.mark.skipif(
        missing and not os.environ.get("CI"),
        reason=f"{' or '.join(programs)} is not installed: `make system` installs it",
    )


chromium = needs("chromium", "chromium-browser", "google-chrome")
redis = needs("redis-server")
mongosh = needs("mongosh")
linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc says what listens where on Linux only")
