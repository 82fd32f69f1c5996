"""Patterns of phrases that show that a person took part, and of phrases that are no news."""

from __future__ import annotations

import re

_TRAVEL = "(?:left|arrived|departed|returned|came|flew)"
# Reasons of findings on a journey: of a person, of the head of a delegation, and of either.
TRAVELLED = re.compile(f'"{_TRAVEL}')
LED_JOURNEY = re.compile(f'"led by", "{_TRAVEL}')
JOURNEY = re.compile(f'"(?:led by", ")?{_TRAVEL}')
# Words between "met" and the guests: "met and had a talk with".
MET_WITH = r"(?:(?:and \w+ (?:an? )?(?:\w+ )?(?:talks? |conversations? )?)?with )?"
# Beginnings of a list of those present. The rest of the sentence is the list.
PRESENT = re.compile(
    r"(?:^|[;,.] |\bAnd )(?:(?:Also |Those |Among those |Among the (?:\w+ ){1,5})?(?:[Pp]resent|[Oo]n hand"
    r"|[Ii]n attendance|[Aa]ttending|[Aa]ttended|[Pp]articipat(?:ing|ed)|[Tt]aking (?:part|the floor"
    r"|the platform)|[Ww]atching"
    r"|[Ss]eeing|[Ee]njoying|[Aa]ppreciating|[Gg]reeting|[Aa]ccompanying|[Aa]ccompanied"
    r"|[Ss]een(?! in the (?:magazine|stamp|book|paper|movie|film|picture|album))"
    r"|[Pp]articipants|[Pp]residing|[Ss]eated|[Ss]tanding|[Ii]nvited|[Mm]eeting|[Vv]isiting"
    r"|[Ww]elcoming)\b(?:[^.:]|(?<=Mt)\.|(?<=[A-Z][a-z]{2})\.){0,140}?(?<!which )\b(?:was|were|are)\b"
    r"|(?:[Aa]ttended|[Aa]ccompanied|[Ss]een|[Ii]nvited|[Pp]resided)\b[^.:]{0,90}?\bby\b"
    r"|Among (?:the )?(?:audiences?|spectators|those present|participants|attendants|visitors"
    r"|attendees|mourners|voters|those attending|those on hand|those greeting)\b[^.:]{0,110}?\b(?:was"
    r"|were|are)\b"
    r"|Present (?:there|at (?:it|the [\w ]{3,40}?)) (?=[A-Z][a-z]+ [A-Z][a-z]+ [A-Z][a-z]+,)"
    r"|Addressing (?:it|the \w+) (?:was|were)\b"
    r"|[Tt]he (?:audience|participants|spectators|attendants) (?:(?:also )?included"
    r"|were(?! \w+ed| told| shown| given))\b"
    r"|(?:Also )?(?:[Rr]eturning|[Ll]eaving|[Dd]eparting|[Aa]rriving)\b[^.:]{0,60}?\b(?:was|were) (?!an? "
    r"|the )"
    r"|(?:His|Her|The) (?:entourage|retinue|suite|party) (?:includes?|included)\b"
    r"|(?:Speakers|Speeches|Reporters?)\b[^.:]{0,40}?(?:were|was)\b)"
)
AMONG_THEM = re.compile(
    r"(?:Among|With) (?:them|the (?:officials|visitors|deputies|delegates|cadres)) (?:was|were) "
    r"|They included "
)
INCLUDED = re.compile(
    r"The (?:audience|participants|spectators) included [^,.]*(?:, [^,.]*){0,4}officials\.$"
)
# Ends of a list of those present.
AND_OFFICIALS = re.compile(
    r"\b(?:officials|officers|others|members|concerned|personages|students)\b[^.]{0,40}\.?$"
)
OFFICIALS_ACT = re.compile(
    r"\b(?:(?:[Vv]ice-)?(?:[Cc]hairmen|[Pp]remiers|[Mm]inisters|[Ss]ecretaries)\b"
    r"|[Oo]fficials|[Cc]adres|[Dd]elegates|[Mm]embers|[Oo]fficers|[Ss]ervicemen|[Dd]eputies"
    r"|[Pp]articipants)\b.*\b(?:visited"
    r"|attended|laid|paid|took part"
    r"|participated"
    r"|were present|expressed|watched|left|arrived|voted)\b"
)
# Passive phrases before the persons who did something.
BY = re.compile(
    r"\b(?:attended|watched|taken up|seen|appreciated|greeted|received|met|accompanied|seen off|sent off"
    r"|welcomed"
    r"|opened|inked|signed|presided over|chaired|"
    r"addressed|guided|enjoyed|hosted|given|delivered|made|participated in|handed(?: over)?|conveyed"
    r"|read|hailed|inspected|visited|observed|"
    r"joined|laid|arranged|escorted|represented|placed)\b(?: (?:here|there|on \w+\.? ?\d*|today"
    r"|yesterday"
    r"|also"
    r"|at (?:the )?[A-Z\w][\w ]{2,50}?|on the spot|with [a-z ]{3,30}?|\w+day)){0,3} by\b(?! (?:performing"
    r"|making|giving|using|taking)\b)"
    r"|\b(?:was|were) (?:\w+ )?(?:met|greeted|welcomed|received) (?:in front of|at|in|near"
    r"|by) [^,.;]{3,80}? by\b"
    r"|\b(?:floor|platform|tribunes?|rostrum|seats?)(?: of honou?r)? (?:was"
    r"|were) (?:also )?taken(?: up| then)? by\b"
    r"|\bunder the (?:personal |on-the-spot |field )?(?:guidance|direction) of\b|\b(?:in"
    r"|with) (?:the )?presence of\b"
    r"|\bwith the (?:attendance|participation) of\b|\bin company with\b|, (?:together|along) with\b"
)
LED_BY = re.compile(r"\b(?:headed|[Ll]ed) by (?:the |its )?")
GROUP = re.compile(
    r"\b(?:[Dd]elegations?|[Gg]roups?|[Pp]arty|[Tt]eam|[Mm]ission|members|[Ss]quad|[Tt]roupe|[Ee]nsemble"
    r"|[Cc]horus|[Oo]rchestra|[Cc]ircus|[Cc]orps|It|They)\b"
)
# Acts of a delegation, or of those who met it.
LED_ACT = re.compile(
    r"\b(?:left|arrived|returned|departed|visited|attended|flew|took part|taking part|participated|paid"
    r"|laid|placed"
    r"|came|toured|inspected|signed|went|looked|presented|called on|met|receiv(?:ed|ing)|talks?|held|stayed"
    r"|when (?:meeting|receiving)|took an?|to visit|^(?:It|The delegation|The group) (?:is|was) (?:led"
    r"|headed)"
    r"|[Pp]resent|banquet|reception|watched|seen off|greeted|welcomed|conversation|members of"
    r"|vowed|pledged|determination|consists? of|includes)\b"
)
MET_OFFICIAL = re.compile(
    r"\b(?:met|received|informed|had (?:a )?(?:\w+ )?(?:talks?|conversation) with|conversed with|visited) "
    r"(?:with )?(?:the )?(?:DPRK |Korean |visiting )?"
    r"(?:[Aa]mbassador|[Mm]inister|[Vv]ice-|[Ff]oreign |[Cc]harg|DPRK (?!Hero)|premier of the DPRK)"
)
TALKS = re.compile(
    r"\b[Tt]alks (?:were|was) (?:\w+ )?held (?:.{0,80}? )?between |\b(?:took place|held) talks between "
    r"|\b[Tt]alks took place between |^Talks between |\b[Tt]here (?:were"
    r"|took place) (?:the )?talks (?:.{0,40}? )?between "
    r"|\b[Vv]iews were exchanged between |\b[Tt]alks between (?=.{0,300}?\b(?:held|took place))"
    r"|\bcredentials (?:to|from|of) (?:the )?(?:new(?:ly[- ]appointed)? )?"
    r"|\b[Ii]n (?:his|her|a) (?:meeting|talks?|conversation) with (?=(?:\w+ )?(?:DPRK|Korean) )"
    r"|\b(?:banquet|reception|dinner|luncheon|party) (?:\w+ ){0,8}in hono[u]?r of (?=[A-Z])"
    r"|, receiving (?:on \w+\.? \d+ |\w+day )?(?=DPRK |Korean )|\b(?:courtesy|farewell) calls? on "
    r"|\b(?:[Ww]hen|[Ww]hile|[Aa]fter) (?:meeting|receiving|he met|she met|he received) (?:with )?"
)
_WHEN = r"(?: (?:here|there|on \w+\.? ?\d*|today|yesterday|\w+day|in \w+|at the [\w ]{3,40}))"
HANDED_TO = re.compile(
    rf"\b(?:handed|presented|conveyed|delivered|given|passed)(?: over)?"
    rf"(?: (?:it|them|(?:the|an?|his|her|this) (?:\w+ ){{0,5}}?\w+))?{_WHEN}{{0,2}}(?: over)? to "
)
# These are followed by a title of several words, and then the name.
MET_HEAD = re.compile(
    r"\b(?:met|received|conversed with) (?:with )?(?:the )?(?=(?:First|Chairman|Secretary|Premier"
    r"|Director|Head"
    r"|Chief|head|leader|KPA|WPK)\b)"
)
# These are followed directly by a name, with its title after it.
MET = re.compile(
    r"\b(?:met(?: with)?|meeting with|talks? with|conversation with|discussed .{3,80}? with) (?=[A-Z])"
)
# The subject of a clause: "said this when DPRK Ambassador Ri Ho paid a courtesy call".
WHEN_CALLED = re.compile(
    r"\bwhen (?=(?:the )?(?:DPRK |Korean )?[A-Z].{0,160}?[Aa]mbassador.{0,160}?\b(?:paid|made|presented"
    r"|called|met)\b)"
    r"|\bwhen (?=(?:the )?(?:DPRK |Korean )?[Aa]mbassador .{0,120}?\b(?:paid|made|presented|called|met)\b)"
)
# The second of two who received something, in one sentence: "handed to A by B, and to C by D".
AND_TO = re.compile(r"(?<=[\w,] )and to (?=(?:the )?[A-Z])")
AND_BETWEEN = re.compile(r"(?:,|\band) between ")
HANDED_BY = re.compile(
    r"\b(?:handed|presented|conveyed|delivered)(?: over)?(?: \w+day| today)? by [^.]{3,250}? to "
)
HANDED_TO_BY = re.compile(
    r"\b(?:handed|presented|conveyed|delivered)(?: over)?(?: \w+day| today)?"
    r" to (?!an? |(?:the )?(?:DPRK|officials?|WPK|Korean)\b)[^,]{3,240}? by "
)
SAID_BY = re.compile(
    r"\b(?:said|declared|stressed|noted) (?=.{0,250}?\b(?:in (?:an?|his|her) (?:\w+ )?(?:report|speech"
    r"|address)"
    r"|at the (?:[\w-]+ ){0,3}(?:meeting|session|conference|summit|forum)|when (?:meeting|receiving))\b)"
)
ASKED = re.compile(r"\basked (?:the )?(?=[^.]{0,400}\bto convey\b)")
ADDRESS_BY = re.compile(r"\b(?:report|speech|address|lecture|remarks|speeches)\b[^.]{0,60}? by ")
SPEECH_OF = re.compile(
    r"\b(?:opening|closing|congratulatory|inaugural|welcoming) (?:speech|address) of |\bspeeches of "
    r"|^(?:A|The) report of (?=.*\bfollowed by)"
)
# These are followed by a speaker, with titles before or after the name.
IN_A_SPEECH = re.compile(
    r"(?:(?:In (?:an?|the|his|her) (?:[\w-]+ ){0,3}?(?:report|speech|address|lecture|remarks)"
    r"|Addressing (?:the|an?) (?:[a-z]+ ){0,2}[a-z]+|Speaking there) (?=[A-Z])"
    r"|(?:In (?:an?|the|his|her) (?:[\w-]+ ){0,3}?(?:report|speech|address|lecture|remarks)\b|Addressing "
    r"|Speaking (?:at|there|before)\b|(?:Making|Delivering) an? |Reporting )[^,]{0,120}, )"
)
# Acts of a leader from afar, although the title has a verb such as "Greets".
FROM_AFAR = re.compile(
    r"\b(?:sent|sends) (?:an? |the |his |her )?(?:[\w-]+ ){0,4}(?:message|letter|greetings?|congratulations"
    r"|telegram|condolences|wreath|basket|gifts?|table|spread|reply)\b"
)
_NOT_NEWS = re.compile(
    r"anniversary of (?:the )?(?:\w+ ){0,3}(?:visit|inspection|guidance|field)|\bonce\b(?! again| more)"
    r"|\bone day\b|\bin the past\b|\bhad (?:been|visited|inspected|met|given)\b"
    r"|(?<!-)(?<!which )\bwill (?:soon )?(?:visit"
    r"|attend|arrive|leave|be \w+ed|be held|take place|pay)\b"
    r"|(?<!which )(?<!who )\b(?:is|are) to\b|\b(?:is|are|was|were|been) scheduled\b|\brecall(?:ed|ing|s)\b"
    r"|\brelics?\b.*\bused\b"
    r"|\breportedly\b|\bwrote an article\b|\b(?:several|many|\d+) times\b|\bdocumentary\b(?!.*\b(?:was"
    r"|were) (?:screened|shown))"
)
# Parts of the alternatives of _NOT_NEWS. A sentence without any of them is not searched.
_NOT_NEWS_PARTS = (
    "anniversary of", "once", "one day", "in the past", "had ", "will ", "is to", "are to", "scheduled",
    "recall", "relic", "documentary", "reportedly", "wrote an", " times",
)  # fmt: skip
NO_EVENT_TITLE = re.compile(
    r"\b(?:(?:sends?|sent|receives?|received|exchange[sd]?|extends?"
    r"|conveys?) (?:\w+[ -]){0,6}?(?:message|greetings?|letters?|gifts?|congratulations?|condolences"
    r"|thanks|telegrams?|wreaths?|floral|sympathy|autograph|presents?|reply|birthday)"
    r"|(?:messages?|gifts?|letters?|greetings|congratulations|floral baskets?|reply"
    r"|(?<!pays )(?<!paid )condolences|thanks|wreaths?) (?:of \w+ |of \w+ and \w+ )?(?:to|from) "
    r"|documentary|anecdote"
    r"|anniversary of (?:\w+ ){0,4}(?:visit|guidance|inspection)"
    r"|(?:undying|immortal) (?:feats|exploits)|commentary|press review|rodong sinmun|minju joson"
    r"|foreign (?:media|newspaper)|media report"
    r"|(?:featured|covered|carried|reported) by (?:the )?(?:press|media|papers)|press release|statement"
    r"|spokes(?:man|person|woman)|(?:news)?papers? (?:carr|publish|report|dedicat"
    r"|devot)|book(?:s)? (?:publish|off|by)|off the press|brought out|interview"
    r"|news analyst|(?<!Kim Jong Il )(?<!Kim Jong Un )call(?:s|ed)? for|papers)\b",
    re.IGNORECASE,
)


def is_no_news(sentence: str) -> bool:
    """Return whether the words of a sentence show that it is about the past or the future."""
    small = sentence.lower()
    return any(part in small for part in _NOT_NEWS_PARTS) and bool(_NOT_NEWS.search(small))
