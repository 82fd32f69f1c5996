"""Decide whether a finding belongs to another gathering than the findings before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kcna_spider.search.people.activity import Text
from kcna_spider.search.people.appearance_groups import contains
from kcna_spider.search.people.found import PRESENT, SPOKE, Found, is_new

# The gathering of a list of those present: "Present at the ceremony held at the cemetery were".
_AT = re.compile(r"[A-Z][^,]{0,45}? at the (?P<site>[^,]{0,90}?[A-Z][^,]{0,60}?) (?:was|were) ")
_PRESENT_AT = re.compile(
    r"\b(?:was|were) (?:also )?(?:present|on hand) at the (?P<site>[^,.]{0,90}?[A-Z][^,.]{0,60})"
)
# A sentence on another gathering, directly before a list of those present.
_HELD = re.compile(r"\b(?:(?:was|were) (?:also )?held|took place|met at)\b")
_GIVEN = re.compile(r"\b(?:given|staged|performed|gave|hosted|arranged)\b")
_WERE_PRESENT = (' present"', ' on hand"')  # ends of reasons
_DELIVERED = ('"made', '"delivered')
# Words in titles of articles on several meetings, each with one report.
_MEETINGS = re.compile(
    r"\b(?:[Mm]eetings|[Rr]allies|[Ee]vents|[Ff]unctions|[Gg]atherings"
    r"|[Cc]elebrated|[Cc]ommemorated|[Mm]arked|[Oo]bserved)\b"
)
_OTHER_MEETING = re.compile(
    r"^(?:In|At) (?:an?|another) [^,]*\bmeeting\b|\bat the (?:[\w’']+ ){0,3}meeting of\b"
    r"|\bat the [\w’]+'s meeting\b"
)
_BEFORE_LIST = 500  # characters before a list that are searched


def is_other_gathering(article: Text, one: Found, group: Sequence[Found]) -> bool:
    """Return whether a finding is of another gathering, by a list, a place or the report of a meeting."""
    if one.rank == PRESENT and any(other.rank == PRESENT for other in group):
        return _is_gathering(article.body, one.sentence.start) or _is_at_another(one, group)
    if not is_new(one, group):
        return False
    return _is_at_another(one, group) or _is_of_other_meeting(article, one, group)


def _is_gathering(body: str, start: int) -> bool:
    """Return whether the sentence before a position is on another gathering: "Pupils met at the hall"."""
    before = body[max(0, start - _BEFORE_LIST) : start].rstrip()
    if not before.endswith("."):
        return False
    last = re.split(r"[.\n]", before[:-1])[-1].lstrip()
    is_other = last.startswith(("Meanwhile", "Earlier")) or "same day" in last
    return bool(_HELD.search(last) or (is_other and _GIVEN.search(last)))


def _is_at_another(one: Found, group: Sequence[Found]) -> bool:
    """Return whether those present, according to two sentences, were at different gatherings."""
    if (here := _site(one)) is None:
        return False
    others = [site for other in group if (site := _site(other))]
    return bool(others) and not any(contains(site, here) for site in others)


def _site(found: Found) -> str | None:
    """Return what a sentence on those present names as the gathering, or None."""
    if found.rank == PRESENT:
        match = _AT.match(found.sentence.text)
    else:
        match = _PRESENT_AT.search(found.sentence.text) if found.reason.endswith(_WERE_PRESENT) else None
    return match["site"] if match else None


def _is_report(found: Found) -> bool:
    """Return whether a person delivered the report of a meeting."""
    return found.rank == SPOKE and found.reason.endswith(' report"') and found.reason.startswith(_DELIVERED)


def _is_of_other_meeting(article: Text, one: Found, group: Sequence[Found]) -> bool:
    """Return whether a person spoke at another of the meetings that the title announces.

    Each meeting has one report.
    """
    if one.rank != SPOKE or not _MEETINGS.search(article.title):
        return False
    has_report = _is_report(one) and any(map(_is_report, group))
    return has_report or _OTHER_MEETING.search(one.sentence.text) is not None
