"""Find a leader's activity in a Korean article."""

from __future__ import annotations

import re

from kcna_spider.search.people.activity import Activity, Text
from kcna_spider.search.people.event_days import month_day
from kcna_spider.search.people.people_words import data

_LEAD = 3  # sentences
_MESSAGE = re.compile(
    r"축전|서한|답전|선물|꽃바구니|화환|조전|축하문|감사|생일상|로작|담화|사설|론설|기록영화|일화"
)
_MILITARY = (
    r"(?:훈련|시험발사|발사|군부대|열병식|함선|군수공장|포사격|전술)[^.]{0,80}(?:지도|참관|시찰|방문|보시)"
)
_ACTS = (
    ("military", _MILITARY),
    ("diplomacy", r"접견하시|회담|상봉하시|영접하시|연회를 마련|담화를 (?:하시|나누시)|맞이하시"),
    ("performance", r"공연을 관람|관람하시|기념사진을 찍으시|준공식|착공식|개관식|경기를 보시"),
    ("meeting", r"(?:회의|대회|전원회의)[^.]{0,60}(?:지도|참석|사회|참가)하시|연설을 하시|결론을 하시"),
    ("visit", r"참배하시|찾으시여 (?:경의|조의)|조의를 표하시|투표하시"),
    ("inspection", r"현지지도하시|지도하시|돌아보시|시찰하시|찾으시|료해하시|방문하시"),
)  # fmt: skip
_PATTERNS = [(kind, re.compile(words)) for kind, words in _ACTS]
_DAY = re.compile(r"(?P<month>\d{1,2})월 (?P<day>\d{1,2})일")


def korean_activities(text: Text) -> list[Activity]:
    """Return at most one activity, of a leader in the title or the first three sentences."""
    leaders = data()["leaders"]
    named = [m for m in text.mentions if m.name in leaders]
    if not named or _MESSAGE.search(text.title):
        return []
    lead = re.split(r"(?<=다\.)\s+|\n+", text.body)[:_LEAD]
    for sentence in (text.title, *lead):
        if not any(m.written in sentence for m in named):
            continue
        kind = next((kind for kind, pattern in _PATTERNS if pattern.search(sentence)), None)
        if kind is None:
            continue
        principal = next(m.name for m in named if m.written in sentence)
        date = _DAY.search(sentence)
        said = month_day(int(date["month"]), int(date["day"]), text.reported) if date else None
        others = dict.fromkeys(m.name for m in text.mentions if m.name != principal and m.titles)
        day_from = "text" if said else "dateline" if text.reported == text.dateline else "published"
        found = Activity(
            principal, tuple(others), said or text.reported, day_from, None, kind, "medium", (sentence,),
            (f"Korean: {kind}",),
        )  # fmt: skip
        return [found]
    return []
