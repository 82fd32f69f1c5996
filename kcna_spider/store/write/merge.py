"""Merge a sighting into a stored article. No database is used.

An article's `texts` has two hashes of every distinct text, those of revision n at index n-1: `hash` of the
exact text, and `form` of its normal form. Each copy names the revision that it shows. The current text is the
one that the highest ranking copy shows: a live copy before a capture before a gone copy, then the site's
rank, then the latest change.
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

_UNKNOWN_RANK = 99  # for a site that is no longer in `SITES`
_DATED_BY = ("page", "listing", "dateline", "address", "capture")


@dataclass(slots=True)
class Merge:
    """The writes that a sighting requires.

    changes: fields of the article to set. revision: a text not seen before. source: (number of the text,
    source to add to it). redated: (number, dateline) of a known text whose dateline's year is known only now.
    """

    outcome: str
    changes: Document
    revision: RevisionDocument | None = None
    source: tuple[int, Source] | None = None
    redated: tuple[int, DatelineFields | None] | None = None


def merge(stored: ArticleDocument, article: Article) -> Merge:
    """Return the writes that a sighting of a stored article requires. `stored` is not changed."""
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
    """Return a copy of a document with its dicts and lists copied, five times as fast as `copy.deepcopy`."""
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
    """Update or add the copy; return the outcome, and the time of the change that is revealed, or None."""
    if known is None:
        copy = new_copy(article, number)
        document["copies"].append(copy)
        note_new_copy(document, copy, article.fetched_at)
        return "copied", None
    # The same WARC record, parsed again: a difference comes from the layout and is no edit of the site.
    if article.record and article.record == known.get("record"):
        reread = known["revision"] != number
        known["revision"], known["layout"] = number, article.layout
        return "reread" if reread else "unchanged", None
    newest = article.fetched_at >= known["last_seen"]
    changed = see(known, article.fetched_at, number)
    if newest:  # an older sighting, such as a capture, does not show the current state
        if known["status"] == "gone":
            note_returned(document, known, article.fetched_at)
        # A capture does not replace what the site itself sent.
        if not is_capture(article.capture) or is_capture(known["capture"]):
            known["layout"], known["etag"], known["modified"] = article.layout, article.etag, article.modified
            known["capture"], known["record"] = article.capture, article.record
    return "revised" if changed else "unchanged", changed


def _see_fields(document: ArticleDocument, article: Article, number: int) -> bool:
    """Add categories; set the times seen and the date of publication, the earliest of the best source.

    Return True if the dateline of this text changed, because its year is known only now.
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
    """Return the rank of a date, the best being the smallest.

    Dates that a page or listing states precede those from a dateline or URL, and those from a capture; then
    the earliest date is best.
    """
    place = _DATED_BY.index(source or "capture")
    return place // 2, day, place


def rank(entry: Copy) -> tuple[int, int, int, float]:
    """Return the rank of a copy. The copy with the smallest rank provides the article's text."""
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
    """Make the sighted text the article's text if the copy that ranks first shows it."""
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
