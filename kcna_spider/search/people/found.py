"""The type for persons whom a sentence shows to have taken part. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kcna_spider.search.people.activity import Mention
from kcna_spider.search.people.sentences import Sentence

PRESENT, ACTED, SPOKE, COMPANIONS = 0, 1, 2, 9  # ranks


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: persons whom a sentence shows to have taken part.

    reason: the phrase that the rule matched. rank: PRESENT, ACTED, SPOKE, or COMPANIONS for escorts, who are
    not the principal.
    """

    sentence: Sentence
    people: tuple[Mention, ...]
    reason: str
    rank: int
