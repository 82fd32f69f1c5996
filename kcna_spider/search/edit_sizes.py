"""How much each edit of an article changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from kcna_spider.export.diff import changed_words
from kcna_spider.store.model.types import Document


def event_sizes(document: Document, revisions: Iterable[Document]) -> list[int | None]:
    """Return for each event of an article the words that it removed plus those that it added.

    Title and text count alike. None for an event that is no edit, and where one of its texts is not known.

    revisions: those of the article that are stored.
    """
    texts = {revision["number"]: revision for revision in revisions} | {document["revision"]: document}
    sizes: list[int | None] = []
    for event in document.get("events", ()):
        old, new = texts.get(event.get("before")), texts.get(event.get("after"))
        is_edit = event["kind"] == "edited" and old is not None and new is not None
        sizes.append(_size(old, new) if is_edit and old and new else None)
    return sizes


def _size(old: Document, new: Document) -> int:
    return sum(changed_words(old[name], new[name]) for name in ("title", "body"))
