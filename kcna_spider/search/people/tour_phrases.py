"""Patterns of the sentences that report the sites of a tour."""

from __future__ import annotations

import re

# Acts that begin a tour of an official.
OFFICIAL_TOUR = re.compile(
    r'"(?:visited|inspected|toured|went to|looked round|went round|learned about|acquainted|familiar'
    r"|(?:made|gave|conducted|provided) (?:an? )?(?:field|on-|spot|inspection|the spot))"
)
# Words for many sites that the report names by the region, unlike "visited Haksan County Hospital".
REGION = re.compile(
    r"\b(?:different|various|several|many) (?:\w+ )?(?:fields|units|domains|sectors|places)\b|\bwork in\b"
    r"|\bindustrial (?:sector|establishments)|\b(?:guidance to|visited) [A-Z]\w+(?: [A-Z]\w+)?"
    r" (?:Province|County|City)(?=[,.]|$| (?:on|and|in|to|for|from|together|with|where|which|hit)\b)"
)
_NAME = (
    r"(?:(?:an? |the |several |various |different )?[a-z-]+ of )?"
    r"(?:the |an? )?(?:newly[- ](?:built|established) |modern |new |Honored (?:\w+ )?Red Flag )?"
    r"(?P<name>(?:native|old) home(?: (?:in|at) [A-Z]\w+)?"
    r"|(?<=visited the )statue of [A-Z]\w+(?: [A-Z]\w+){1,2}"
    r"|[A-Z]\w+(?: [A-Z]\w+){1,2}['’]s (?:native|old) home|(?!Unit['’])[A-Z][\w'’.-]*"
    r"(?: (?!to\b|and\b(?! [A-Z]\w+ General )|where\b|which\b|on\b|for\b|in\b|at\b|by\b|from\b|its\b"
    r"|newly\b)[\w'’.-]+){0,7}? (?:[Ff]actor(?:y|ies)|[Mm]ills?|[Ff]arms?"
    r"|[Pp]lants?|[Mm]ines?|[Cc]omplex|[Uu]niversity(?: of [A-Z]\w+)?|[Ss]chool|[Hh]ospital"
    r"|[Ee]nterprise|[Tt]heatre|[Ss]tudio|[Ii]nstitute|[Ss]hipyard|[Dd]ockyard|[Rr]anch|[Oo]rchard"
    r"|[Cc]amp|[Ss]tation|[Tt]emple|[Cc]olliery|Works|Smelter(?:y)?|[Pp]ort|Airport|Museum|Market|Hotel|Metro"
    r"|[Bb]ank|[Bb]ranch|[Aa]cademy|[Pp]ool|[Uu]nit (?:[Nn]o\. ?)?\d+|[Ss]tadium|[Pp]ark"
    r"|Grave|Tomb|Mausoleum|Cemetery|Group|Corporation|[Bb]attalion|Company|Detachment|Battery|Post"
    r"|[Ss]hop|[Ss]tore|[Rr]estaurant"
    r"|[Gg]allery|Exhibition|[Rr]est [Hh]ome|Zoo|Garden|Palace|House of Culture)"
    r"(?: (?:[A-Z][\w-]+ ){0,3}(?:Factory|Plant|Complex|Enterprise|Institute|Station|Museum)| No\. \d+"
    r"| of (?:the )?(?:[A-Z][\w-]+ ){0,3}(?:Bank|Sciences?))?)\b(?!['’])"
)
_TOURED = (
    r"(?:visited|inspected|arrived at|(?:began|started) (?:his|the) [\w -]{3,30} (?:by|with) visiting"
    r"|(?:went|moved|proceeded)(?: over| on| first)? to|dropped in at|called at|toured"
    r"|guided (?:the )?work (?:of|at|on)"
    r"|walked round|(?:gave|provided) (?:field|on-the-spot|on-site|on-spot|onsite) guidance to"
    r"|(?:looked|went) (?:a?round|over)(?: again)?)"
)
_SURVEYED = (
    r"(?:(?:made (?:an? )?(?:field|on-the-spot|on-site) surveys?|learn(?:ed|t)|surveyed|examined"
    r"|(?:acquainted|(?:got )?familiari[sz]ed) (?:him|her|them)sel(?:f|ves))\b[^.;]{0,120}? (?:at|of|in"
    r"|to|with|about|for remodell?ing))"
)
_WHO = (
    r"(?:[Hh]e|[Ss]he|(?P<they>[Tt]hey)|(?:[Tt]he )?(?:[\w-]+ ){0,6}?(?P<who>\w+)(?: and (?:his"
    r"|her) party)?)"
)
_WHEN = (
    r"^(?P<when>[A-Z][^,.]{2,80}, |On the same day |On [A-Z]\w+\.? \d{1,2} |That day |The same day "
    r"|Then |Later |Earlier )?"
)
_CUES = r"(?P<cue>(?:also |then |next |later |afterwards |first )*)"
STOP = re.compile(rf"{_WHEN}{_WHO} {_CUES}(?:{_TOURED}|{_SURVEYED}) {_NAME}")
# "Then he visited the family of Kim A"
HOME = re.compile(
    rf"{_WHEN}{_WHO} {_CUES}(?:visited|called at|dropped in at) (?:the )?"
    r"(?P<name>(?:famil(?:y|ies)|homes?|houses?|apartments?|flats?) of [^,.]{3,60}?)"
    r"(?= and | who | in | at | for | to |[,.])"
)
PART_OF_SITE = re.compile(r"\b(?:hostel|hall|room|kitchen|workshop|shop|process|wing)\b")
ROUND = re.compile(
    r"^(?P<when>(?:Touring )?)(?P<cue>)(?:(?<=Touring )|(?:Going round|Visiting|Inspecting)(?: again)? "
    rf"|Acquainting (?:him|her)self with [^,.]{{3,60}}? (?:at|of|on|in) ){_NAME}[^.]*?, {_WHO} \w+"
)
# "Touring various areas of South Hwanghae Province, he stressed"
AREA = re.compile(
    r"^(?:Touring|Visiting|Going round|Inspecting) (?:various|several|different|many) (?:[\w-]+ ){0,3}?"
    r"(?:areas|fields|parts|places|units|farms|sectors) (?:of|in) (?:the )?"
    r"(?P<name>[A-Z]\w+(?: [A-Z]\w+){0,2}?(?: (?:Province|County|City|District|Area)| area)?)"
    rf"(?: [a-z][^,.]*)?, {_WHO} \w+"
)
# A site without a proper name: "the medicine institute"
_UNNAMED = (
    r"(?:the|an?) (?:newly[- ]built )?(?P<name>(?:(?!of\b|in\b|and\b|for\b|at\b)[a-z][a-z-]+ ){1,4}?"
    r"(?:factory|plant|mill|farm|mine|institute|hospital|school|park|market|museum))\b(?! of\b)"
)
# "He first visited the medicine institute"
FIRST_UNNAMED = re.compile(rf"^{_WHO} first (?:visited|inspected|looked round|went (?:round|to)) {_UNNAMED}")
# "Then he moved to the syringe factory". Without "then", the sentence may be on the life of another person.
NEXT_UNNAMED = re.compile(
    rf"^(?P<when>Then |Next,? |After that,? )?{_WHO} (?P<cue>(?:then |next )?)(?:moved|proceeded)(?: over"
    rf"| on)? to {_UNNAMED}"
)
# A sentence on an earlier or parallel visit, whether or not it names the site.
ELSEWHERE = re.compile(
    rf"^(?:Earlier|Meanwhile|In the meantime|Before that|Prior to (?:it|this|that)|That day"
    rf"|(?:On )?[Tt]he same day),? {_WHO} {_CUES}"
    rf"(?:{_TOURED}|{_SURVEYED}) "
)
ACT = re.compile(rf"{_WHEN}{_WHO} {_CUES}(?:{_TOURED}|{_SURVEYED}|met) ")
# A further visit of an official, whether or not the site has a proper name.
ALSO = re.compile(rf"^{_WHO} also {_TOURED} ")
MOVED = re.compile(r"\b(?:moved|proceeded)(?: over| on)? to\b")
# Visits that count although no place is known.
ALONE = re.compile(r"(?:On )?[Tt]he same day\b|Earlier\b")
SAME_DAY = re.compile(r"\bon the same day\b")
LEG = re.compile(
    r"^The (?P<which>first|next|second|third|last|final) leg of (?:his|the) (?:[a-z-]+ ){0,3}was (?:the "
    r"|an? )?"
    r"(?:newly[- ]built |modern )?(?P<name>(?:[a-z][a-z -]* of the (?=[A-Z]))?(?:[^,.]|(?<=No)\.){3,80}?)"
    r"(?= in | on | which | newly | now | built | of the |,|\.(?! \d)|$)"
)
CUE = re.compile(
    r"\b(?:same day|[Tt]hat day|Touring|Prior to|[Tt]hen|[Ll]ater|[Nn]ext|also|afterwards|Earlier|After"
    r"|Meanwhile"
    r"|In the meantime)\b|^On [A-Z]\w+\.? \d"
)
# A performance that the principal saw after the inspection.
SHOW = re.compile(
    rf"^After (?:inspecting|visiting|looking round|going round) [^,.]{{2,60}}, {_WHO} "
    r"(?:saw|enjoyed|watched) (?:an? |the )?(?:\w+ ){0,2}(?:performances?|concert)\b"
)
