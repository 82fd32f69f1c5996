"""What a sentence shows of persons who took part in something. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kcna_spider.search.people.activity import Mention
from kcna_spider.search.people.sentences import Sentence

PRESENT, ACTED, SPOKE, COMPANIONS = 0, 1, 2, 9  # ranks


@dataclass(frozen=True, slots=True)
class Found:
    """Persons who took part. rank: the lowest of an article names the principal; COMPANIONS never does."""

    sentence: Sentence
    people: tuple[Mention, ...]
    reason: str
    rank: int
