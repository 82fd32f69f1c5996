"""Korean datelines: "(평양 2월 16일발 조선중앙통신)", in a paragraph of their own or before the text."""

from __future__ import annotations

import re

from kcna_spider.text.datelines.base import Found, Grammar
from kcna_spider.text.dates import stated_year

_DATELINE = re.compile(
    r"[(\[（［【]{0,2}\s{0,3}(?P<place>[가-힣]{1,12}(?:\s[가-힣]{1,10}){0,2}?)\s{0,3}"
    r"(?:(?:주체\s?(?P<juche>\d{2,3})\s?)?(?:\(?(?P<year>\d{4})\)?)?\s?년\s{0,3})?"
    r"(?P<month>\d{1,2})\s?월\s{0,3}(?P<day>\d{1,2})\s?일\s?발?\s{0,3}"
    r"(?P<agency>조선\s?중앙\s?통신(?:사)?|조선통신)(?:\s?[-=/·,＝]\s?[가-힣]{2,8})?"
    r"\s{0,3}[)\]）］】]{0,2}(?:\s{0,2}[-―—–]{1,3})?"
)


def read(head: str) -> Found | None:
    """Return the dateline at the start of `head`, with or without its brackets, or None."""
    m = _DATELINE.match(head)
    if not m:
        return None
    return Found(
        " ".join(m["place"].split()),
        int(m["month"]),
        int(m["day"]),
        re.sub(r"\s|사$", "", m["agency"]),
        m.end(),
        stated_year(m),
    )


GRAMMAR = Grammar(
    language="ko",
    read=read,
    starts=re.compile(r"[(\[（［【가-힣]"),
    end_mark=re.compile(r"\s*[(（]\s*끝\s*[)）]\s*\Z"),
)
