"""What a sighting does to a stored article. Pure: documents in, documents out; no database.

An article's `texts` lists every distinct text by two hashes, revision n at index n-1: `hash` of the text as
it stands, and `form` of its normal form. Each copy says which revision it shows. The current text is the one
that the highest ranking copy shows: a live copy before a capture before a gone copy, then the site's rank,
then the latest change.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from kcna_spider.items import Article
from kcna_spider.sites import SITES
from kcna_spider.store.model.documents import (
    current_text,
    fingerprints_of,
    new_copy,
    new_revision,
    see_photo_pages,
    source_of,
    text_entry,
)
from kcna_spider.store.model.types import (
    ArticleDocument,
    Copy,
    DatelineFields,
    Document,
    RevisionDocument,
    Source,
    TextHashes,
)
from kcna_spider.store.write.events import is_capture, note_edit, note_new_copy, note_returned
from kcna_spider.store.write.timeline import see
from kcna_spider.text.dates import midnight

_UNKNOWN_RANK = 99  # of a site that is no longer known
_DATED_BY = ("page", "listing", "dateline", "address", "capture")


@dataclass(slots=True)
class Merge:
    """What is to be written.

    changes: fields to set. revision: a text not seen before. source: (number, where it was seen) to add.
    redated: (number, dateline) of a known text whose year is known only now.
    """

    outcome: str
    changes: Document
    revision: RevisionDocument | None = None
    source: tuple[int, Source] | None = None
    redated: tuple[int, DatelineFields | None] | None = None


def merge(stored: ArticleDocument, article: Article) -> Merge:
    """Return what a sighting changes in its article. `stored` is not touched."""
    document = _copied(stored)
    known = next((c for c in document["copies"] if c["url"] == article.url), None)
    entry = text_entry(article)
    number, added = _number_of(document, entry)
    revision = None
    if added:
        shown = known["revision"] if known else document["revision"]
        trivial = document["texts"][shown - 1]["form"] == entry["form"]
        document["texts"].append(entry)
        document["fingerprints"] = fingerprints_of(document, article.fingerprint)
        revision = new_revision(document, number, entry, article, trivial=trivial)
    outcome, changed = _see_copy(document, known, article, number)
    if known is not None:
        note_edit(document, known, changed)
    redated = _see_fields(document, article, number)
    if article.photo_pages:
        see_photo_pages(document, article)
    _choose_current(document, article, number)
    _note_change(document, known, changed)
    changes = {key: value for key, value in document.items() if stored.get(key) != value}
    source = None if revision or outcome == "unchanged" else (number, source_of(article))
    return Merge(outcome, changes, revision, source, (number, document["dateline"]) if redated else None)


def _copied(value: Any) -> Any:
    """Return a deep copy of a document.

    Only dicts and lists are copied: five times as fast as `copy.deepcopy`.
    """
    if isinstance(value, dict):
        return {key: _copied(part) for key, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, list) else value


def _number_of(document: ArticleDocument, entry: TextHashes) -> tuple[int, bool]:
    for number, text in enumerate(document["texts"], 1):
        if text["hash"] == entry["hash"]:
            return number, False
    return len(document["texts"]) + 1, True


def _see_copy(
    document: ArticleDocument, known: Copy | None, article: Article, number: int
) -> tuple[str, dt.datetime | None]:
    """Return (outcome, timestamp of the change that this sighting uncovered)."""
    if known is None:
        copy = new_copy(article, number)
        document["copies"].append(copy)
        note_new_copy(document, copy, article.fetched_at)
        return "copied", None
    # The same bytes, read by other code: no edit of theirs
    if article.record and article.record == known.get("record"):
        reread = known["revision"] != number
        known["revision"], known["layout"] = number, article.layout
        return "reread" if reread else "unchanged", None
    newest = article.fetched_at >= known["last_seen"]
    changed = see(known, article.fetched_at, number)
    if newest:  # an older sighting (a capture) says nothing of today
        if known["status"] == "gone":
            note_returned(document, known, article.fetched_at)
        # A capture does not replace what the site itself sent.
        if not is_capture(article.capture) or is_capture(known["capture"]):
            known["layout"], known["etag"], known["modified"] = article.layout, article.etag, article.modified
            known["capture"], known["record"] = article.capture, article.record
    return "revised" if changed else "unchanged", changed


def _see_fields(document: ArticleDocument, article: Article, number: int) -> bool:
    """Categories are united; `published` is the earliest day of the best source.

    Return True if the dateline's year is known only now.
    """
    document["categories"] = list(dict.fromkeys([*document["categories"], *article.categories]))
    document["last_seen"] = max(document["last_seen"], article.fetched_at)
    document["first_seen"] = min(document["first_seen"], article.fetched_at)
    day = midnight(article.published)
    if day is None or _dating(article.published_from, day) >= _dating(
        document["published_from"], document["published"]
    ):
        return False
    was = document["published_from"]
    document["published"], document["published_from"] = day, article.published_from or "capture"
    document["day"] = day.date().isoformat()
    if was == "capture":
        document["lsh_keys"] = article.set_lsh_keys()
        if document["revision"] == number and document["dateline"] != (
            line := current_text(article)["dateline"]
        ):
            document["dateline"] = line
            return True
    return False


def _dating(source: str | None, day: dt.datetime) -> tuple[int, dt.datetime, int]:
    """Return the rank of a date: stated, from dateline or URL, bound by a capture; then the earliest."""
    place = _DATED_BY.index(source or "capture")
    return place // 2, day, place


def rank(entry: Copy) -> tuple[int, int, int, float]:
    """Return the rank of a copy; the article has the text of the copy with the smallest."""
    gone = entry["status"] == "gone"
    return (
        int(gone),
        int(entry["capture"] is not None),
        _rank_of_site(entry["site"]),
        -entry["revised_at"].timestamp(),
    )


def _rank_of_site(name: str) -> int:
    site = SITES.get(name)
    return site.rank if site else _UNKNOWN_RANK


def _choose_current(document: ArticleDocument, article: Article, number: int) -> None:
    """Set the article's text to that of the copy that ranks first."""
    first = min(document["copies"], key=rank)
    if first["revision"] != document["revision"] and first["revision"] == number:
        text = current_text(article)
        document["title"], document["body"] = text["title"], text["body"]
        document["dateline"], document["fingerprint"] = text["dateline"], text["fingerprint"]
        document["revision"], document["lsh_keys"] = number, article.set_lsh_keys()


def _note_change(document: ArticleDocument, known: Copy | None, changed: dt.datetime | None) -> None:
    """Set `changed_at` to the latest change of the copy whose text is current, if it is not trivial."""
    if known is not min(document["copies"], key=rank):
        return
    entry = next((e for e in known["history"] if e["at"] == changed), None) if known and changed else None
    if entry is None or changed is None:
        return
    forms = [document["texts"][number - 1]["form"] for number in (entry["before"], entry["revision"])]
    if forms[0] != forms[1] and (document["changed_at"] is None or changed > document["changed_at"]):
        document["changed_at"] = changed
