"""Find places that are not named as a site is: terminals, countries, sites that were opened."""

from __future__ import annotations

import re

from kcna_spider.search.people.event_places import SITES, WORD, clean
from kcna_spider.search.people.people_words import words

_OPENED = re.compile(
    rf"(?:The |A |An )?(?P<name>(?:{WORD} ){{1,7}}(?:{SITES}))(?: (?:in|successfully"
    rf"|newly) [^.]{{0,120}}?,?)? "
    r"(?:was|were|has been|have been|appear(?:s|ed)?|opened|went into)\b"
)
# "the DPRK ambassador to Laos", "on a visit to the Republic of Cuba"
_ABROAD = re.compile(
    r"\b(?:[Aa]mbassador to|visit to|visited|to visit|(?:to|on) the (?:president|speaker|king|premier) of) "
    rf"(?:the )?(?P<name>{WORD}(?: (?:of (?:the )?)?{WORD}){{0,5}})"
)
_TERMINAL = re.compile(
    r"\b(?:seen off|sent off|greet(?:ed)?|met|welcomed|present|on hand|see \w+ off|left"
    r"|arrived)\b[^.;]{0,60}? at (?:the )?"
    r"(?P<name>(?:[\w-]+ ){0,3}?(?:[Aa]irport|[Rr]ailway [Ss]tation))\b"
)
_CEREMONY = re.compile(
    r"\b(?:(?:farewell|welcom\w+|send-off) ceremony (?:took place|was held)"
    r"|(?:was|were) (?:greeted|met|welcomed|seen off|sent off)) "
    r"at the (?P<name>airport|railway station)\b"
)
_BIER = re.compile(r"\bbier of (?:[a-z]+ ){0,3}(?:President )?Kim (?:Il Sung|Jong Il)\b")
_PALACE = re.compile(r"\bKumsusan (?:Memorial Palace|Assembly Hall)\b")
_STATE = re.compile(r"\b(?:Republic|Kingdom|Federation|Emirates)\b")
_HOME = re.compile(
    r"\b(?:DPRK|Korean?|Pyongyang|Chongjin|Haeju|Hamhung|Hyesan|Kaesong|Kanggye|Nampho|Rason|Sariwon|Sinuiju"
    r"|Wonsan)\b"
)


def terminal(text: str) -> str | None:
    """Return the airport or station at which somebody arrived, left, was met or was seen off, or None."""
    match = _TERMINAL.search(text)
    return match["name"] if match else None


def ceremony_site(body: str) -> str | None:
    """Return the airport or station at which an article reports a ceremony for a traveller, or None."""
    match = _CEREMONY.search(body)
    return match["name"] if match else None


def mourning_site(sentence: str, body: str) -> str | None:
    """Return the palace in which the bier of a leader stood, if a sentence is on a visit to it, or None."""
    match = _PALACE.search(body) if _BIER.search(sentence) else None
    return match[0] if match else None


def country_of(text: str, names: frozenset[str]) -> str | None:
    """Return the country to which an ambassador was sent or a visit was paid, or None.

    names: the persons of the article, as written.
    """
    for match in _ABROAD.finditer(text):
        name = clean(match["name"])
        for one in names:
            name = name.partition(f" {one}")[0]
        is_country = _STATE.search(name) or name.rpartition(" ")[2] in words("places")
        if is_country and not _HOME.search(name):
            return name
    return None


def opened_site(text: str) -> str | None:
    """Return the site that is the subject of the first sentence, or None: "The Haksan Mill was opened"."""
    match = _OPENED.match(text)
    return match["name"] if match else None
