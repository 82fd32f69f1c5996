"""Measure the size of each edit of an article in words."""

from __future__ import annotations

from collections.abc import Iterable

from kcna_spider.export.diff import changed_words, whole_text
from kcna_spider.store.model.types import Document


def event_sizes(document: Document, revisions: Iterable[Document]) -> list[int | None]:
    """Return, for each event of an article, the number of words removed plus the number of words added.

    Title, dateline and body count. The size is None if the event is no edit or one of its texts is unknown.

    revisions: the stored revisions of the article.
    """
    texts = {revision["number"]: revision for revision in revisions} | {document["revision"]: document}
    sizes: list[int | None] = []
    for event in document.get("events", ()):
        old, new = texts.get(event.get("before")), texts.get(event.get("after"))
        is_edit = event["kind"] == "edited" and old is not None and new is not None
        sizes.append(_size(old, new) if is_edit and old and new else None)
    return sizes


def _size(old: Document, new: Document) -> int:
    return changed_words(old["title"], new["title"]) + changed_words(whole_text(old), whole_text(new))
