"""Derive the kind of an activity from the findings that report it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kcna_spider.search.people.activity import Text
from kcna_spider.search.people.event_places import HAS_SITE
from kcna_spider.search.people.event_series import ALSO_LEAVING
from kcna_spider.search.people.found import ACTED, PRESENT, Found
from kcna_spider.search.people.other_places import country_of
from kcna_spider.search.people.people_words import data
from kcna_spider.search.people.sentence_kinds import kind_of
from kcna_spider.search.people.sentences import Sentence

_AFTER = 70  # characters after an act that name the event
_GUESTS = re.compile(
    r"\b(?:delegation|[Aa]mbassador|guests?|talks?|[Mm]inister|party|mission|president|envoy)\b"
)
_VISIT_ABROAD = re.compile(
    r"\bvisit to (?:the )?(?:[A-Z][\w'’]+ ){0,3}"
    r"(?:Republic|Federation|Kingdom|China|Russia|Mongolia|Cuba)\b"
)
_ENVOY = re.compile(r"\b[Aa]mbassador|\bcharg|\benvoy")
_SIGNED = ('"signed"', '"inked"')
_TOURED = re.compile(
    r'"(?:visited|inspected|(?:gave|provided) (?:field|on-)|looked round|went round|toured|guided)'
)
_HANDED = re.compile(r'"(?:handed|presented|conveyed)[^"]* to"$')
_CONVEYED = re.compile(r'"conveyed the (?:aid|relief)? ?(?:material|suppl)')
_TO_EMBASSY = re.compile(r"Wreaths? (?:\w+ )?(?:to|at) .*[Ee]mbassy")
_MOURNED = re.compile(r"\b(?:mourn|condolences|death|demise|memory)\b")
_PLAYERS = re.compile(
    r"\b(?:[Pp]layers|[Ff]ootballers|[Ss]portspersons|[Aa]thletes|[Mm]edallists|[Mm]edalists)\b"
)
_ATTENDED = re.compile('"(?:attended|took part|was present|participated in)')
_SAID_AT = re.compile(r"\b(?:this|so)(?: stand)?,? (?:at|in|when|on|addressing)\b|\bsaid at ")
# Reasons of diplomacy regardless of other words: "handed to", "greeted at the airport by".
_DIPLOMATIC = re.compile(
    r'"(?:received |when |credentials|asked|seen off|sent off|talks? with|[Tt]alks (?:were|between)'
    r'|(?:(?:was|were) (?:\w+ )?)?(?:greeted|met|welcomed) .*\bat .*by"'
    r"|(?:came|flew|returned|left|arrived|departed) "
    r'|led by", "(?:to |left|returned|came|arrived|departed|flew|met|meeting|receiv|talk|conversation))'
    r'|(?!.*condolence).* to"$'
)


def kind_from(text: Text, lead: Sequence[Sentence], best: Found, found: Sequence[Found]) -> str:
    """Return the kind of an activity.

    lead: the sentences that report it. best: the finding that decides the principal. found: all findings.
    """
    greeted = "greet" in best.sentence.text
    beginning = " ".join(one.text for one in lead[:2])
    if _CONVEYED.match(best.reason) or (_TO_EMBASSY.match(text.title) and _MOURNED.search(beginning)):
        return "visit"
    if greeted and any(_PLAYERS.search(one.text) for one in [*lead[:2], best.sentence]):
        return "performance"
    is_talks = any(one.text.startswith("Talks ") for one in [*lead[:1], best.sentence])
    if (
        is_talks
        or _is_diplomatic(best)
        or (best.rank != PRESENT and any(_HANDED.match(one.reason) for one in found))
    ):
        return "diplomacy"
    return kind_of(*_deciding_texts(text, lead, best))


def _is_diplomatic(best: Found) -> bool:
    """Return whether a finding is diplomacy regardless of other words: talks, travel, a signature."""
    first, sentence = best.people[0], best.sentence.text
    if best.rank == ACTED and (_ENVOY.search(" ".join(first.titles)) or _VISIT_ABROAD.search(sentence)):
        return True
    if (
        "visited" in best.reason
        and "led by" in best.reason
        and country_of(sentence, frozenset({first.written}))
    ):
        return True
    is_signed = best.reason in _SIGNED and first.name not in data()["leaders"]
    met_guests = best.reason.startswith(
        ('"met', '"meets', '"had a', '"had talks', '"had separate')
    ) and _GUESTS.search(sentence)
    if is_signed or (met_guests and "photo" not in best.reason):
        return True
    return bool(_DIPLOMATIC.match(best.reason) or ALSO_LEAVING.match(sentence))


def _deciding_texts(text: Text, lead: Sequence[Sentence], best: Found) -> tuple[str, list[str], str]:
    """Return the title, the first sentences and the sentence with the persons that decide the kind."""
    sentence, is_leader = best.sentence.text, best.people[0].name in data()["leaders"]
    if _ATTENDED.match(best.reason):
        after = sentence.partition(best.reason.strip('"'))[2][:_AFTER]
        if "eremon" in after or "eeting" in after:
            return "", [after], sentence
    if best.reason == '"with the attendance of"':
        return text.title, [sentence], sentence
    if best.reason == '"visited"' and not is_leader and HAS_SITE.search(sentence):
        return "", [], sentence  # The title may be about another event.
    if best.rank == ACTED and is_leader and _TOURED.match(best.reason):
        return text.title, [sentence], ""  # Praise may precede the report.
    # If a person "said this at" an event, the lead quotes the person.
    first = [] if _SAID_AT.search(best.reason) else lead[:2]
    return text.title, [one.text for one in first], sentence
