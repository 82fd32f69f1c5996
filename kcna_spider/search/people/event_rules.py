"""Find the public activities that an English article reports."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from kcna_spider.search.people import act_phrases
from kcna_spider.search.people import event_phrases as phrases
from kcna_spider.search.people.activity import Activity, Mention, Text
from kcna_spider.search.people.dprk_persons import persons_of
from kcna_spider.search.people.event_details import activities_from
from kcna_spider.search.people.event_filters import ELSEWHERE, INTERVIEW, LEAD, counts, is_news, may_count
from kcna_spider.search.people.event_lists import listed_after
from kcna_spider.search.people.event_participants import participants
from kcna_spider.search.people.event_subjects import speaker
from kcna_spider.search.people.found import ACTED, COMPANIONS, Found
from kcna_spider.search.people.leader_titles import acts_in_title
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentences import Sentence, sentences

_MOST_READ = 30_000  # characters of a body that the rules read
# Words for a meeting in the first sentences of an article.
_MEETING = (
    r"\b(?:[Mm]eetings?|[Rr]all(?:y|ies)|[Cc]eremon(?:y|ies)|[Ss]eminar|[Ss]ymposium|[Ll]ecture|[Cc]onference"
    r"|[Gg]athering|[Cc]ontact|[Bb]riefing|[Rr]eception|[Bb]anquet|[Ss]ession|[Ee]xhibition|[Tt]alks"
    r"|[Pp]resentation|[Cc]ontest|(?<=[Aa] )party|[Bb]irthday party)\b"
)
_GATHERING = re.compile(
    rf"{_MEETING}.{{0,200}}?\b(?:was|were|took place|takes place|opened|met)\b|^At the {_MEETING}"
    rf"|\b(?:hosted|arranged|gave|held|had|(?:co-?)?sponsored) (?:an? |the )?(?:[\w-]+ ){{0,4}}?{_MEETING}"
    r"|\bvisited the (?:\w+ )?(?:[Mm]ission|[Ee]mbassy)\b"
    rf"|\bthere was an? (?:[\w-]+ ){{0,4}}?{_MEETING}"
)
_AMBASSADOR = re.compile(r"\bDPRK (?:[Aa]mbassador|[Cc]harg)")


def activities_of(text: Text) -> list[Activity]:
    """Return the activities that an English article reports, in the order of the text.

    Only the first 30,000 characters are read: articles report their activities there, and the limit bounds
    the time for hostile texts.
    """
    shown = [m for m in text.mentions if m.field == "title" or m.end <= _MOST_READ]
    text = replace(text, body=text.body[:_MOST_READ], mentions=shown)
    persons = persons_of(text)
    if not persons or ELSEWHERE.search(text.title):
        return []
    is_message = bool(phrases.NO_EVENT_TITLE.search(text.title))
    found_sentences = sentences(text.body)
    inside = _inside(persons, found_sentences)
    found: list[Found] = []
    for number, (sentence, people) in enumerate(zip(found_sentences, inside, strict=True)):
        escorts = "ccompanied by" in sentence.text  # A leader may be one of them.
        if not people or not (escorts or may_count(people, number, is_message, text)):
            continue
        if is_news(sentence.text, text.reported):
            before = found_sentences[number - 1].text if number else ""
            listed = listed_after(sentence, people, before)
            seen = [listed] if listed else participants(sentence, people)
            found += [one for one in seen if counts(one, number, is_message, persons, text)]
    if not is_message and not any(m.name in data()["leaders"] for one in found for m in one.people):
        found += _said_by_title(text, persons, found_sentences)
    found = found or _ambassador(persons, found_sentences)
    if not is_message and not any(one.people[0].name in data()["leaders"] for one in found):
        found += _speakers(text, found_sentences, inside, {one.sentence for one in found})
    if found and _are_escorts(found[0]) and not any(m.name in data()["leaders"] for m in persons):
        found[0] = replace(found[0], rank=ACTED)  # Escorts who are named first took part.
    if not any(one.rank < COMPANIONS for one in found):
        found = _accompanied(text, persons, found, is_message)
    return activities_from(text, found, found_sentences) if found else []


def _said_by_title(text: Text, persons: Sequence[Mention], found: list[Sentence]) -> list[Found]:
    """Return the leader whose act the title reports, if the first sentence names the leader too."""
    named = [m for m in persons if m.field == "title" and m.name in data()["leaders"]]
    if (
        not named
        or text.title[: named[0].start].endswith("of ")
        or not found
        or not is_news(found[0].text, text.reported)
        or phrases.FROM_AFAR.search(found[0].text)
    ):
        return []
    act = act_phrases.ACT_IN_TITLE.match(text.title, named[0].end)
    first = [m for m in persons if m.field == "body" and m.name == named[0].name and m.start < found[0].end]
    return [Found(found[0], (first[0],), f'title: "{act[0].strip()}"', ACTED)] if act and first else []


def _ambassador(persons: Sequence[Mention], found_sentences: list[Sentence]) -> list[Found]:
    """Return the ambassador who acts in the first sentence, but whose name is in a later one only."""
    first = found_sentences[0]
    named = [m for m in persons if any("mbassador" in title or "harg" in title for title in m.titles)]
    if not named or not _AMBASSADOR.match(first.text.removeprefix("The ")):
        return []
    act = act_phrases.ACT.search(first.text)
    return [Found(first, (named[0],), f'"{act[0].strip()}"', ACTED)] if act else []


def _accompanied(text: Text, persons: Sequence[Mention], found: list[Found], is_message: bool) -> list[Found]:
    """Return the findings of an article in which only escorts were found.

    The leader whose act the title reports is the principal. Otherwise escorts with titles took part.
    """
    leader = next((m for m in persons if m.field == "title" and m.name in data()["leaders"]), None)
    if leader and found and not is_message and acts_in_title(leader.name, text):
        return [replace(found[0], people=(leader, *found[0].people), rank=ACTED), *found[1:]]
    return [
        replace(one, rank=ACTED) for one in found if _are_escorts(one) and any(m.titles for m in one.people)
    ]


def _are_escorts(one: Found) -> bool:
    return one.rank == COMPANIONS and "ccompan" in one.sentence.text


def _speakers(
    text: Text, all_sentences: list[Sentence], inside: list[list[Mention]], others: set[Sentence]
) -> list[Found]:
    """Return the persons who said something at the meeting that the first sentences report.

    others: sentences to skip.
    """
    found = []
    for sentence, people in zip(all_sentences[1:], inside[1:], strict=True):
        if people and sentence not in others and people[0].name not in data()["leaders"]:
            one = speaker(sentence, people)
            if one and any(m.titles for m in one.people):
                found.append(one)
    if not found or INTERVIEW.search(text.body):
        return []
    first = found[0].sentence  # "At the meeting Ri Ho said"
    reporting = [*all_sentences[:LEAD], first] if first.text.startswith("At the ") else all_sentences[:LEAD]
    meeting = next((one for one in reporting if _GATHERING.search(one.text)), None)
    return found if meeting and is_news(meeting.text, text.reported) else []


def _inside(persons: Sequence[Mention], found: Sequence[Sentence]) -> list[list[Mention]]:
    """Return the mentions in each sentence."""
    mentions = deque(m for m in persons if m.field == "body")
    inside: list[list[Mention]] = []
    for sentence in found:
        inside.append([])
        while mentions and mentions[0].start < sentence.end:
            inside[-1].append(mentions.popleft())
    return inside
