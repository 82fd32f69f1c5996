"""The markup of leaders' names on www.kcna.kp."""

from __future__ import annotations

import html
import re

_LEADERS = re.compile(r"\b(Kim Jong Un|Kim Jong Il|Kim Il Sung)\b")


def leaders(text: str) -> str:
    """Return a text with the markup that the site puts around leaders' names."""
    return _LEADERS.sub(
        r"<nobr><strong><span class='fSpecCs'>\1</span></strong></nobr>", html.escape(text, quote=False)
    )
