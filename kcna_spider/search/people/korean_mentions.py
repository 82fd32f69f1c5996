"""Find persons in Korean texts: leaders by name, officials by the word 동지 after the name."""

from __future__ import annotations

import re
from functools import cache

from kcna_spider.search.aliases import name_of
from kcna_spider.search.people.people_words import data

Found = tuple[str, tuple[str, ...], int, int]


@cache
def _pattern() -> re.Pattern[str]:
    korean = data()["korean"]
    leaders, surnames = "|".join(korean["leaders"]), "".join(korean["surnames"].split())
    # A title directly precedes the name: 내각총리 박봉주동지.
    return re.compile(
        rf"(?P<leader>{leaders})(?![가-힣]*(?:광장|종합대학|상|훈장|청년동맹|주의))"
        rf"|(?:(?<=[\s,·])(?P<title>[가-힣]{{2,20}}) )?(?<![가-힣])(?P<name>[{surnames}][가-힣]{{1,2}})동지"
    )


def korean_mentions(text: str) -> list[Found]:
    """Return the name, titles, start and end of each mention in a Korean text."""
    leaders = data()["korean"]["leaders"]
    found: list[Found] = []
    for match in _pattern().finditer(text):
        if match["leader"]:
            found.append((leaders[match["leader"]], (), *match.span("leader")))
        else:
            name = match["name"]
            titles = (match["title"],) if match["title"] else ()
            found.append((name_of(name) or name, titles, *match.span("name")))
    return found
