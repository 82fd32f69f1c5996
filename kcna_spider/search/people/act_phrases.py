"""What persons do in person, and what speakers do, as verbs after their names. Pure."""

from __future__ import annotations

import re

# After a person's name and titles, in a sentence: what the person did in person.
_ACTS = (
    r"visit(?:ed|s)(?! by)|revisit(?:ed|s)|oversaw|oversees|inspect(?:ed|s)|(?:gave|gives|provid(?:ed|es)"
    r"|conducted|made|makes) (?:an? |another |energetic |again |also )?(?:field|on-the-spot|on-site|on-spot"
    r"|onsite|spot|inspection|the spot)\b"
    r"|guid(?:ed|es) (?!by)|direct(?:ed|s) (?:the |an? )?(?:work|drill|exercise|launch|test|fir"
    r"|training|combat|strik|match|contest)|commanded the (?:\w+ ){0,3}(?:drill|exercise|launch|training)"
    r"|watched|watches (?=[A-Z]|an? |the )|enjoy(?:ed"
    r"|s) (?=.{0,120}?\b(?:[Pp]erformance|[Cc]oncert|[Gg]ame|[Mm]atch|[Ff]ilm|[Ss]ong|[Mm]usic|[Oo]pera"
    r"|[Cc]ircus"
    r"|[Aa]rt|[Ss]how|[Gg]ala|[Pp]lay|[Dd]ance|[Dd]rama|[Dd]isplay|[Aa]crobat|[Ff]estival|[Ff]ireworks"
    r"|[Nn]umber"
    r"|[Pp]rogram|[Cc]horus|[Ee]nsemble|[Pp]iece|Arirang))|appreciat(?:ed|es) (?:an? |the |it\b|art|music"
    r"|perform|concert|film)|saw (?:an? "
    r"|the )?(?:\w+ ){0,4}(?:performance|film|concert|game|match|show|play|drill|display|exhibition|circus"
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
    r"|made|pays) (?:an? |his |her |high |deep |the )?(?:[\w-]+ ){0,3}(?:homage|tribute|respects?|call"
    r"|visit)|(?:laid|lays|placed) (?:an? |the )?(?:\w+ ){0,2}(?:wreath|floral|bouquet|basket|flower)"
    r"|arriv(?:ed|es) (?:here|in|at|back)|left (?:here|Pyongyang|for|[A-Z][\w-]+(?: [A-Z][\w-]+)? "
    r"(?:on|for|after|\w+day|today)\b)"
    r"|leaves (?:here|Pyongyang|for)|(?:came|flew) (?:back|here|home|to [A-Z])|return(?:ed|s) (?:here|home)"
    r"|depart(?:ed|s)|(?:gave|gives|hosted|hosts"
    r"|arranged|held) (?:an? |the )?(?:\w+ ){0,3}(?:reception|banquet|luncheon|dinner|party|briefing)"
    r"|congratulated (?:them|the [a-z]+s|the people)\b"
    r"|informed (?:them|him|the [a-z]+) (?:of|that|about)|(?:awarded|conferred) (?:the|an?) (?:order|medal"
    r"|title|diploma)"
    r"|present(?:ed|s) (?:his |her )?(?:credentials|letter of credence)|welcom(?:ed|es) (?:the|him"
    r"|them|and)|greet(?:ed|s) (?!from|(?:his|her|its|their) )|see(?:n|s) off|saw (?:him|them|her) off"
    r"|signed|inked"
    r"|pos(?:ed|es) for|call(?:ed|s) (?:at|on) |convers(?:ed|es) with|conveyed (?:the|aid"
    r"|relief) (?:material|suppl)"
    r"|cast (?:his|her|a|the)?|vot(?:ed|es) |went (?:to (?=[a-z])|there|out|up|on board)|(?:laid|cut) (?:the"
    r"|a) (?:foundation stone|tape|ribbon)|(?:expressed|expresses) (?:deep )?condolences? (?:to|over|at)"
    r"|visited (?:the )?bier|learn(?:ed|s|t) (?:in detail )?about"
    r"|acquaint(?:ed|s) (?:himself|herself|themselves)|(?:got|gets) familiar with|familiari[sz](?:ed|es) "
    r"|was (?:also )?present\b|were (?:also )?present\b|appeared (?:at|in the|on the)|was among|were among"
    r"|were on hand"
    r"|was on hand|encourag(?:ed|es) |inspir(?:ed|es) (?:them|the|comm)|convened|organi[sz](?:ed"
    r"|es) and (?:guid|direct)|mounted|took the (?:platform|floor|rostrum|tribune)|put signatures"
    r"|handed (?:over )?(?:it|them|the|an?) |called (?:an? )?press conference"
    r"|joined (?:[\w']+ ){1,9}in (?:the |their )?(?:celebration|work|labou?r|campaign|planting|game)"
    r"|was presented with credentials|climb(?:ed|s)|ascended|planted|unveiled|met\b|supervis(?:ed"
    r"|es)|examin(?:ed|es) (?:the|a|new)"
)
_RECEIVED = (
    r"receiv(?:ed|es) (?!New Year|(?:(?:an? |the |his |her |congratulatory |floral |more "
    r"|several |many |warm )?(?:\w+[ -]){0,4}?(?:gifts?|letters?|messages?|baskets?"
    r"|greetings?|congratulations?|telegrams?|thanks|reply|report|information"
    r"|present|card|book|wreath|medal|order|title|degree|doctor|education|orders|autograph"
    r"|certificate|proposal|briefing|poem|award|pledge|salute|support|diploma|Order|Medal|Prize"
    r"|badges?|keys?|cards|commendations?|letters"
    r"|orders?|honor|titles?)\b))"
)
_SPEECH = (
    r"(?:made|delivered|gave|read|presented|makes|delivers) (?:an? |the |his "
    r"|her )?(?:\w+ ){0,3}(?:report|speech|address|lecture|opening|closing|congratulatory"
    r"|remarks)|addressed (?:the|a)|spoke(?: at|\b)|(?:declared|said|stated|(?:re)?clarified|stressed"
    r"|reaffirmed"
    r"|noted) (?:this|so)(?: stand| position)?,? (?:at"
    r"|when|in|on)\b|(?:said|stated|declared) at (?:an?|the) (?:\w+ ){0,3}(?:meeting|session|conference"
    r"|summit|forum|rally|assembly)\b|(?:said|noted|stressed"
    r"|pointed out|referred) in (?:his|her|a|the) (?:\w+ ){0,2}(?:speech|report|address|opening)"
    r"|opened the|speaking (?:on behalf of [^.,]{3,80} )?(?:at|there)|addressing (?:the|an?) "
    r"|(?:read|presented) (?:an? |the |his |her )(?:paper|thesis|treatise)"
    r"|in (?:his|her|their) (?:\w+ ){0,2}(?:speech(?:es)?|report|address|reply)|read out"
    r"|was the first to take the floor"
    r"|in an? (?:opening|closing|farewell|memorial|congratulatory|welcoming) (?:speech|address)"
    r"|in an? (?:address|speech) (?:at|said|noted|stressed|referred|hailed|praised|expressed)\b"
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
