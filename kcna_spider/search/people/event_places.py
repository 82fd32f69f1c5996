"""Find the place of an activity in a sentence that reports it."""

from __future__ import annotations

import re
from itertools import chain

from kcna_spider.search.people.people_words import common_words, words

SITES = "|".join(sorted(words("sites")))
WORD = r"(?:[A-Z0-9][\w’'.-]*|\d+)"
_LINK = r"(?:of|for|and|the|on|under|in|No\.|named after|honored with)"
_SITE = re.compile(
    r"\b(?P<before>at|in|to|of|round|visited|inspected|before|into|toured|with"
    r"|outside|remodeling|reconstructing) "
    r"(?:the |an? )?(?:(?!under\b|of\b|and\b|by\b|the\b)[a-z-]+ ){0,2}"
    rf"(?P<name>{WORD}(?: (?:{_LINK} ){{0,2}}{WORD}){{0,9}})"
)
HAS_SITE = re.compile(rf"\b(?:{SITES})s?\b")
_UNIT = re.compile(
    r"(?:(?:company|battalion|sub-?unit|detachment|unit) (?:honored with .{3,60}? )?(?:under"
    r"|of) )?(?:the )?(?:command of )?"
    r"(?:KPA )?(?:[Ll]arge [Cc]ombined )?[Uu]nit (?:[Nn]o\. ?)?\d+"
)
_PLAIN_SITE = re.compile(
    r"\b(?:at|in|to|before|visited) (?:the )?(?P<name>(?:[A-Z][a-z]+ )?(?:[a-z]+['’]? ){0,2}(?:airport"
    r"|[Ee]mbassy|cemetery|grave|[Cc]onsulate|hospital|theatre|airfield|palace|railway station"
    r"|parliamentary building|workers['’]? house|house of culture|club|plaza|square))\b"
)
# The unit of artistes is not the place of their performance.
_GIVEN_BY = re.compile(r"\b(?:given|staged|performed|presented|put on) by\b")
_NO_SITE = re.compile(
    r"House of (?:Representatives|Councill?ors|Commons|Lords)|Institute of the Juche"
    r"|University Student Councils"
    r"|\bIndustries\b|Publishing House|(?:Cultur\w+|Arts?|Photo|Book|Trade|Products?) Exhibition$"
)
_IN_THE = re.compile(r" (?:in|of) the (?=[A-Z])")
_HONORS = re.compile(r" to (?:the )?[A-Z][\w'’-]*(?: (?:(?:of|in) )?(?:the )?[A-Z][\w'’-]*)*")
_AGAIN = re.compile(r"^(?:again |also )?(?:the )?| again$")
_HONORED = re.compile(r" honored with .*? (?=under|of KPA)")
_BUILDING = re.compile(
    r"\b(?:at|in|visited|inspected) (?:the )?(?P<name>(?:(?:[A-Z][\w-]+ ){1,5}|government |state )building\b"
    r"|(?:building|premises|headquarters) of the (?:(?:of|and|for|the|[A-Z][\w'’-]+) )*"
    r"[A-Z][\w'’-]+)"
)
# Texts of 1997 to 2000 write sites in lower case: "Pyongyang silk mill".
_SMALL_SITE = re.compile(
    r"\b(?:at|in|to|visited|inspected) (?:the )?(?P<name>[A-Z][\w'’-]*"
    r"(?: (?!on\b|at\b|in\b|to\b|and\b|of\b|for\b|with\b|by\b|from\b|whose\b"
    r"|the\b)[\w'’-]+){0,5}? (?:farm|mill"
    r"|factory|plant|power station|hospital|school|hotel|theatre|hall|house of culture|stadium|museum|palace"
    r"|complex|mine|university|square|cemetery|gallery|port|resort))\b"
)
_AMBASSADOR = re.compile(
    r"\b(?!DPRK|Korean|The)(?P<country>[A-Z]\w+) (?:[Aa]mbassador|[Cc]harg[eé]|[Ee]mbassy)"
    r"|\b[Aa]mbassador of (?!the DPRK)(?:the )?(?P<of>[A-Z]\w+)"
)
_THE_EMBASSY = re.compile(r"(?:his |her |the )?[Ee]mbassy")
_HOST = re.compile(r"\b(?P<name>[A-Z]\w+ [Ee]mbassy) (?:here )?(?:arranged|hosted|gave|held)\b")
_COUNTRIES = ("China", "Japan", "Korea", "DPRK", "North", "South")
_AREA = re.compile(
    r"\b(?:visited|inspected|toured|guidance to|round) (?:the )?(?P<name>(?:[\w-]+ ){0,5}(?:areas?"
    r"|site|factory|farm|houses?|village|construction)\b[^,.]{0,80}?)"
    r"(?= on | which | newly |,|\.|$| to | together | with | and \w+ed )"
)
_LEFT = re.compile(
    r"\bleft here\b|^Also (?:leaving|departing|arriving|returning)\b|\b(?:returned|returning|back) home\b"
    r"|\bleft home\b"
)
# "The diplomatic corps here" does not name the place of the event, unless a day follows.
_HERE = re.compile(
    r"(?<!corps )(?<!attaches )(?<!embassy )(?<!Embassy )(?<!missions )(?<!envoys )(?<!organizations )"
    r"(?<!staying )\bhere\b|\bhere (?:on [A-Z]|[A-Z]\w+day|today|yesterday)"
)
_VISITED = re.compile(
    r"\b(?:visited|visits|inspected|toured|arrived in|left|guidance (?:to|at)) (?:the )?"
    rf"(?P<name>{WORD}(?: {WORD}){{0,3}})"
)
_CITY = re.compile(rf"(?<!revolution )(?<!Revolution )\bin (?P<name>{WORD}(?: {WORD}){{0,3}})")
_NO_PLACE = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan"
    r"|Feb|Aug|Sept?|Oct|Nov|Dec"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|President|Comrade|Chairman"
    r"|General(?! (?:[A-Z][\w-]+ )*(?:and|Cent(?:re|er)|Factory|Hospital|Plant)\b)"
    r"|Secretary|Marshal"
    r"|WPK|CPC|Juche|Songun|Kim|\d+)\b"
)
# "July 7 Mill", "Kim Chaek Mill"
_NAMED_AFTER = re.compile(r"May Day [A-Z]|[A-Z]\w+ (?:\d+|General) [A-Z]|Kim [A-Z]\w+(?: [A-Z]\w+)? [A-Z]")
# A day or an occasion after a site: "Haksan Hall Sunday on the 45th anniversary", "Haksan Hall on May 2".
_WHEN = re.compile(
    r" (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|for President"
    r"|on (?:the )?(?:\d|Day|Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)).*$"
)
_TAIL = re.compile(
    r"(?: (?:at|which|who|On|on|in|of|for|the|and|under|Monday|Tuesday|Wednesday|Thursday|Friday"
    r"|Saturday|Sunday|Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec|Aug\.|Sept\.|Oct\."
    r"|Nov\.|Dec\.|Jan\.|Feb\.|January|February|August|September|October|November|December|\d{1,2}))+\.?$"
)
_PERSON = re.compile(r"\b(?:Director|Secretary|Minister|General of|President of|Chairman)\b")
_ORGANISATION = re.compile(
    r"\b(?:Ministry|Committee|Party|Army|Commission|Assembly|Association|Department|Bureau|Council"
    r"|Government|Federation|League|Union|Staff|Society|Representatives|Councillors|Sciences|Senate"
    r"|Parliament"
    r"|Republic|Kingdom)\b"
)


