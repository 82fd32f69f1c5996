"""The type for persons whom a sentence shows to have taken part."""

from __future__ import annotations

from collections.abc import Sequence
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


def is_new(one: Found, group: Sequence[Found]) -> bool:
    """Return whether the first person of a finding is not in the group before it."""
    return all(one.people[0].name != mention.name for other in group for mention in other.people)
