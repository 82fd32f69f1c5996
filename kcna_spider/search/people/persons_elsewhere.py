"""Tell persons of the South, of Koreans abroad and of other countries from persons of the DPRK."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from kcna_spider.search.people.activity import Mention, Text
from kcna_spider.search.people.people_words import words

_NOT_OFFICE = re.compile(
    r"\b[Ss]outh (?:[Kk]orea|side|[Hh]eadquarters)|\b[Pp]uppet|Chongryon|Koreans in|\b[Ii]n (?:Japan"
    r"|China|Uzbekistan"
    r"|Kazakhstan|Kyrgyzstan)\b"
    r"|(?<!for )(?<!Aiding )(?<!reception of )[Oo]verseas|[Mm]artyr"
    r"|[Hh]eroine|(?<!verseas )compatriot|(?<!\()Pomminryon|traitor|\bworker\b(?![’'])"
    r"|\bfarmer\b(?![’'])|\bstudent\b"
    r"|\bresident\b|Hanchongryon|(?:Democratic (?:Workers'|Labou?r)|Grand National|New Korea|Minju"
    r"|Saenuri|Uri) Party"
    r"|Seoul|Hyundai|[Aa]ssemblyman|[Ll]awmaker|Unification"
    r"|International Taekwon-[Dd]o Federation|\bITF\b|\bKorean University\b"
    r"|\b[A-Z]\w+-Korea (?:Friendship|Solidarity)"
    r"|National Democratic Front|NDFSK|AINDF|Pomchonghakryon|Independent States"
    r"|Ministry of National Defence(?! of the D)|Culture and Tourism|Finance and Economy"
    r"|National Intelligence|Confederation of Koreans"
    r"|\b[Ww](?:ife|idow) of\b"
)
# Words for an office of the DPRK. A person in an article about Koreans abroad or in the South needs one.
_OFFICE = re.compile(
    r"\bDPRK\b|Workers' Party of Korea|\bWPK\b|\bKPA\b|Korean People's Army|[Pp]residium|Political Bureau"
    r"|Supreme People's Assembly|\bSPA\b|[Cc]abinet|[Mm]inist|[Pp]remier|National Defence|State Affairs"
    r"|(?<!Democratic )Worker(?:s'|'s) Party|Asia-Pacific Peace|Peaceful Reunification|Cultural Relations"
    r"|Reunification of the Fatherland|Social Democratic|Chondoist|north(?:ern)? side|[Pp]rovincial"
    r"|General Federation of (?:the Unions|Trade)|National Reconciliation Council"
    r"|Rodong Sinmun|Korean Central (?:News Agency|Broadcasting)"
    r"|Central Committee of the Korean|(?:for|Aiding|reception of) [Oo]verseas|[Nn]orth [Hh]eadquarters"
    r"|People's Committee|[Ss]tate \w+ [Cc]ommission|party central committee|National Economic Cooperation"
)
_ABROAD = re.compile(
    r"(?<!for )(?<!from )\b[Ss](?:\.|outh) ?Korea|\bSeoul\b|\b[Pp]uppet|\bin (?:Tokyo|Osaka)\b"
    r"|\b(?:of|by) Koreans\b"
    r"|\bKoreans (?:in|Resid|resid|Abroad|abroad)"
    r"|Chongryon|Korean [Nn]ationals|\b[Cc]ompatriots\b|[Oo]verseas Korean|\bin Japan\b|, Japan\b"
    r"|Pomminryon|NDFSK|AINDF"
)
# The chief of its mission in Pyongyang is no person of the DPRK.
_FRONT = re.compile(r"National Democratic Front|\b(?:NDFSK|AINDF)\b")
_CHIEF = re.compile(r"[Cc]hief(?: of (?:the|its) [Mm]ission)?$")
_GROUP_ABROAD = re.compile(
    r"(?:Koreans|Korean (?:[Nn]ationals|[Rr]esidents)) in (?=[A-Z]|the (?:[A-Z]|south\b"
    r"|former\b))(?!the North)"
    r"|compatriots (?:in|from|abroad)\b"
)
# The organisation after a name: "Chairman Ri Ho of the Party".
_OF_ORGANISATION = re.compile(
    r" of (?:the )?(?:(?:[a-z]+ ){1,4}(?:commission|committee|ministry|bureau|union|association|society"
    r"|party)\b"
    r"|[\w'’-]+(?: (?:(?:Koreans|[Nn]ationals|[Rr]esidents) in [A-Z]\w+|[A-Z][\w'’-]*"
    r"|(?:of|for|the)(?= (?:the )?[A-Z])))*)"
)
_HOSTS = re.compile(
    r"\bby [^.;]{0,240}?\band (?:other )?officials concerned"
    r"|\b(?:greeted|met|seen off) at the (?:\w+ )?(?:airport|station) by [^.;,]{0,80}"
)
# The place of a meeting in the first characters of an article.
_HELD_ABROAD = re.compile(
    r"\b(?:held|given|took place|opened|formed) (?:(?!to\b|for\b|against\b|on\b)[\w’'-]+ ){0,9}"
    r"in (?:Seoul|Tokyo|Osaka|[Ss]outh Korea)\b"
)
_LEAD = 300
_NORTH_HEADQUARTERS = re.compile(r"[Nn]orth(?:ern)? [Hh]eadquarters")
# Words directly before the name of a person of the South: "south Korean puppet Foreign Minister Ri Ho".
_SOUTHERN = re.compile(
    r"\b(?:[Ss]outh Korean?|[Pp]uppet)(?: (?:puppet|ruler|traitor|minister|president|[A-Z][\w’']*)){0,6} $"
)
_BESIDE = 100  # characters before a name that are searched for them
# Titles that do not show the country of an organisation: "the chairman of the association".
_OF_SOMETHING = re.compile(
    r"^(?!.*organi[sz]ing)(?:\w+[ -])?(?:[Vv]ice[ -])?[Cc]hair(?:man|person|woman)"
    r"(?: of (?:the |its )?(?:[\w-]+ ){0,2}(?:[Aa]ssociation|[Cc]onfederation|[Ff]ederation|[Hh]eadquarters"
    r"|committee))?$"
)
# What follows an office before another delegation: "chairwoman of the committee to visit Laos".
_PURPOSE = re.compile(r" to (?:visit|attend|participate|take part|hold|tour)\b")
_DPRK_TITLE = re.compile(
    r"\bDPRK\b|Korea|\bWPK\b|\bKPA\b|\b(?:[Aa]mbassador|[Cc]onsul|[Cc]harg[eé] d|[Ee]nvoy)"
)


def is_about_abroad(text: Text) -> bool:
    """Return whether an article is about Koreans abroad or in the South."""
    if text.place == "Tokyo" or _ABROAD.search(text.title):
        return True
    return _HELD_ABROAD.search(text.body, 0, _LEAD) is not None


def is_elsewhere(
    name: str, titles: list[str], first: Mention | None, body: str, *, about_abroad: bool
) -> bool:
    """Return whether a person is of the South, of Koreans abroad or of another country.

    The titles show it, and the words beside the first mention in the body. about_abroad: whether the article
    is about Koreans abroad or in the South. A person without an office of the DPRK is then one of them, and
    so is one whose family name has a spelling of the South.
    """
    if first:
        if titles and (of := _OF_ORGANISATION.match(body, first.end)):
            titles = [*titles, of[0]]
        if _SOUTHERN.search(body, max(0, first.start - _BESIDE), first.start):
            return True
    if any(map(_is_of_others, titles)):
        return True
    if any(map(_CHIEF.match, titles)) and _FRONT.search(body):
        return True
    has_office = any(map(_OFFICE.search, titles)) or _is_host(name, body)
    if about_abroad or name.partition(" ")[0] in words("southern_surnames"):
        return not has_office
    return (
        not has_office
        and any(_OF_SOMETHING.match(title) for title in titles)
        and bool(_GROUP_ABROAD.search(body))
    )


def _is_of_others(title: str) -> bool:
    """Return whether a title belongs to the South, to Koreans abroad or to another country."""
    if _NORTH_HEADQUARTERS.search(title):
        return False
    return _NOT_OFFICE.search(title) is not None or is_foreign(title)


def _is_host(name: str, body: str) -> bool:
    """Return whether a person met guests at an airport, or is named with "officials concerned"."""
    return any(name in hosts for hosts in _hosts(body))


@lru_cache(maxsize=4)
def _hosts(body: str) -> tuple[str, ...]:
    """Return the passages of a text that name hosts."""
    return tuple(match[0] for match in _HOSTS.finditer(body)) if " by " in body else ()


def is_foreign(title: str) -> bool:
    """Return whether a title belongs to another country: "vice-chairman of the Party of China"."""
    if " to " in title:
        title = _PURPOSE.split(title, maxsplit=1)[0]
    first = title.partition(" ")[0]
    if first in words("countries"):
        return True
    return not _DPRK_TITLE.search(title) and bool(_foreign().search(title))


@cache
def _foreign() -> re.Pattern[str]:
    return re.compile(rf"(?<!to )(?<![-–])\b(?:{'|'.join(sorted(words('countries')))})\b(?![-–])")
