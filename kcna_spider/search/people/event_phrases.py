"""Phrases that report that a person took part in something. Pure."""

from __future__ import annotations

import re

# After a person's name and titles, in a sentence: what the person did in person.
_ACTS = (
    r"visit(?:ed|s)(?! by)|revisit(?:ed|s)|oversaw|oversees|inspect(?:ed|s)|(?:gave|gives|provid(?:ed|es)"
    r"|conducted|made|makes) (?:an? |another |energetic |again |also )?(?:field|on-the-spot|on-site|on-spot"
    r"|onsite|spot|inspection|the spot)\b"
    r"|guid(?:ed|es) (?!by)|direct(?:ed|s) (?:the |an? )?(?:work|drill|exercise|launch|test|fir"
    r"|training|combat|strik|match|contest)|watched|watches (?=[A-Z]|an? |the )|enjoy(?:ed"
    r"|s) (?!good|high|the support"
    r"|support|deep)|appreciat(?:ed|es) (?:an? |the |art|music|perform|concert|film)|saw (?:an? "
    r"|the )?(?:\w+ ){0,4}(?:performance|film|concert|game|match|show|play|drill|exhibition|circus"
    r"|opera|festival|off|gala|party)"
    r"|sees? (?:an? |the )?(?:\w+ ){0,4}(?:performance|film|concert|game|match|show|play|drill"
    r"|exhibition|circus|opera|off)"
    r"|met (?!with (?:success|strong|protest))|meets (?!demand|need|the demand|the need)"
    r"|looked round|looks round|went round|goes round|tour(?:ed|s) |inspected and guided|observ(?:ed"
    r"|es) (?:the |an? )?(?:\w+ ){0,4}(?:drill|launch|exercise|test|strike|fire|firing|training"
    r"|maneuver|contest|match)"
    r"|(?:had|has|have|held|holds|having) (?:an? |the )?(?:\w+ ){0,3}(?:talks?|conversation|photos?"
    r"|photo session|press conference|meeting with|picture|chat|summit|banquet|reception|luncheon|dinner)"
    r"|attend(?:ed|s)|(?:took|takes|taking) part in|participated in|presid(?:ed|es) over"
    r"|accompanied (?:the|him|her|them) |(?:paid"
    r"|made|pays) (?:an? |his |her |high |deep |the )?(?:\w+ ){0,3}(?:homage|tribute|respects?|call"
    r"|visit)|(?:laid|lays|placed) (?:an? |the )?(?:\w+ ){0,2}(?:wreath|floral|bouquet|basket|flower)"
    r"|arriv(?:ed|es) (?:here|in|at|back)|left (?:here|Pyongyang|for|[A-Z]\w+(?: [A-Z]\w+)? "
    r"(?:on|for|after|\w+day|today)\b)"
    r"|leaves (?:here|Pyongyang|for)|(?:came|flew) (?:back|here|to [A-Z])|return(?:ed|s) (?:here|home)"
    r"|depart(?:ed|s)|(?:gave|gives|hosted|hosts"
    r"|arranged|held) (?:an? |the )?(?:\w+ ){0,3}(?:reception|banquet|luncheon|dinner|party|briefing)"
    r"|congratulated (?:them|the [a-z]+s|the people)\b"
    r"|informed (?:them|him|the [a-z]+) (?:of|that|about)|(?:awarded|conferred) the (?:order|medal|title)"
    r"|present(?:ed|s) (?:his |her )?(?:credentials|letter of credence)|welcom(?:ed|es) (?:the|him"
    r"|them|and)|greet(?:ed|s) (?!from)|see(?:n|s) off|saw (?:him|them|her) off|signed|inked"
    r"|pos(?:ed|es) for|call(?:ed|s) (?:at|on) |convers(?:ed|es) with|conveyed (?:the|aid"
    r"|relief) (?:material|suppl)"
    r"|cast (?:his|her|a|the)?|vot(?:ed|es) |went (?:to (?=[a-z])|out|up|on board)|(?:laid|cut) (?:the"
    r"|a) (?:foundation stone|tape|ribbon)|(?:expressed|expresses) (?:deep )?condolences? (?:to|over|at)"
    r"|visited (?:the )?bier|learn(?:ed|s|t) (?:in detail )?about"
    r"|acquaint(?:ed|s) (?:himself|herself|themselves)"
    r"|was (?:also )?present\b|were (?:also )?present\b|appeared (?:at|in the|on the)|was among|were among"
    r"|were on hand"
    r"|was on hand|encourag(?:ed|es) |inspir(?:ed|es) (?:them|the|comm)|convened|organi[sz](?:ed"
    r"|es) and (?:guid|direct)|mounted|took the (?:platform|floor|rostrum|tribune)|put signatures"
    r"|handed (?:over )?(?:it|them|the|an?) |climb(?:ed|s)|ascended|planted|unveiled|met\b|supervis(?:ed"
    r"|es)|examin(?:ed|es) (?:the|a|new)"
)
_RECEIVED = (
    r"receiv(?:ed|es) (?!New Year|(?:(?:an? |the |his |her |congratulatory |floral |more "
    r"|several |many |warm )?(?:\w+[ -]){0,4}?(?:gifts?|letters?|messages?|baskets?"
    r"|greetings?|congratulations?|telegrams?|thanks|reply|report|information"
    r"|present|card|book|wreath|medal|order|title|degree|doctor|education|orders|autograph"
    r"|certificate|proposal|briefing|poem|award|pledge|salute|support|diploma|Order|Medal|Prize"
    r"|badges?|keys?|cards|letters"
    r"|orders?|honor|titles?)\b))"
)
_SPEECH = (
    r"(?:made|delivered|gave|read|presented|makes|delivers) (?:an? |the |his "
    r"|her )?(?:\w+ ){0,3}(?:report|speech|address|lecture|opening|closing|congratulatory"
    r"|remarks)|addressed (?:the|a)|spoke(?: at|\b)|(?:declared|said|stated|clarified|stressed"
    r"|noted) (?:this|so),? (?:at"
    r"|when|in|on)\b|(?:said|noted|stressed"
    r"|pointed out|referred) in (?:his|her|a|the) (?:\w+ ){0,2}(?:speech|report|address|opening)"
    r"|opened the|speaking (?:on behalf of [^.,]{3,80} )?(?:at|there)|addressing (?:the|an?) "
    r"|(?:read|presented) (?:an? |the |his |her )(?:paper|thesis|treatise)"
    r"|in (?:his|her|their) (?:\w+ ){0,2}(?:speech(?:es)?|report|address|reply)|read out"
)
ACT = re.compile(rf"(?<![\w-])(?:{_ACTS}|{_RECEIVED})")
ACT_IN_TITLE = re.compile(rf" (?:again |also |twice )?(?:{_ACTS}|{_RECEIVED}|sees |revisits)", re.IGNORECASE)
SPEECH = re.compile(rf"(?<![\w-])(?:{_SPEECH})")
# What a speaker does at a meeting.
SAID = re.compile(
    r"\b(?:said|noted|stressed|pointed out|expressed|recalled|referred to|called (?:on|upon|for)|hoped"
    r"|declared|urged|underscored|underlined|emphasized|evinced|vowed|stated|affirmed|pledged|informed"
    r"|explained|extended|warned|praised|cited|disclosed)\b"
)
# What introduces the persons present: the rest of the sentence is the list.
PRESENT = re.compile(
    r"(?:^|[;,.] |\bAnd )(?:(?:Also |Those |Among those |Among the (?:\w+ ){1,5})?(?:[Pp]resent|[Oo]n hand"
    r"|[Ii]n attendance|[Aa]ttending|[Aa]ttended|[Pp]articipating|[Tt]aking (?:part|the floor"
    r"|the platform)|[Ww]atching"
    r"|[Ss]eeing|[Ee]njoying|[Aa]ppreciating|[Gg]reeting|[Aa]ccompanying|[Aa]ccompanied|[Ss]een"
    r"|[Pp]articipants|[Pp]residing|[Ss]eated|[Ss]tanding|[Ii]nvited|[Mm]eeting|[Vv]isiting"
    r"|[Ww]elcoming)\b[^.:]{0,90}?\b(?:was|were|are|by)\b"
    r"|Among (?:the )?(?:audiences?|spectators|those present|participants|attendants|visitors"
    r"|attendees|mourners|voters|those attending|those on hand|those greeting)\b[^.:]{0,60}?\b(?:was"
    r"|were|are)\b"
    r"|[Tt]he (?:audience|participants|spectators|attendants) (?:included|were)\b"
    r"|(?:Speakers|Speeches|Reporters?)\b[^.:]{0,40}?(?:were|was)\b)"
)
AMONG_THEM = re.compile(r"(?:Among|With) them were |They included ")
OFFICIALS_ACT = re.compile(
    r"\b(?:[Oo]fficials|[Cc]adres|[Dd]elegates|[Mm]embers|[Oo]fficers|[Ss]ervicemen)\b.*\b(?:visited"
    r"|attended|laid|paid|took part"
    r"|participated"
    r"|were present|expressed|watched|left|arrived|voted)\b"
)
# A passive phrase after which those follow who did it.
BY = re.compile(
    r"\b(?:attended|watched|taken up|seen|appreciated|greeted|received|met|accompanied|seen off|sent off"
    r"|welcomed"
    r"|opened|inked|signed|presided over|chaired|"
    r"addressed|guided|enjoyed|hosted|given|delivered|made|participated in|handed(?: over)?|conveyed"
    r"|read|hailed|inspected|visited|observed|"
    r"joined|laid|arranged|escorted|represented|placed)\b(?: (?:here|there|on \w+\.? ?\d*|today|yesterday"
    r"|also"
    r"|at (?:the )?[A-Z\w][\w ]{2,50}?|on the spot|with [a-z ]{3,30}?|\w+day))* by\b"
    r"|\b(?:floor|platform|tribunes?|rostrum|seats?)(?: of honou?r)? (?:was"
    r"|were) (?:also )?taken(?: up| then)? by\b"
    r"|\bunder the (?:personal |on-the-spot |field )?(?:guidance|direction) of\b|\bin (?:the )?presence of\b"
    r"|\bwith the (?:attendance|participation) of\b"
)
LED_BY = re.compile(r"\b(?:headed|[Ll]ed) by (?:the |its )?")
GROUP = re.compile(
    r"\b(?:[Dd]elegations?|[Gg]roups?|[Pp]arty|[Tt]eam|[Mm]ission|members|squad|troupe|It|They)\b"
)
# What a delegation did, or what was done with it.
LED_ACT = re.compile(
    r"\b(?:left|arrived|returned|departed|visited|attended|flew|took part|taking part|participated|paid"
    r"|laid|placed"
    r"|came|toured|inspected|signed|went|looked|presented|called on|met|receiv(?:ed|ing)|talks?|held|stayed"
    r"|when (?:meeting|receiving)|took an?|to visit|^(?:It|The delegation|The group) (?:is|was) (?:led"
    r"|headed)"
    r"|[Pp]resent|banquet|reception|watched|seen off|greeted|welcomed|conversation|members of)\b"
)
MET_OFFICIAL = re.compile(
    r"\b(?:met|received|had (?:a )?(?:\w+ )?(?:talks?|conversation) with|conversed with|visited) "
    r"(?:with )?(?:the )?(?:DPRK |Korean |visiting )?"
    r"(?:[Aa]mbassador|[Mm]inister|[Vv]ice-|[Ff]oreign |[Cc]harg|DPRK )"
)
TALKS = re.compile(
    r"\b[Tt]alks (?:were|was) held (?:.{0,80}? )?between |\b(?:took place|held) talks between "
    r"|\b[Tt]alks between (?=.{0,300}?\b(?:held|took place))"
    r"|\bcredentials (?:to|from|of) "
    r"|\b(?:courtesy|farewell) calls? on "
    r"|\b(?:when|while|after) (?:meeting|receiving|he met|she met|he received) (?:with )?"
)
_WHEN = r"(?: (?:here|there|on \w+\.? ?\d*|today|yesterday|\w+day|in \w+|at the [\w ]{3,40}))"
HANDED_TO = re.compile(
    rf"\b(?:handed|presented|conveyed|delivered|given|passed)(?: over)?"
    rf"(?: (?:it|them|(?:the|an?|his|her|this) (?:\w+ ){{0,3}}?\w+))?{_WHEN}{{0,2}}(?: over)? to "
)
# A name follows directly, with its title after it.
MET = re.compile(
    r"\b(?:met(?: with)?|meeting with|talks? with|conversation with|discussed .{3,80}? with) (?=[A-Z])"
)
# The subject of a clause: "said this when DPRK Ambassador Ri Ho paid a courtesy call".
WHEN_CALLED = re.compile(
    r"\bwhen (?=(?:the )?(?:DPRK |Korean )?[A-Z].{0,160}?[Aa]mbassador.{0,160}?\b(?:paid|made|presented"
    r"|called|met)\b)"
    r"|\bwhen (?=(?:the )?(?:DPRK |Korean )?[Aa]mbassador .{0,120}?\b(?:paid|made|presented|called|met)\b)"
)
HANDED_BY = re.compile(
    r"\b(?:handed|presented|conveyed|delivered)(?: over)?(?: \w+day| today)? by [^.]{3,250}? to "
)
SAID_BY = re.compile(
    r"\b(?:said|declared|stressed|noted) (?=.{0,160}?\bin (?:an?|his|her) (?:\w+ )?(?:report|speech"
    r"|address)\b)"
)
ASKED = re.compile(r"\basked (?:the )?(?=[^.]{0,200}\bto convey\b)")
ADDRESS_BY = re.compile(r"\b(?:report|speech|address|lecture|remarks|speeches)\b[^.]{0,60}? by ")
SPEECH_OF = re.compile(
    r"\b(?:opening|closing|congratulatory|inaugural|welcoming) (?:speech|address) of |\bspeeches of "
    r"|^(?:A|The) report of (?=.*\bfollowed by)"
)
# A speaker follows, with titles before or after the name.
IN_A_SPEECH = re.compile(
    r"(?:(?:In (?:an?|the|his|her) (?:[\w-]+ ){0,3}?(?:report|speech|address|lecture|remarks)"
    r"|Addressing (?:the|an?) (?:[a-z]+ ){0,2}[a-z]+|Speaking there) (?=[A-Z])"
    r"|(?:In (?:an?|the|his|her) (?:[\w-]+ ){0,3}?(?:report|speech|address|lecture|remarks)\b|Addressing "
    r"|Speaking (?:at|there|before)\b|(?:Making|Delivering) an? |Reporting )[^,]{0,120}, )"
)
# What a leader does from afar, although the title has a verb such as "Greets".
FROM_AFAR = re.compile(
    r"\b(?:sent|sends) (?:an? |the |his |her )?(?:[\w-]+ ){0,4}(?:message|letter|greetings?|congratulations"
    r"|telegram|condolences|wreath|basket|gifts?|table|spread|reply)\b"
)
_NOT_NEWS = re.compile(
    r"anniversary of (?:the )?(?:\w+ ){0,3}(?:visit|inspection|guidance|field)|\bonce\b"
    r"|\bone day\b|\bin the past\b|\bhad (?:been|visited|inspected|met|given)\b|\bwill (?:soon )?(?:visit"
    r"|attend|arrive|leave|be \w+ed|be held|take place|pay)\b"
    r"|\bis to\b|\bare to\b|\bscheduled\b|\brecall(?:ed|ing|s)\b|\brelics?\b.*\bused\b"
    r"|\breportedly\b|\bdocumentary\b(?!.*\b(?:was|were) (?:screened|shown))"
)
# A part of each alternative: a sentence without any of them need not be searched.
_NOT_NEWS_PARTS = (
    "anniversary of", "once", "one day", "in the past", "had ", "will ", "is to", "are to", "scheduled",
    "recall", "relic", "documentary", "reportedly",
)  # fmt: skip
NO_EVENT_TITLE = re.compile(
    r"\b(?:(?:sends?|sent|receives?|received|exchange[sd]?|extends?"
    r"|conveys?) (?:\w+[ -]){0,6}?(?:message|greetings?|letters?|gifts?|congratulations?|condolences"
    r"|thanks|telegrams?|wreaths?|floral|sympathy|autograph|presents?|reply|birthday)"
    r"|(?:messages?|gifts?|letters?|greetings|congratulations|floral baskets?|reply|condolences"
    r"|thanks|wreaths?) (?:of \w+ |of \w+ and \w+ )?(?:to|from) |documentary|anecdote"
    r"|anniversary of (?:\w+ ){0,4}(?:visit|guidance|inspection)"
    r"|commentary|press review|rodong sinmun|minju joson|foreign (?:media|newspaper)|media report"
    r"|press release|statement|spokes(?:man|person|woman)|(?:news)?papers? (?:carr|publish|report|dedicat"
    r"|devot)|book(?:s)? (?:publish|off|by)|off the press|brought out|interview"
    r"|news analyst|call(?:s|ed)? for|papers)\b",
    re.IGNORECASE,
)


def is_no_news(sentence: str) -> bool:
    """Return whether a sentence is about the past or the future by its words."""
    small = sentence.lower()
    return any(part in small for part in _NOT_NEWS_PARTS) and bool(_NOT_NEWS.search(small))
