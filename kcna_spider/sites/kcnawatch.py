"""kcnawatch.org, which is also kcnawatch.xyz.

Pages opened at one host link their articles under the other.
"""

from __future__ import annotations

import re

from kcna_spider.sites.base import Site

SITE = Site(
    name="kcnawatch.org",
    hosts=("kcnawatch.org", "kcnawatch.xyz"),
    article_path=re.compile(r"^/newstream/\d+-\d+(?:/[^/]+)?/?$"),
    normalize_path=lambda path: f"{path.rstrip('/')}/",
    captured_paths=("newstream/*",),
    # The number in an article's URL is the time at which KCNA Watch took the story in: years later for its
    # old archive. So is the date of a capture.
    captures_bound_day=False,
    languages=("en", "ko", "es", "ru", "zh", "ja"),
    mixed_languages={"en": ("en", "es")},  # Spanish articles are among the English ones, as on kcna.co.jp
    source_prefix="KCNA",
)
