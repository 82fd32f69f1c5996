"""www.kcna.kp, KCNA's own site in Pyongyang."""

from __future__ import annotations

import re

from kcna_spider.sites.base import Site

# The site's own language codes, in its paths -> ISO 639-1
LANGUAGES = {"kp": "ko", "en": "en", "cn": "zh", "ru": "ru", "es": "es", "jp": "ja"}
_CODE_IN_URL = re.compile(r"kcna\.kp/(\w\w)(?:/|$)")
_OTHER_SPANISH = re.compile(r"^/sp/")  # some pages link /sp beside /es


def language_in_url(url: str) -> str | None:
    """Return the language that the site's code in a URL stands for, or None."""
    code = _CODE_IN_URL.search(url)
    return LANGUAGES.get(code[1]) if code else None


SITE = Site(
    name="kcna.kp",
    hosts=("www.kcna.kp", "kcna.kp"),
    scheme="http",
    article_path=re.compile(r"^/[a-z]{2}/article/(?:detail|q)/[^/]+/?$"),
    normalize_path=lambda path: _OTHER_SPANISH.sub("/es/", path.rstrip("/")),
    captured_paths=tuple(f"{code}/{part}/*" for code in LANGUAGES for part in ("article", "category")),
    rank=0,
    languages=tuple(LANGUAGES.values()),
    language_in_url=language_in_url,
    categorised=True,
)
