"""kcnawatch.org, also available as kcnawatch.xyz; pages of one host link to articles under the other."""

from __future__ import annotations

import re

from kcna_spider.sites.base import Site

SITE = Site(
    name="kcnawatch.org",
    hosts=("kcnawatch.org", "kcnawatch.xyz"),
    article_path=re.compile(r"^/newstream/\d+-\d+(?:/[^/]+)?/?$"),
    normalize_path=lambda path: f"{path.rstrip('/')}/",
    captured_paths=("newstream/*",),
    # The number in an article's URL is the time at which KCNA Watch imported the article: years after its
    # publication for older ones. The date of a capture can be as late.
    captures_bound_day=False,
    languages=("en", "ko", "es", "ru", "zh", "ja"),
    mixed_languages={"en": ("en", "es")},  # English sources also have Spanish articles
    source_prefix="KCNA",
)
