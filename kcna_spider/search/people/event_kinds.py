"""Derive the kind of an activity from the sentences that report it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

KINDS = ("inspection", "meeting", "diplomacy", "performance", "military", "visit")
_MILITARY = re.compile(
    r"\bKPA (?:\w+ ){0,6}?(?:[Uu]nit|[Cc]ombined|[Dd]ivision|[Cc]orps|[Cc]ompan(?:y|ies)"
    r"|[Bb]attalion|[Nn]avy|[Nn]aval)\b|\b(?:[Uu]nit|[Cc]ompan\w+|[Bb]attalion|[Dd]ivision|[Rr]egiment|"
    r"[Ss]ub-?units?|[Dd]etachment)s? (?:\w+ ){0,6}?(?:under|of) (?:the )?(?:KPA|Korean People's Army|large)"
    r"|\b(?:[Uu]nit|[Ll]arge [Cc]ombined Unit|combined unit) (?:[Nn]o\. ?)?\d+|\bwarships?\b"
    r"|\bsubmarines?\b|\bdrills?\b|\bmaneuvers?\b|\btest-?(?:fir|launch)\w*"
    r"|\blaunch(?:ing|es)? (?:of|drill)\b|\brockets?\b|\bmissiles?\b|\bICBM|\bmunitions?\b"
    r"|\bartillery\b|\bfir(?:e|ing) (?:strike|contest|drill|match|power)"
    r"|\b(?:flight|combat) (?:\w+ ){0,2}(?:contest|training|drill)"
    r"|\bweapon(?<!ideological weapon)(?<!political weapon)(?<!called weapon)\w*"
    r"|\bNaval University|\bMilitary (?:University|Academy)|\bmilitary (?:(?:and civilian )?parade"
    r"|universit|academ|camp|drill|exercise|training|satellite|equipment)"
    r"|\b[Pp]arachut\w+|\b[Tt]arget-strik\w+|\bdefence detachment|\b(?:islet|island) (?:defen|defence)"
    r"|\b(?:nuclear(?! war\b)|H-bomb)\b|\btank (?:division|crew|unit|driver)|\bcommand of\b.*(?:KPA"
    r"|navy|air)|\b(?:inspected|visited) the Command of\b"
    r"|\b(?:outpost|forefront|front-line|frontline)\b|\bmilitary\b.*\b(?:base|airfield|unit)\b"
    r"|\bdrones?\b|\bDefen[cs]e Science|\bhigh-power engine|\b(?:artillery|air|pilot|flight)\w* (?:unit"
    r"|regiment|officers)",
)
_DIPLOMATIC = re.compile(
    r"\b(?:embass(?:y|ies)|ambassadors?|envoys?|diplomatic (?:corps|envoy)|talks?|credentials"
    r"|(?:courtesy|farewell) call|foreign (?:guests|minister|friends|delegat)|signed here"
    r"|signing ceremony|signing of"
    r"|was signed|were signed|signed an? (?:[\w-]+ ){0,3}(?:declaration|agreement|protocol)|inked"
    r"|state visit|goodwill visit|official visit"
    r"|military attaches?)\b",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"\b(?:Chinese|Russian|Cuban|Vietnamese|Lao|Laotian|Mongolian|Iranian|Syrian|Indonesian"
    r"|Cambodian|Japanese|American|"
    r"Indian|Pakistani|Nigerian|Egyptian|Swedish|German|British|Swiss|Polish|Malaysian|Thai"
    r"|Singaporean|Palestinian"
    r"|Bangladeshi?|Nepalese|Namibian|Ugandan|Zimbabwean|Ethiopian|Guinean|Congolese|Belarusian"
    r"|Bulgarian|Romanian|"
    r"Czech|Libyan|South African|Tanzanian|Angolan|Mexican|Peruvian|Brazilian|Venezuelan|U\.S\.|UN"
    r"|EU|foreign)\b"
)
_GUESTS = re.compile(
    r"\b(?:delegations?|guests?|party|president|premier|prime minister|minister|secretary|group"
    r"|mission|representative|chairman|friends?)\b",
    re.IGNORECASE,
)
_MET = re.compile(
    r"\b(?:met(?! (?:at the [A-Z]|in [A-Z]|in front))|meets?|receiv(?:ed|es)|talk|conversation|greeted"
    r"|greets|seen off"
    r"|saw off|sees off"
    r"|(?:gave|arranged|hosted) an? (?:\w+ )?party|banquet|reception|dinner|luncheon|hosted|arrived|left"
    r"|leaves|arrives|returned|handed|conversed)\b"
)
_VISIT = (
    r"[Mm]ausoleum|[Cc]emetery|[Pp]alace of the Sun|Memorial Palace|wreaths? (?:was|were|laid|before)"
    r"|[Ww]reath-laying"
    r"|(?:laid|lays|placed|laying) (?:\w+ ){0,3}(?:wreaths?|floral|flowers|bouquets?)"
    r"|(?:baskets|bouquets|Flowers|flowers) (?:were |was )?(?:laid|placed)|bereaved|bier"
    r"|condolences?|homage|tribute|statues?|polls?|polling|climbed|climbs|ascended"
    r"|cast (?:his|her|their)? ?(?:vote|ballot)|voted|new houses? of|patients?|hospitalized"
    r"|memorial service|last farewell|flood victims|war veterans|(?:aid|relief) materials|monument"
    r"|Liberation Tower|Friendship Tower"
    r"|[Rr]evolution(?:ary)? [Mm]useum|[Bb]irthplace"
    r"|Friendship Exhibition|Mangyongdae(?! (?:Revol|School|Child|Prize|District|Fun))"
)
_PERFORMANCE = (
    r"[Pp]erformances?(?! [Tt]est)|[Cc]oncerts?|[Ss]kits?|[Cc]omed(?:y|ies)|[Ff]ilms?(?! [Ss]tudio)|[Gg]ames?"
    r"|[Mm]atch(?:es)?|[Ee]xhibition|[Ss]how"
    r"|[Cc]eremon(?:y|ies)|[Oo]pening(?! (?:speech|address|remarks|report))|[Ii]naugurat\w+"
    r"|(?<!newly )[Cc]ommission(?:ed|ing)|[Cc]ircus|[Oo]pera|skating|swimming"
    r"|[Bb]anquet|[Pp]arty (?:was|for|given|provided)|(?:gave|hosted|arranged) a party|[Rr]eception"
    r"|photo(?: session)?"
    r"|[Cc]elebrat(?:ion|ed)"
    r"|[Ff]estival|ground-?breaking|[Cc]ontests?|[Ff]air|church|mass|service|unveil\w+|[Pp]arade"
    r"|soiree|ball|[Tt]ournament|[Gg]ala|fireworks|dancing|[Aa]rt (?:troupe|performance)|[Cc]horus"
    r"|[Ee]nsemble|play\b|drama|[Cc]ompetition|wedding|birthday spread"
)
_MEETING = (
    r"[Mm]eetings?|[Cc]ongress|[Ss]essions?|[Pp]lenary|[Cc]onferences?|[Ss]ymposi\w+|[Ss]eminars?|joint event"
    r"|[Ll]ectures?|[Rr]all(?:y|ies)|[Ss]hort course|forum|[Gg]athering|[Bb]riefing|round-table|consultative"
    r"|met in|(?<!were )(?<!was )met at|[Pp]ublic [Pp]resentation|workshop|[Dd]ebate"
)
_INSPECTION = (
    r"guidance|inspect\w*|looked round|went round|[Ff]actory|[Ff]arm|[Mm]ill"
    r"|[Cc]onstruction|[Cc]omplex|[Pp]ower [Ss]tation|toured|learned about|acquaint\w*"
)
_NOUNS = {"visit": _VISIT, "performance": _PERFORMANCE, "meeting": _MEETING, "inspection": _INSPECTION}
_FIRST = re.compile("|".join(rf"(?P<{kind}>\b(?:{words})\b)" for kind, words in _NOUNS.items()))
_AT_EMBASSY = re.compile(
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
    r"\b(?:[Aa]mbassador|[Ee]mbassy|[Cc]onsul\w*|[Cc]harge d|attaches?|diplomatic|International"
    r"|People's Republic of China|PRC|Friendship Association|Foreign Countries)\b|" + _FOREIGN.pattern
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


def kind_of(title: str, lead: Sequence[str], deciding: str) -> str:
    """Return the kind of an activity. lead: its first sentences. deciding: the sentence with the persons."""
    both = f"{title}. {' '.join(lead)} {deciding}"
    stage, guided = _ENJOYED.search(both), _GUIDED.search(both)
    if stage and (not guided or _PHOTO.search(title)) and _STAGE.search(both):
        return "performance"
    is_stage = _FIRST_IS_STAGE.search(title) or (_CEREMONY.search(title) and not _ARMS.search(title))
    if _MILITARY.search(both) and (guided or not is_stage):
        return "military"
    kind = _first_noun(deciding[:_OPENING] if deciding.startswith(_LISTS) else "") or _first_noun(
        " ".join(lead[:1])
    )
    if kind == "performance" and "eremon" in deciding[:_OPENING] and _first_noun(" ".join(lead)) == "visit":
        kind = "visit"
    if kind in ("visit", "inspection") and not guided and _OPENED.search(" ".join(lead)):
        kind = "performance"
    kind = kind or _first_noun(title) or _first_noun(both)
    if _AT_EMBASSY.search(both) or _is_reception(" ".join(lead[:2]), deciding):
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
    told = f"{lead} {deciding}"
    if (award := _AWARD.search(told)) and _HOSTS.search(award[0]):
        return True
    return bool(_RECEPTION.search(told) and _HOSTS.search(told))


def _kind_of_act(deciding: str) -> str:
    """Return the kind of an activity without a noun of a kind, from words for meeting or speaking."""
    if _MET.search(deciding):
        return "diplomacy"
    if re.search(r"\b(?:speech|address|said|stressed|report|floor|platform)\b", deciding):
        return "meeting"
    return "inspection"


def _first_noun(text: str) -> str:
    found = _FIRST.search(text)
    return str(found.lastgroup) if found else ""


_FIRST_IS_STAGE = re.compile(
    r"\b(?:Meeting|Performance(?! test)|Concert|Exhibition|Reception|Banquet|Feted|Photo|Film|Talks|Wreaths?"
    r"|Floral)\b",
    re.IGNORECASE,
)
_ARMS = re.compile(
    r"parade|missile|rocket|weapon|munition|hwasong|launch|test-fire|\bunits?\b", re.IGNORECASE
)
_CEREMONY = re.compile(
    r"\b(?:Ceremony|Complet\w+|Inaugurat\w+|Commissioned|Seminar|Symposium|Lecture|Opens?|Opened|Rally"
    r"|Shows?)\b",
    re.IGNORECASE,
)


def _is_diplomatic(text: str, kind: str) -> bool:
    if kind == "visit":
        return False
    has_guests = bool(_FOREIGN.search(text) and _GUESTS.search(text)) or bool(_ABROAD.search(text))
    met = bool(_MET.search(text))
    if _DIPLOMATIC.search(text) and (kind not in ("performance", "meeting") or met):
        return True
    return has_guests and met
