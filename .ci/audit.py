"""Check the packages in requirements.lock for known vulnerabilities with pip-audit.

The exit code is 1 if there are any. If the data of pip-audit cannot be reached, print that, with exit code 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"


def main() -> int:
    """Print the vulnerabilities; return the exit code."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "-r",
        str(LOCK),
        "--disable-pip",
        "--require-hashes",
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"not audited: pip-audit cannot reach its data ({' '.join(done.stderr.split())[-200:]})")
        return 0
    holes = [
        (one["name"], one["version"], hole["id"], hole.get("fix_versions"))
        for one in found
        for hole in one.get("vulns", [])
    ]
    skipped = [one["name"] for one in found if "skip_reason" in one]
    for name, version, hole, fixed in holes:
        print(f"{name} {version}: {hole}, fixed in {', '.join(fixed or ['no version'])}")
    if len(skipped) == len(found):
        print(f"not audited: pip-audit cannot reach its data for any of {len(found)} packages")
    else:
        print(
            f"{len(found) - len(skipped)} packages audited, {len(holes)} holes; without data: "
            f"{', '.join(skipped) or 'none'}"
        )
    return bool(holes)


if __name__ == "__main__":
    sys.exit(main())
