"""Korean datelines: "(평양 2월 16일발 조선중앙통신)", alone in a paragraph or run into the text."""

from __future__ import annotations

import re

from kcna_spider.text.datelines.base import Case, Found, Grammar
from kcna_spider.text.datelines.years import stated_year

_DATELINE = re.compile(
    r"[(\[（［【]{0,2}\s{0,3}(?P<place>[가-힣]{1,12}(?:\s[가-힣]{1,10}){0,2}?)\s{0,3}"
    r"(?:(?:주체\s?(?P<juche>\d{2,3})\s?)?(?:\(?(?P<year>\d{4})\)?)?\s?년\s{0,3})?(?P<month>\d{1,2})\s?월\s{0,3}(?P<day>\d{1,2})\s?일\s?발?\s{0,3}"
    r"(?P<agency>조선\s?중앙\s?통신(?:사)?|조선통신)(?:\s?[-=/·,＝]\s?[가-힣]{2,8})?\s{0,3}[)\]）］】]{0,2}(?:\s{0,2}[-―—–]{1,3})?"
)


def read(head: str) -> Found | None:
    """A dateline at the start of `head`, with or without its brackets."""
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
    write=lambda place, month, day: f"({place} {month}월 {day}일발 조선중앙통신)",
    agency="조선중앙통신",
    places=("평양", "원산", "함흥", "강계"),
    cases=(
        Case("(평양 2월 16일발 조선중앙통신)", "2026-02-16", "평양", "2026-02-16", "조선중앙통신"),
        Case("(평양 9월 19일발 조선중앙통신)경애하는 원수님께서", "2018-09-19", "평양", "2018-09-19", "조선중앙통신"),
        Case("（함흥 １２월 ３１일발 조선중앙통신）공장에서는", "2025-01-01", "함흥", "2024-12-31", "조선중앙통신"),
        Case("평양 2월 16일발 조선중앙통신", "2026-02-16", "평양", "2026-02-16", "조선중앙통신"),
        Case("(평양 2026년 2월 16일발 조선중앙통신)", None, "평양", "2026-02-16", "조선중앙통신"),
        Case("(평양 주체113(2024)년 2월 16일발 조선중앙통신)", None, "평양", "2024-02-16", "조선중앙통신"),
        Case("(평양 주체113년 3월 9일발 조선중앙통신)", None, "평양", "2024-03-09", "조선중앙통신"),
        Case("(도꾜 3월 9일발 조선중앙통신-조선통신)", "2024-03-10", "도꾜", "2024-03-09", "조선중앙통신"),
        Case("조선중앙통신은 2월 16일 보도하였다.", "2026-02-16", None),
        Case("2월 16일에 진행되였다.", "2026-02-16", None),
    ),
)
