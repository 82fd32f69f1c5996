"""Patterns of words that show the kind of an activity."""

from __future__ import annotations

import re

MILITARY = re.compile(
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
DIPLOMATIC = re.compile(
    r"\b(?:embass(?:y|ies)|ambassadors?|envoys?|diplomatic (?:corps|envoy)|talks?|credentials"
    r"|(?:courtesy|farewell) call|foreign (?:guests|minister|friends|delegat)|signed here"
    r"|signing ceremony|signing of"
    r"|was signed|were signed|signed an? (?:[\w-]+ ){0,3}(?:declaration|agreement|protocol)|inked"
    r"|state visit|goodwill visit|official visit"
    r"|military attaches?)\b",
    re.IGNORECASE,
)
FOREIGN = re.compile(
    r"\b(?:Chinese|Russian|Cuban|Vietnamese|Lao|Laotian|Mongolian|Iranian|Syrian|Indonesian"
    r"|Cambodian|Japanese|American|"
    r"Indian|Pakistani|Nigerian|Egyptian|Swedish|German|British|Swiss|Polish|Malaysian|Thai"
    r"|Singaporean|Palestinian"
    r"|Bangladeshi?|Nepalese|Namibian|Ugandan|Zimbabwean|Ethiopian|Guinean|Congolese|Belarusian"
    r"|Bulgarian|Romanian|"
    r"Czech|Libyan|South African|Tanzanian|Angolan|Mexican|Peruvian|Brazilian|Venezuelan|U\.S\.|UN"
    r"|EU|foreign)\b"
)
GUESTS = re.compile(
    r"\b(?:delegations?|guests?|party|president|premier|prime minister|minister|secretary|group"
    r"|mission|representative|chairman|friends?)\b",
    re.IGNORECASE,
)
MET = re.compile(
    r"\b(?:met(?! (?:at the [A-Z]|in [A-Z]|in front))|meets?|receiv(?:ed|es)|talk|conversation|greeted"
    r"|greets|seen off"
    r"|saw off|sees off"
    r"|(?:gave|arranged|hosted) an? (?:\w+ )?party|banquet|reception|dinner|luncheon|hosted|arrived|left"
    r"|leaves|arrives|returned|handed|conversed)\b"
)
VISIT = (
    r"[Mm]ausoleum|[Cc]emetery|[Pp]alace of the Sun|Memorial Palace|wreaths? (?:was|were|laid|before)"
    r"|[Ww]reath-laying"
    r"|(?:laid|lays|placed|laying) (?:\w+ ){0,3}(?:wreaths?|floral|flowers|bouquets?)"
    r"|(?:baskets|bouquets|Flowers|flowers) (?:were |was )?(?:laid|placed)|bereaved|bier"
    r"|condolences?|homage|tribute|statues?|polls?|polling|climbed|climbs|ascended"
    r"|cast (?:his|her|their)? ?(?:vote|ballot)|voted|new houses? of|patients?|hospitalized"
    r"|memorial service|last farewell|flood victims|war veterans|(?:aid|relief) materials|monument"
    r"|Liberation Tower|Friendship Tower"
    r"|[Rr]evolution(?:ary)? [Mm]useum|[Bb]irthplace"
    r"|visited (?:the )?(?:[A-Z]\w+ ){1,3}Revolutionary (?:Battle )?Sites?"
    r"|(?:visited|visit) (?:the )?families|Friendship Exhibition"
    r"|Mangyongdae(?! (?:Revol|School|Child|Prize|District|Fun))"
)
PERFORMANCE = (
    r"[Pp]erformances?(?! [Tt]est)|[Cc]oncerts?|[Ss]kits?|[Cc]omed(?:y|ies)|[Ff]ilms?(?! [Ss]tudio)|[Gg]ames?"
    r"|[Mm]atch(?:es)?|[Ee]xhibition|[Ss]how"
    r"|[Cc]eremon(?:y|ies)|[Oo]pening(?! (?:speech|address|remarks|report))|[Ii]naugurat\w+"
    r"|(?<!newly )[Cc]ommission(?:ed|ing)|[Cc]ircus|[Oo]pera|skating|swimming"
    r"|[Bb]anquet|[Pp]arty (?:was|for|given|provided)|(?:gave|hosted|arranged) a party|[Rr]eception"
    r"|photo(?: session)?"
    r"|[Cc]elebrat(?:ion|ed)"
    r"|[Ff]estival|ground-?breaking|[Cc]ontests?|[Ff]air|church|[Ee]ntertainment"
    r"|[Mm]ass(?:es)?(?! (?:rall|meeting|game|of))|service|unveil\w+|[Pp]arade"
    r"|soiree|ball|[Tt]ournament|[Gg]ala|fireworks|dancing|[Aa]rt (?:troupe|performance)|[Cc]horus"
    r"|[Ee]nsemble|play\b|drama|[Cc]ompetition|wedding|birthday spread"
)
MEETING = (
    r"[Mm]eetings?|[Cc]ongress|[Ss]essions?|[Pp]lenary|[Cc]onferences?|[Ss]ymposi\w+|[Ss]eminars?|joint event"
    r"|[Ll]ectures?|[Rr]all(?:y|ies)|[Ss]hort course|forum|[Gg]athering|[Bb]riefing|round-table|consultative"
    r"|met in|(?<!were )(?<!was )met at|[Pp]ublic [Pp]resentation|workshop|[Dd]ebate"
)
INSPECTION = (
    r"guidance|inspect\w*|looked round|went round|[Ff]actory|[Ff]arm|[Mm]ill"
    r"|[Cc]onstruction|[Cc]omplex|[Pp]ower [Ss]tation|toured|learned about|acquaint\w*"
)
