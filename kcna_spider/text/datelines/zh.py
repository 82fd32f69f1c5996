"""Chinese datelines: "朝中社平壤2月16日电"."""

from __future__ import annotations

import re

from kcna_spider.text.datelines.base import DASHES, Found, Grammar
from kcna_spider.text.dates import stated_year

_DATELINE = re.compile(
    r"[【(（\[]{0,2}\s{0,3}(?P<agency>朝中社|朝鲜中央通讯社|朝鮮中央通訊社)\s{0,3}(?:记者|記者)?"
    r"(?P<place>(?![在于於就对對])[一-龥·]{1,15}?)\s{0,3}[，,]?\s{0,3}"
    r"(?:(?:主[体體]\s?(?P<juche>\d{2,3})\s?)?(?:[(（]?(?P<year>\d{4})[)）]?)?\s?年\s?)?"
    r"(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日\s?(?:[电電](?![讯訊文视視话話报報影])|[讯訊])\s{0,3}"
    rf"[】)）\]]{{0,2}}(?:[:：]|\s{{0,2}}[{DASHES}]{{1,3}})?"
)


def read(head: str) -> Found | None:
    """Return the dateline at the start of `head`, or None."""
    m = _DATELINE.match(head)
    if not m:
        return None
    return Found(m["place"], int(m["month"]), int(m["day"]), "朝中社", m.end(), stated_year(m))


GRAMMAR = Grammar(
    language="zh",
    read=read,
    starts=re.compile(r"[【(（\[朝]"),
    end_mark=re.compile(r"\s*[(（]\s*完\s*[)）]\s*[.。]?\s*\Z"),
)
