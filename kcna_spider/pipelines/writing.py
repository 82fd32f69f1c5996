"""Write items to the store in an order that loses nothing, deciding again where another writer was faster."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from kcna_spider.exceptions import StoreError
from kcna_spider.items import Article, AvailabilityCheck, Item, ListingUpdate, Reject
from kcna_spider.pipelines.deduplication import decide
from kcna_spider.store.archive import Archive
from kcna_spider.store.write.articles import CONFLICT

_MAX_ROUNDS = 50
_KEPT = "kept"  # the outcome of rejects and listing updates


def write(archive: Archive, items: Sequence[Item]) -> list[str]:
    """Write decided items; return an outcome each. Articles come first, so that a listing update finds the article before it."""
    articles = [item for item in items if isinstance(item, Article)]
    checks = [item for item in items if isinstance(item, AvailabilityCheck)]
    outcomes = dict(zip(map(id, articles), _write_articles(archive, articles), strict=True)) if articles else {}
    if rejects := [item for item in items if isinstance(item, Reject)]:
        archive.save_rejects(rejects)
    if updates := [item for item in items if isinstance(item, ListingUpdate)]:
        archive.update_from_listings(updates)
    if checks:
        outcomes |= dict(zip(map(id, checks), archive.record_availability(checks), strict=True))
    return [outcomes.get(id(item), _KEPT) for item in items]


def decide_and_write(archive: Archive, items: Sequence[Item]) -> list[str]:
    """Decide and write items; return an outcome each."""
    decide(archive, items)
    return write(archive, items)


def _write_articles(archive: Archive, batch: Sequence[Article]) -> list[str]:
    outcomes = archive.save_articles(batch)
    for _ in range(_MAX_ROUNDS):
        conflicts = [i for i, outcome in enumerate(outcomes) if outcome == CONFLICT]
        if not conflicts:
            return outcomes
        time.sleep(random.uniform(0, 0.01))
        again = [batch[i] for i in conflicts]
        decide(archive, again)
        for i, outcome in zip(conflicts, archive.save_articles(again), strict=True):
            outcomes[i] = outcome
    lost = batch[outcomes.index(CONFLICT)]
    raise StoreError(f"{lost.url}: the article changed {_MAX_ROUNDS} times while it was written")
