"""Derive the kind of an activity from the sentences that report it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kcna_spider.search.people import kind_words as words

KINDS = ("inspection", "meeting", "diplomacy", "performance", "military", "visit")
_NOUNS = {
    "visit": words.VISIT,
    "performance": words.PERFORMANCE,
    "meeting": words.MEETING,
    "inspection": words.INSPECTION,
}
_FIRST = re.compile("|".join(rf"(?P<{kind}>\b(?:{nouns})\b)" for kind, nouns in _NOUNS.items()))
_SIGNING_OR_EMBASSY = re.compile(
    r"\b[Ss]igning ceremon|\b(?:document|protocol|memorandum|contract|plan)\b.*\b(?:was|were) signed\b"
    r"|\b[Aa]greements?\b.*\b(?:signed|inked|Signed|Inked)"
    r"|\b[Ee]mbassy (?:here )?(?:arranged|hosted|gave|held)|\b(?:at|visited) (?:the )?\w+ [Ee]mbassy"
    r"|\b(?:reception|banquet)\b.*\b(?:ambassador|embassy|delegation|attache)"
)
_FRIENDLY = re.compile(r"\b[Ff]riend(?:ly|ship) (?:meeting|gathering|get-together)\b")
_AWARD = re.compile(r"\b(?:award(?:ed|ing)?|conferred|confer) [^.]{0,120}")
_RECEPTION = re.compile(
    r"\b(?:[Rr]eception|(?:gave|hosted|arranged) an? (?:\w+ )?(?:[Pp]arty|luncheon|dinner)"
    r"|[Pp]arty was (?:given|held)"
    r"|[Cc]eremony of (?:conveying|handing|delivering)|[Cc]ocktail|donat(?:ed|es|ing|ion))\b"
)
_HOSTS = re.compile(
    r"\b(?:[Aa]mbassador|[Ee]mbassy|[Cc]onsul\w*|[Cc]harge d|attaches?|diplomatic"
    r"|International(?! (?:Women|Workers|Children|House|Airport|Hotel|Friendship|May|Kim))"
    r"|U\.N|United Nations|south side|[Ss]outh Korean"
    r"|in hono[u]?r of the (?:[A-Z]\w+ )?(?:\w+ )?delegation"
    r"|People's Republic of China|PRC|Friendship Association|Foreign Countries)\b|" + words.FOREIGN.pattern
)
_OPENED = re.compile(r"\b(?:opened|inaugurated|with due ceremony|opening ceremony|inaugural)\b")
_LISTS = ("Present", "Attending", "On hand", "Among the", "Seen")
_OPENING = 60  # first characters of a list of those present, which name the event
_ABROAD = re.compile(
    r"\b(?:visit to|(?:paid|pays) (?:an? )?(?:[\w-]+ )?visit(?! to the)|left (?:here|Pyongyang)|flew to"
    r"|returned (?:home|here)|on a visit)\b"
)
_GUIDED = re.compile(r"\b(?:guidance|inspect(?:s|ed|ing)|looked round|looks round|went round|toured)\b")
_STAGE = re.compile(
    r"\b(?:[Pp]erformances?|[Cc]oncert|[Ss]kit|[Cc]omedy|[Oo]pera|[Ff]ilm|photo session|[Pp]hoto(?:s|ed"
    r"|graphs?)?|[Gg]ame|[Mm]atch|[Bb]anquet|[Ee]xhibition)\b"
)
_PHOTO = re.compile(r"\b[Pp]hoto")
_ENJOYED = re.compile(
    r"\b(?:enjoy(?:s|ed)|appreciat(?:es|ed)|photo session|has (?:a )?photo|poses?|posed|had photos?"
    r"|pictures? taken"
    r"|watched (?:an? |the )?(?:\w+ ){0,3}(?:film|performance|concert|games?|match|drama|opera))\b"
)
# "Moving into new houses" is reported as a ceremony.
_MOVED = re.compile(
    r"\bmov(?:ed|ing) (?:in)?to (?:the |their )?new(?:ly[- ]built)? (?:[\w-]+ ){0,3}"
    r"(?:house|home|flat|dwelling|apartment|village|quarter)s?\b"
)
_SEMINAR = re.compile(r"(?:[\w.'’-]+[ -]){0,3}(?:Seminar|Symposium|(?:Mass|National) Rall(?:y|ies))\b")
_ATTENDS_RALLY = re.compile(r"\battends (?:\w+ ){0,2}rally\b", re.IGNORECASE)
_HOMAGE = re.compile(
    r"\bceremony (?:[^.]{1,100} )?(?:was held|took place) (?:here )?(?:at|in) (?:the )?(?:\w+ ){0,3}"
    r"(?:cemetery|Cemetery|Palace of the Sun|Memorial Palace|[Mm]ausoleum)\b"
)
_WELCOME = re.compile(
    r"\b[Cc]eremony (?:of|for) welcoming (?:the )?(?:\w+ )?(?:[Pp]remier|[Pp]resident|King)\b"
)
# Titles with these words do not make an activity military.
_CIVIL_TITLE = re.compile(
    r"\b(?:Meeting|Performance(?! test)|Concert|Exhibition|Reception|Banquet|Feted|Photo|Film|Talks|Wreaths?"
    r"|Floral)\b",
    re.IGNORECASE,
)
_ARMS = re.compile(
    r"parade|missile|rocket|weapon|munition|hwasong|launch|test-fire|\bunits?\b", re.IGNORECASE
)
_OCCASION_TITLE = re.compile(
    r"\b(?:Ceremony|Complet\w+|Inaugurat\w+|Commissioned|Seminar|Symposium|Lecture|Opens?|Opened|Rally"
    r"|Shows?)\b",
    re.IGNORECASE,
)


def kind_of(title: str, lead: Sequence[str], deciding: str) -> str:
    """Return the kind of an activity. lead: its first sentences. deciding: the sentence with the persons."""
    both = f"{title}. {' '.join(lead)} {deciding}"
    return _kind_of_occasion(title, " ".join(lead[:1]), both) or _kind_by_words(title, lead, deciding, both)


def _kind_of_occasion(title: str, first: str, both: str) -> str:
    """Return the kind that words for moving in, a seminar, a rally or a ceremony show, or an empty text."""
    if _MOVED.search(both):
        return "performance"
    if _SEMINAR.match(title) or _ATTENDS_RALLY.search(title):
        return "meeting"
    if _HOMAGE.search(first):
        return "visit"
    return "diplomacy" if _WELCOME.search(first) else ""


def _kind_by_words(title: str, lead: Sequence[str], deciding: str, both: str) -> str:
    """Return the kind that the nouns and verbs of the sentences show. both: title and sentences."""
    stage, guided = _ENJOYED.search(both), _GUIDED.search(both)
    if stage and (not guided or _PHOTO.search(title)) and _STAGE.search(both):
        return "performance"
    is_stage = _CIVIL_TITLE.search(title) or (_OCCASION_TITLE.search(title) and not _ARMS.search(title))
    if words.MILITARY.search(both) and (guided or not is_stage):
        return "military"
    kind = _first_noun(deciding[:_OPENING] if deciding.startswith(_LISTS) else "") or _first_noun(
        " ".join(lead[:1])
    )
    if kind == "performance" and "eremon" in deciding[:_OPENING] and _first_noun(" ".join(lead)) == "visit":
        kind = "visit"
    if kind in ("visit", "inspection") and not guided and _OPENED.search(" ".join(lead)):
        kind = "performance"
    kind = kind or _first_noun(title) or _first_noun(both)
    if _SIGNING_OR_EMBASSY.search(both) or _is_reception(" ".join(lead[:2]), deciding):
        return "diplomacy"
    if _is_diplomatic(both, kind):
        return "diplomacy"
    if guided and kind not in ("visit", "performance", "meeting"):
        return "inspection"
    return kind or _kind_of_act(deciding)


def _is_reception(lead: str, deciding: str) -> bool:
    """Return whether sentences report a friendly meeting, or a reception or an award with foreigners."""
    if _FRIENDLY.search(lead) or _FRIENDLY.search(deciding):
        return True
    both = f"{lead} {deciding}"
    if any(_HOSTS.search(award[0]) for award in _AWARD.finditer(both)):
        return True
    return bool(_RECEPTION.search(both) and _HOSTS.search(both))


def _kind_of_act(deciding: str) -> str:
    """Return the kind of an activity without a noun of a kind, from words for meeting or speaking."""
    if words.MET.search(deciding):
        return "diplomacy"
    if re.search(r"\b(?:speech|address|said|stressed|report|floor|platform)\b", deciding):
        return "meeting"
    return "inspection"


def _first_noun(text: str) -> str:
    found = _FIRST.search(text)
    return str(found.lastgroup) if found else ""


def _is_diplomatic(text: str, kind: str) -> bool:
    if kind == "visit":
        return False
    has_guests = bool(words.FOREIGN.search(text) and words.GUESTS.search(text)) or bool(_ABROAD.search(text))
    met = bool(words.MET.search(text))
    if words.DIPLOMATIC.search(text) and (kind not in ("performance", "meeting") or met):
        return True
    return has_guests and met
