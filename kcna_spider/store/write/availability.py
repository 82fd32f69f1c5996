"""Update articles whose URLs were found gone or available again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from bson.errors import BSONError
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import PyMongoError

from kcna_spider.items import AvailabilityCheck
from kcna_spider.store.connection.calls import batched
from kcna_spider.store.model.types import ArticleDocument, Document
from kcna_spider.store.write.conflicts import ConflictPauses
from kcna_spider.store.write.events import note_earlier_absence, note_gone, note_returned
from kcna_spider.store.write.revisions import current_texts
from kcna_spider.store.write.too_large import TOO_LARGE, by_halves
from kcna_spider.store.write.versioned import set_fields

logger = logging.getLogger(__name__)


def record_availability(database: Database[Document], batch: Sequence[AvailabilityCheck]) -> list[str]:
    """Record checks of known URLs; return the outcome of each: gone, back, there, unknown or TOO_LARGE."""
    try:
        outcomes = _record(database, batch)
    except (PyMongoError, BSONError) as error:
        outcomes = by_halves(batch, partial(_record, database), error)
    for one, outcome in zip(batch, outcomes, strict=True):
        if outcome == TOO_LARGE:
            logger.warning(
                "Not stored: %s: its article is too large to note that the URL was checked", one.url
            )
    return outcomes


def _record(database: Database[Document], batch: Sequence[AvailabilityCheck]) -> list[str]:
    outcomes: dict[int, str] = {}
    left = list(range(len(batch)))
    conflicts = ConflictPauses()
    while left := _write(database, batch, left, outcomes):
        conflicts.pause(batch[left[0]].url)
    return [outcomes[i] for i in range(len(batch))]


def _write(
    database: Database[Document],
    batch: Sequence[AvailabilityCheck],
    positions: Sequence[int],
    outcomes: dict[int, str],
) -> list[int]:
    """Write the checks at `positions` and set their outcomes; return positions that must be tried again."""
    documents, by_url = _stored(database["articles"], [batch[i].url for i in positions])
    changes: dict[Any, Document] = {}
    for i in positions:
        key = by_url.get(batch[i].url)
        if key is None:
            outcomes[i] = "unknown"
        else:
            outcomes[i], fields = _seen(documents[key], batch[i])
            changes.setdefault(key, {}).update(fields)
    texts = current_texts(database, [documents[key] for key in changes])
    lost = set_fields(
        database["articles"],
        {key: (documents[key]["version"], fields | texts.get(key, {})) for key, fields in changes.items()},
    )
    return [i for i in positions if by_url.get(batch[i].url) in lost]


def _stored(
    articles: Collection[Document], urls: Sequence[str]
) -> tuple[dict[Any, ArticleDocument], dict[str, Any]]:
    """Return the articles with any of these URLs by `_id`, and the `_id` by URL."""
    documents: dict[Any, ArticleDocument] = {}
    for some in batched(dict.fromkeys(urls)):
        for found in articles.find({"copies.url": {"$in": some}}):
            documents.setdefault(found["_id"], cast("ArticleDocument", found))
    return documents, {copy["url"]: key for key, document in documents.items() for copy in document["copies"]}


def _seen(document: ArticleDocument, one: AvailabilityCheck) -> tuple[str, Document]:
    """Return the outcome of a check, and the fields to set. `document` is changed in place."""
    copy = next(c for c in document["copies"] if c["url"] == one.url)
    outcome = "there"
    if one.at < copy["last_seen"]:  # a check from an old WARC file: the page has been seen since
        if one.gone and note_earlier_absence(document, copy, one.at):
            outcome = "gone"
    elif one.gone:
        outcome = "gone"
        copy["checked_at"] = one.at
        if copy["status"] == "live":
            note_gone(document, copy, one.at)
    else:
        was_gone = copy["status"] == "gone"
        if was_gone:
            note_returned(document, copy, one.at)
        outcome = "back" if was_gone and copy["status"] == "live" else "there"
        copy["last_seen"] = one.at
    fields: Document = {
        name: document[name] for name in ("copies", "withdrawn_at", "events", "event_at") if name in document
    }
    if not one.gone:
        fields["last_seen"] = document["last_seen"] = max(document["last_seen"], one.at)
    return outcome, fields
