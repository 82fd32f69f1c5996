"""Find edits, withdrawals, returns and changes of photos in the archive file, by kind and size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kcna_spider.export.change_history import TEXT_KINDS
from kcna_spider.export.photo_history import PHOTO_KINDS
from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import Condition

KINDS = (*TEXT_KINDS, *PHOTO_KINDS)
# SQLite sorts NULL last in descending order: with "largest", events without a size are last.
_ORDERS = {"latest": "e.at DESC, a.number", "largest": "e.size DESC, e.at DESC, a.number"}
ORDERS = tuple(_ORDERS)


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """The changes to find. kind: one of KINDS, None for all. order: one of ORDERS.

    size: find only edits that removed and added at least this number of words; 0 for all changes.
    within: find only changes of the articles that this condition finds; None for all articles.
    """

    kind: str | None = None
    size: int = 0
    order: str = "latest"
    within: Condition | None = None


def changes(reader: Reader, wanted: ChangeFilter, limit: int, skip: int = 0) -> list[dict[str, Any]]:
    """Return events with fields of their articles, without trivial edits.

    skip: events before the first returned one.
    """
    conditions = ["NOT e.trivial"]
    parameters: list[Any] = []
    if wanted.kind:
        conditions.append("e.kind = ?")
        parameters.append(wanted.kind)
    if wanted.size:
        conditions.append("e.size >= ?")
        parameters.append(wanted.size)
    if wanted.within:
        conditions.append(f"({wanted.within.where})")
        parameters += wanted.within.parameters
    return reader.dicts(
        "SELECT e.at, e.kind, e.url, e.before, e.after, e.size, e.sha256_before, e.sha256_after, "
        "e.caption_before, e.caption_after, a.id, a.title, a.language, a.published "
        "FROM events e JOIN articles a ON a.number = e.article "
        f"WHERE {' AND '.join(conditions)} ORDER BY {_ORDERS[wanted.order]} LIMIT ? OFFSET ?",
        (*parameters, limit, skip),
    )
