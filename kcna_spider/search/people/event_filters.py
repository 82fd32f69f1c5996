"""Decide which sentences are news, and which findings count as an activity."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from kcna_spider.search.people import event_phrases as phrases
from kcna_spider.search.people.activity import Mention, Text
from kcna_spider.search.people.event_days import day_in, is_about_the_past
from kcna_spider.search.people.found import ACTED, COMPANIONS, PRESENT, SPOKE, Found
from kcna_spider.search.people.leader_titles import acts_in_title
from kcna_spider.search.people.people_words import data

LEAD = 4  # sentences at the beginning that report a leader's activity
_SOUTH = ("outh Korea", "puppet", "Seoul", "Chongwadae")
_NORTH = re.compile(
    r"\bDPRK\b|\bKPA\b|Korean People's Army|General Secretary|\bnorth(?:ern)? side|\bPyongyang\b|\bWPK\b"
    r"|Asia-Pacific Peace|Peaceful Reunification|Party of Korea|Chondoist|Supreme People's Assembly"
    r"|\bMansudae\b|\b(?:left|back|arrived|returned) (?:here|home)\b|\bthis side\b|Kim Jong (?:Il"
    r"|Un)\b(?![’'])"
)
# Acts of a person who was present. They count without a day and without the leader in the title.
_STRONG = re.compile(
    r'"(?:greet|welcom|watch|enjoy|attend|inspect|gave|had|held|saw|participated|took part'
    r"|was (?:also )?present"
    r"|was invited|took the (?:platform|rostrum|tribune|grandstand)|appeared|went (?:there|to (?:[A-Z]"
    r"|the (?:airport|station)))|presid"
    r"|appreciated (?:the performance|it|together))"
)
# Words of a narrator: "he watched our performance".
_FIRST_PERSON = re.compile(r"\b(?:our|we|my|us)\b")
ELSEWHERE = re.compile(
    r"^(?:Press [Rr]eview|Review of |Papers |(?:Rodong Sinmun|Minju Joson) (?![Dd]elegation|[Gg]roup"
    r"|[Ee]ditor))|\bCommentary\b|: (?:Rodong"
    r"|Minju) |\b[iI]n [Ss](?:\.|outh) ?Korea\b"
    r"|\bin Seoul\b|Chongryon Official|\b[Ii]nterview(?:s|ed)?\b"
)
# Words in titles of articles on a gathering. Such an article may name the leader late.
_GATHERING_IN_TITLE = re.compile(
    r"\b(?:meeting|meet|rally|ceremony|congress|session|plenary|plenum|parade|banquet|funeral|concert"
    r"|performance"
    r"|conference|celebrat\w+|anniversary|exhibition|seminar|symposium)\b",
    re.IGNORECASE,
)
_TAKEN_PART = re.compile('"(?:attend|was present|appeared|watch|took|guid|made|looked|list|enjoy|presid)')
_LATEST = 20  # first sentences of such an article, in which the act of a leader may count
# The verb of "A meeting was held under the guidance of"; "made under the guidance of" alone has none.
_FINITE = re.compile(r"\b(?:was|were|took place|takes place|held|kicked off|opened|conducted|met)\b")
# A vow to do something under a leader's guidance is no activity of the leader.
_VOWED = re.compile(
    r"\bto (?:\w+ly )?(?:carry|advance|accomplish|build|win|achieve|march|fight|attain|follow|make"
    r"|turn)\b[^,]*$"
)
# Groups whose members hold no office in the DPRK, and delegations of other countries.
_OVERSEAS = re.compile(
    r"Koreans? (?:in\b|[Rr]esid|[Nn]ationals)|(?<!verseas )[Cc]ompatriots?\b"
    r"|(?<!outh and )(?<!for )(?<!Aiding )[Oo]verseas"
    r"|(?:Conf|F)ederation of Koreans"
    r"|\bin Japan\b"
    r"|Association of Koreans|[Rr]esiding|Chongryon|\b[Ww]idow|[Tt]he south side"
)
# "Chairman Kim A and Vice-Chairman Ri B of the General Association of Korean Residents in Japan"
_OF_CHONGRYON = re.compile(
    r"(?:,? and others?)? of the .{0,80}?(?:Chongryon|Korean [Rr]esidents in|Koreans in)\b", re.DOTALL
)
_FOREIGN_GROUP = re.compile(
    r"\bof China\b|(?<!-)\b(?:Cambodian|Chinese|Japanese|American|U\.S|Russian|Lao|Vietnamese"
    r"|[Ss]outh Korean)\b"
)
_LED_BY = re.compile(r" (?:[Ll]ed|headed) by .*$")
_BEFORE_GROUP = re.compile(
    r"\b(?:honou?r of|hosted|arranged|gave|met|with|received|greeted|by|for|and|between)\b|, "
)
# Reasons that show a speaker in person, although the title is about a message.
_ON_THE_SPOT = re.compile(r' to"$|^"asked| (?:this|so) |ddress(?:ing|ed) |handed.* by"$')
_MESSAGE = re.compile(r"\b(?:message|letter|greetings|thanks)\b")
_OFFICIALS = re.compile(r"\b(?:officials|cadres)\b[^.;]{0,80} including\b|\band (?:\w+ ){0,5}officials\b")
# A title in lower case: "signed by vice-chairman of the state commission of trade of the DPRK Ri Ho"
_LONG_TITLE = re.compile(
    r"\bby (?:the )?(?:[Vv]ice-?)?(?:[Cc]hairman|[Mm]inister|[Ss]ecretary|[Dd]irector"
    r"|[Pp]resident) of [^,.;]{3,120} $"
)
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")  # A slogan such as "Live for today!" states no day.
_AMONG = re.compile(r"\b(?:was|were) among (?:those present|the (?:audience|participants|attendants))\b")
INTERVIEW = re.compile(r"\binterview|\b(?:told|to) KCNA\b|\bKCNA (?:met|interviewed)\b")
_TOLD = re.compile(
    r"\b(?:said|recalled|noted|stressed|hoped|pointed out|praised|pointed to|(?:report|speech) on"
    r"|in (?:his|her) (?:speech|address|report)|titled|entitled"
    r"|(?:left|leaves) (?:here|Pyongyang) [^.]{0,60}?\bto (?:participate|attend|arrange|hold|take part))\b"
)
_OPENING = 25  # characters before the subject of a sentence: "On the spot, "
_SEVERAL = 3  # persons named together who need no title
_BESIDE = 80  # characters before a person that may name a group


def is_news(sentence: str, reported: dt.date) -> bool:
    """Return whether a sentence is news: not about the South only, the past or the future."""
    told = _TOLD.split(sentence, maxsplit=1)[0]  # A speaker may talk about the past.
    here = told if phrases.IN_A_SPEECH.match(sentence) else sentence  # The topic may be the South.
    if any(word in here for word in _SOUTH) and not _NORTH.search(here):
        return False
    return not is_about_the_past(told, reported) and not phrases.is_no_news(told)


def may_count(people: Sequence[Mention], number: int, is_message: bool, text: Text) -> bool:
    """Return whether an activity of persons may count: not of a leader late in an article.

    number: the index of the sentence in the article. This check costs less than `counts`, which would reject
    the same persons.
    """
    if any(m.name not in data()["leaders"] for m in people):
        return True
    most = _LATEST if _GATHERING_IN_TITLE.search(text.title) else 2 * LEAD
    return not is_message and number < most


def counts(found: Found, number: int, is_message: bool, persons: Sequence[Mention], text: Text) -> bool:
    """Return whether a finding is an activity, not a past one of a leader and not a message.

    number: the index of the sentence in the article. is_message: whether the title is about a message.
    persons: all mentions in the article of persons who may appear.
    """
    first = found.people[0].name
    if first in data()["leaders"] and found.rank != COMPANIONS:
        return _leader_counts(found, number, is_message, text)
    if found.rank == ACTED and _is_of_others(found):
        return False
    if is_message and not _is_in_person(found, text):
        return False
    if found.rank != PRESENT and INTERVIEW.search(found.sentence.text):
        return False
    names = {m.name for m in found.people}
    has_title = any(m.titles for m in persons if m.name in names) or _are_officials(found)
    has_title = has_title or (found.rank == SPOKE and bool(_GATHERING_IN_TITLE.search(text.title)))
    # The head of a delegation that travels needs no title.
    has_title = has_title or (found.rank == ACTED and bool(phrases.LED_JOURNEY.match(found.reason)))
    return has_title or found.rank in (PRESENT, COMPANIONS) or bool(_AMONG.search(found.sentence.text))


def _are_officials(found: Found) -> bool:
    """Return whether persons without titles are officials.

    They are if at least three of them begin the sentence, if it names officials, or after a long title.
    """
    text = found.sentence.text
    begins = found.people[0].start - found.sentence.start < _OPENING and len(found.people) >= _SEVERAL
    before = text[: found.people[0].start - found.sentence.start]
    return begins or bool(_OFFICIALS.search(text) or _LONG_TITLE.search(before))


def _is_in_person(found: Found, text: Text) -> bool:
    """Return whether persons took part in person, in an article whose title is about a message or a film."""
    if found.rank == PRESENT or "documentary" in text.title.lower():
        return True
    if found.rank == SPOKE:
        return bool(_ON_THE_SPOT.search(found.reason))
    return not phrases.FROM_AFAR.search(found.sentence.text) and not _MESSAGE.search(found.sentence.text)


def _leader_counts(found: Found, number: int, is_message: bool, text: Text) -> bool:
    """Return whether a leader's act is news: near the beginning, with a day or the leader in the title."""
    first = found.people[0].name
    in_title = acts_in_title(first, text)
    dated = bool(day_in(_QUOTED.sub("", found.sentence.text), text.reported))
    is_told = not in_title and bool(_FIRST_PERSON.search(found.sentence.text))
    if is_message or is_told or "New Year" in found.reason:
        return False
    if number >= LEAD * (1 + in_title):
        is_part = _GATHERING_IN_TITLE.search(text.title) and _TAKEN_PART.match(
            found.reason.replace("list of", '"list')
        )
        return bool(is_part) and number < _LATEST
    if found.rank == SPOKE:
        return in_title and (dated or number == 0)
    if found.reason.startswith('"') and found.reason.endswith((' of"', ' by"')):
        before = found.sentence.text.partition(found.reason.strip('"'))[0]
        is_report = _FINITE.search(found.sentence.text) and not _VOWED.search(before)
        return (in_title or (dated and number == 0)) and bool(is_report)
    if number == 0 and "ccompanied by" in found.sentence.text:
        return True
    return in_title or dated or found.rank == PRESENT or bool(_STRONG.match(found.reason))


def _is_of_others(found: Found) -> bool:
    """Return whether a delegation or person represents Koreans overseas or another country."""
    before = found.sentence.text[: found.people[0].start - found.sentence.start]
    if found.reason.startswith('"led by"'):
        group = _BEFORE_GROUP.split(_LED_BY.sub("", before))[-1]
        return bool(_OVERSEAS.search(group) or _FOREIGN_GROUP.search(group))
    act = found.sentence.text.find(found.reason.strip('"'))
    ends = [m.end - found.sentence.start for m in found.people]
    if _OF_CHONGRYON.match(found.sentence.text, max((end for end in ends if end <= act), default=0)):
        return True
    return bool(_OVERSEAS.search(" ".join(found.people[0].titles) + before[-_BESIDE:]))
