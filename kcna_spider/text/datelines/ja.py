"""Japanese datelines: "【平壌2月17日発朝鮮中央通信】", also with full-width digits."""

from __future__ import annotations

import re

from kcna_spider.text.datelines.base import DASHES, Found, Grammar, stands_apart
from kcna_spider.text.dates import stated_year

_DATELINE = re.compile(
    r"(?P<open>[【\[(（［〔〈《「]{1,2})?\s{0,3}(?P<place>[一-龯々ぁ-んァ-ヶー・]{1,15}?)\s{0,3}[、，,]?\s{0,3}"
    r"(?:(?:(?:チュチェ|主体)\s?(?P<juche>\d{2,3})\s?)?(?:[(（]?(?P<year>\d{4})[)）]?)?\s?年\s?)?"
    r"(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日\s?(?P<sent>発)?\s{0,3}"
    r"(?:(?P<agency>朝鮮\s?中央\s?通信|朝鮮通信)(?:社)?)"
    r"(?(open)(?:[^()（）【】\[\]《》「」『』〈〉〔〕]{1,20}(?=[】\])）］〕〉》」]))?)"
    rf"\s{{0,3}}(?P<close>[】\])）］〕〉》」]{{1,2}})?(?P<dash>\s{{0,2}}[{DASHES}]{{1,3}})?"
)


def read(head: str) -> Found | None:
    """Return the dateline at the start of `head`, or None.

    Without brackets and dash, it must end the text or a blank must follow: a sentence may begin like it.
    """
    m = _DATELINE.match(head)
    if not m or not (
        m["open"] or m["close"] or m["dash"] or (m["sent"] and stands_apart(head[m.end() - 1 :]))
    ):
        return None
    return Found(
        m["place"], int(m["month"]), int(m["day"]), re.sub(r"\s", "", m["agency"]), m.end(), stated_year(m)
    )


GRAMMAR = Grammar(
    language="ja",
    read=read,
    starts=re.compile(r"[【\[(（［〔〈《「一-龯々ぁ-んァ-ヶ]"),
    end_mark=re.compile(r"\s*(?:-{2,}|[－―—–─━]{2,})\s*\Z"),
)
