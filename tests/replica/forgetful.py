"""The replica with a server that drops its sessions after every seventh request to a listing of kcna.kp."""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "shared" / "replica"))
import serve
import sites

asked = itertools.count(1)
kcna_kp = sites.SITES["www.kcna.kp"]


def forgetting(request: Any, state: Any) -> Any:
    """Return the site's response, and drop all sessions at every seventh listing."""
    if "/article/list/" in request.path and next(asked) % 7 == 0:
        state.sessions.clear()
    return kcna_kp(request, state)


sites.SITES["www.kcna.kp"] = forgetting
asyncio.run(serve.main())
