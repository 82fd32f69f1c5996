"""Select the persons of the DPRK who may appear in an activity."""

from __future__ import annotations

import datetime as dt
import re

from kcna_spider.search.people.activity import Mention, Text
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.persons_elsewhere import is_about_abroad, is_elsewhere

# Parts of the alternatives of _MOURNED. A text without any of them is not searched.
_MOURNING = ("ier of", "late ", "Late ", "uneral", "eath of", "rave of", "ust of", "emory of", "idow of")
_MOURNED = re.compile(
    r"(?:\b[Bb]ier of|\b[Ll]ate|\b[Ff]uneral [^,.]{0,20}(?:of|for)|\b[Dd]eath of|\b(?:grave|bust|memory"
    r"|widow) of)"
    r"(?: the late| DPRK Hero| ardent patriot| \w+ martyr)?\s+$"
)
_RELATIVE = re.compile(r", (?:the )?(?:wife|widow|husband|daughter|mother|bereaved family) of ")
_BEFORE_MOURNED = 60  # characters before a name that are searched
# Titles that none of the dead in `people.toml` held, and that therefore show a namesake.
_NAMESAKE = re.compile(
    r"\b(?:[Vv]ice-)?[Cc]hair(?:woman|person)\b|\b[Vv]ice-(?:[Mm]inister|[Cc]hair)|[Aa]mbassador"
)


def persons_of(text: Text) -> list[Mention]:
    """Return the mentions of persons of the DPRK who may appear."""
    names = {mention.name for mention in text.mentions if mention.korean}
    names -= set(data()["not_dprk"])
    leaders = data()["leaders"]
    titles: dict[str, list[str]] = {name: [] for name in names}
    first: dict[str, Mention] = {}  # mentions in the body
    for mention in text.mentions:
        titles.setdefault(mention.name, []).extend(mention.titles)
        if mention.field == "body":
            first.setdefault(mention.name, mention)
    names -= {name for name in names if _is_dead(name, titles[name], text.reported)}
    names -= _mourned(text)
    names -= _relatives(text)
    if not names:
        return []
    abroad = is_about_abroad(text)
    for name in names - set(leaders):
        if is_elsewhere(name, titles[name], first.get(name), text.body, about_abroad=abroad):
            names.remove(name)
    return [mention for mention in text.mentions if mention.korean and mention.name in names]


def _relatives(text: Text) -> set[str]:
    """Return the names of persons whom an article names as relatives of others: "Ri Ho, widow of Kim A"."""
    if " of " not in text.body:
        return set()
    return {m.name for m in text.mentions if m.field == "body" and _RELATIVE.match(text.body, m.end)}


def _mourned(text: Text) -> set[str]:
    """Return the names of persons whom an article mourns: "the bier of Ri Ho", "the late Ri Ho"."""
    fields = {"title": text.title, "body": text.body}
    if not any(part in field for part in _MOURNING for field in fields.values()):
        return set()
    return {
        m.name
        for m in text.mentions
        if _MOURNED.search(fields[m.field], max(0, m.start - _BEFORE_MOURNED), m.start)
    }


def _is_dead(name: str, titles: list[str], reported: dt.date) -> bool:
    """Return whether a person died before a report, and no title shows a namesake."""
    day = data()["died"].get(name)
    if not day or dt.date.fromisoformat(day) >= reported:
        return False
    return not any(_NAMESAKE.search(title) for title in titles)
