"""www.kcna.kp, KCNA's own site in Pyongyang."""

from __future__ import annotations

import re

from kcna_spider.sites.base import Site

# The site's own language codes, in its paths -> ISO 639-1
LANGUAGES = {"kp": "ko", "en": "en", "cn": "zh", "ru": "ru", "es": "es", "jp": "ja"}
_OTHER_SPANISH = re.compile(r"^/sp/")  # some pages link to /sp besides /es

SITE = Site(
    name="kcna.kp",
    hosts=("www.kcna.kp", "kcna.kp"),
    scheme="http",
    article_path=re.compile(r"^/[a-z]{2}/(?:article/(?:detail|q)|gallery/detail|media/photo/q)/[^/]+/?$"),
    normalize_path=lambda path: _OTHER_SPANISH.sub("/es/", path.rstrip("/")),
    captured_paths=tuple(
        f"{code}/{part}/*" for code in (*LANGUAGES, "sp") for part in ("article", "category")
    ),
    rank=0,
    languages=tuple(LANGUAGES.values()),
    language_codes=LANGUAGES,
    categorised=True,
)