def place_of(text: str, dateline: str | None, names: frozenset[str]) -> tuple[str, bool] | None:
    """Return the most exact place that a sentence names, and whether it is a site, or None.

    dateline: the place of the dateline, which "here" means. names: the persons of the article, as written.
    """
    if dateline and _LEFT.search(text):
        return dateline, True
    unit = _UNIT.search(text) if "nit " in text else None
    if unit and not _GIVEN_BY.search(text, 0, unit.start()):
        return _HONORED.sub(" ", unit[0]).strip(), True
    if site := _named_site(text, names) or _other_site(text):
        return site, True
    if dateline and _HERE.search(text):
        return dateline, False
    return _city(text, names)


def _named_site(text: str, names: frozenset[str]) -> str | None:
    """Return the first site with a proper name, or None; sites after "of", "with" or "from" come last.

    "The minister of Public Works at the Haksan Hall" was in the hall.
    """
    for match in sorted(_SITE.finditer(text), key=lambda match: match["before"] in ("of", "with", "from")):
        if match["before"] == "of" and _GIVEN_BY.search(text, 0, match.start()):
            continue
        name = _without_host(clean(match["name"]))
        if name == "Monument" and (honored := _HONORS.match(text, match.end("name"))):
            return name + honored[0]
        if _is_site(name) and not any(one in name for one in names if f"{one} " not in name):
            return name
    return None


def _other_site(text: str) -> str | None:
    """Return a site such as an airport, an embassy or the building of a ministry, or None."""
    for pattern in (_HOST, _BUILDING, _SMALL_SITE, _PLAIN_SITE, _AREA):
        if found := pattern.search(text):
            return _embassy(_AGAIN.sub("", clean(found["name"])), text)
    return None


def _without_host(name: str) -> str:
    """Return a name without the organisation before the site: "Council of the Haksan Company"."""
    parts = _IN_THE.split(name)
    if len(parts) > 1 and HAS_SITE.search(parts[-1]) and not HAS_SITE.search(parts[-2]):
        return parts[-1]
    return name


def _embassy(name: str, text: str) -> str:
    """Return the name of a place. "His embassy" of a Mongolian ambassador becomes "Mongolian embassy"."""
    host = _AMBASSADOR.search(text) if _THE_EMBASSY.fullmatch(name) else None
    return f"{host['country'] or host['of']} embassy" if host else name


def _city(text: str, names: frozenset[str]) -> tuple[str, bool] | None:
    for match in chain(_VISITED.finditer(text), _CITY.finditer(text)):
        name = clean(match["name"])
        if (
            not name
            or name.isupper()
            or name in _COUNTRIES
            or name.lower() in common_words()
            or _NO_PLACE.search(name)
            or _ORGANISATION.search(name)
        ):
            continue
        if not any(one in name or name in one for one in names):
            return name, False
    return None


def _is_site(name: str) -> bool:
    """Return whether a name has the noun of a site, such as Factory, and no organisation after it."""
    sites = [match.start() for match in HAS_SITE.finditer(name)]
    if not sites or " " not in name or _NO_SITE.search(name) or _PERSON.search(name):
        return False
    if _NO_PLACE.search(name) and not _NAMED_AFTER.match(name):
        return False
    organisation = _ORGANISATION.search(name.removesuffix(" of the Korean People's Army"))
    return (
        not organisation
        or name.startswith(("Hall of", "House of", "Palace of"))
        or max(sites) > organisation.start()
    )


def clean(name: str) -> str:
    """Return the name of a place without a day, an occasion or a preposition after it."""
    name = _WHEN.sub("", name)
    return re.sub(r"[’']s?$", "", _TAIL.sub("", name.rstrip(".,")))
