"""Give a title in the plural to each person of its list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from kcna_spider.search.people.activity import Mention

_SINGULAR = {
    "secretaries": "secretary", "chairmen": "chairman", "directors": "director", "members": "member",
    "ministers": "minister", "vice-chairmen": "vice-chairman", "vice-ministers": "vice-minister",
    "vice-premiers": "vice-premier", "vice-presidents": "vice-president", "generals": "general",
    "officials": "official", "vice-directors": "vice-director", "deputies": "deputy", "marshals": "marshal",
    "ambassadors": "ambassador", "commanders": "commander", "advisers": "adviser", "premiers": "premier",
    "presidents": "president", "vice-chairpersons": "vice-chairperson", "delegates": "delegate",
}  # fmt: skip
_PLURAL = re.compile(rf"\b(?:{'|'.join(_SINGULAR)})\b", re.IGNORECASE)
_JOINED = re.compile(r",? and |, ")


def with_plural_titles(found: Sequence[Mention], text: str) -> list[Mention]:
    """Return the mentions of a text, with a plural title given in the singular to each person of its list.

    "A and B, secretaries of the committee" makes both a secretary, as does "Secretaries A and B".
    """
    people = list(found)
    for number, mention in enumerate(found):
        for title in mention.titles:
            if not _is_plural(title):
                continue
            single = _PLURAL.sub(_singular, title)
            titles = tuple(single if one == title else one for one in people[number].titles)
            people[number] = replace(mention, titles=titles)
            is_before = text[max(0, mention.start - len(title) - 1) : mention.start].endswith(f"{title} ")
            _share(people, text, number, 1 if is_before else -1, single)
    return people


@lru_cache(maxsize=1 << 14)
def _is_plural(title: str) -> bool:
    return bool(_PLURAL.search(title))


def _share(people: list[Mention], text: str, number: int, step: int, title: str) -> None:
    """Give a title to the persons without one who are joined to a person.

    step: 1 for the persons after it, -1 for those before it.
    """
    here = number + step
    while 0 <= here < len(people) and not people[here].titles:
        left, right = sorted((people[here], people[here - step]), key=lambda mention: mention.start)
        if not _JOINED.fullmatch(text, left.end, right.start):
            return
        people[here] = replace(people[here], titles=(title,))
        here += step


def _singular(match: re.Match[str]) -> str:
    plural, single = match[0], _SINGULAR[match[0].lower()]
    pairs = zip(plural.lower(), single, strict=False)
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), len(single))
    return plural[:same] + single[same:]
