"""Korean datelines: "(평양 2월 16일발 조선중앙통신)", in a paragraph of their own or before the text."""

from __future__ import annotations

import re

from kcna_spider.text.datelines.base import DASHES, Found, Grammar, stands_apart
from kcna_spider.text.dates import stated_year

_DATELINE = re.compile(
    r"(?P<open>[(\[（［【〔〈《]{1,2})?\s{0,3}(?P<place>[가-힣]{1,12}(?:[\s-][가-힣]{1,10}){0,2}?)\s{0,3}[,，]?\s{0,3}"
    r"(?:(?:주체\s?(?P<juche>\d{2,3})\s?)?(?:\(?(?P<year>\d{4})\)?)?\s?년\s{0,3})?"
    r"(?P<month>\d{1,2})\s?월\s{0,3}(?P<day>\d{1,2})\s?일\s?(?P<sent>발)?\s{0,3}"
    r"(?P<agency>조선\s?중앙\s?통신(?:사)?|조선통신)"
    r"(?(open)(?:[^()（）【】\[\]《》「」『』〈〉〔〕]{1,20}(?=[)\]）］】〕〉》]))?)"
    rf"\s{{0,3}}(?P<close>[)\]）］】〕〉》]{{1,2}})?(?P<dash>\s{{0,2}}[{DASHES}]{{1,3}})?"
)


# A sentence about a report of the agency, such as "... 조선중앙통신 보도에서".
_ABOUT_A_REPORT = re.compile(r"\s*(?:보도|상보|론평|기사|담화|성명|글|기자)")


def read(head: str) -> Found | None:
    """Return the dateline at the start of `head`, or None.

    Without brackets and dash, no particle or name of a text may follow: a sentence may begin like it.
    """
    m = _DATELINE.match(head)
    if not m:
        return None
    apart = m["sent"] and stands_apart(head[m.end() - 1 :]) and not _ABOUT_A_REPORT.match(head, m.end())
    if not (m["open"] or m["close"] or m["dash"] or apart):
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
    starts=re.compile(r"[(\[（［【〔〈《가-힣]"),
    end_mark=re.compile(r"\s*[(（]\s*끝\s*[)）]\s*[.。]?\s*\Z"),
)
