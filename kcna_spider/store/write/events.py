"""What happened to an article, as it was noticed: edits, URLs that went and came back, withdrawals.

No database; documents are changed in place.

`events` only grows: no later event changes or removes an earlier one. An event is {at, kind, url}; an edit
also has the numbers of the texts `before` and `after`. Kinds: `edited`; `gone`, one URL of several;
`withdrawn`, the last one; `restored`, the first URL that is back after a withdrawal; `back`, a further URL.
Those of photos are in `merge_photos`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from kcna_spider.store.model.types import ArticleDocument, Copy, Event

_GONE, _RETURNED = ("gone", "withdrawn"), ("back", "restored")


def add_event(
    document: ArticleDocument,
    at: dt.datetime,
    kind: str,
    url: str,
    edited: tuple[int, int] | None = None,
    altered: tuple[str, str] | None = None,
) -> None:
    """Add an event in its place in time; `event_at` is the latest.

    edited: the texts before and after an edit. altered: the SHA-256 of a photo before and after.
    """
    event: Event = {"at": at, "kind": kind, "url": url}
    if edited:
        event["before"], event["after"] = edited
    if altered:
        event["sha256_before"], event["sha256_after"] = altered
    events = document.setdefault("events", [])
    place = sum(other["at"] <= at for other in events)
    events.insert(place, event)
    document["event_at"] = max(document.get("event_at") or at, at)


def note_edit(document: ArticleDocument, copy: Copy, at: dt.datetime | None) -> None:
    """Note the changes of a copy that are not noted yet, where one was uncovered.

    The same edit at several URLs counts once.

    at: the time of the change that was uncovered, None for none. A sighting between two others may uncover
    two changes.
    """
    if at is None:
        return
    pairs = [(entry, _forms(document, entry["before"], entry["revision"])) for entry in copy["history"]]
    for pair in dict.fromkeys(pair for _, pair in pairs):
        edits = [
            e
            for e in document.get("events", ())
            if e["kind"] == "edited" and _forms(document, e["before"], e["after"]) == pair
        ]
        mine = {entry["at"]: entry for entry, other in pairs if other == pair}
        for moment in unnoted(list(mine), [edit["at"] for edit in edits]):
            entry = mine[moment]
            add_event(document, entry["at"], "edited", copy["url"], (entry["before"], entry["revision"]))


def unnoted(found: Sequence[dt.datetime], noted: Sequence[dt.datetime]) -> list[dt.datetime]:
    """Return the times of changes that have no event yet.

    A change that is now known to be older than its event says is noted all the same.
    """
    return [at for at in found if at not in noted][: max(0, len(found) - len(noted))]


def note_gone(document: ArticleDocument, copy: Copy, at: dt.datetime) -> None:
    """Note that a live copy was found gone; with the last one the article is withdrawn."""
    copy["status"], copy["gone_at"] = "gone", at
    withdrawn = document["withdrawn_at"] is None and not any(_is_live(other) for other in document["copies"])
    if withdrawn:
        document["withdrawn_at"] = at
    add_event(document, at, "withdrawn" if withdrawn else "gone", copy["url"])


def note_returned(document: ArticleDocument, copy: Copy, at: dt.datetime) -> None:
    """Note that a copy that was gone is there again.

    A sighting from before it was gone says nothing of that.
    """
    if copy["gone_at"] and at <= copy["gone_at"]:
        return
    copy["status"], copy["back_at"] = "live", at
    add_event(document, at, "restored" if document["withdrawn_at"] else "back", copy["url"])
    document["withdrawn_at"] = None


def note_new_copy(document: ArticleDocument, copy: Copy, at: dt.datetime) -> None:
    """Note that a withdrawn article was seen at a new URL.

    An older sighting, or a capture, says nothing of today.
    """
    if document["withdrawn_at"] and at > document["withdrawn_at"] and _is_live(copy):
        add_event(document, at, "restored", copy["url"])
        document["withdrawn_at"] = None


def note_earlier_absence(document: ArticleDocument, copy: Copy, at: dt.datetime) -> bool:
    """Note that a copy was gone at a time before it was last seen, as an old file shows.

    Return whether that was not known.

    It was back by the next time at which it was seen.
    """
    seen = [copy["last_seen"], *(entry["at"] for entry in copy["history"])]
    if at < copy["first_seen"] or _gone_at(document, copy["url"], at):
        return False
    again = min(moment for moment in seen if moment > at)
    if any(
        event["kind"] in _GONE and event["url"] == copy["url"] and at < event["at"] <= again
        for event in document.get("events", ())
    ):
        return False
    others = [
        other
        for other in document["copies"]
        if other is not copy and other["first_seen"] <= at and not is_capture(other["capture"])
    ]
    alone = all(_gone_at(document, other["url"], at) for other in others)
    add_event(document, at, "withdrawn" if alone else "gone", copy["url"])
    add_event(document, again, "restored" if alone else "back", copy["url"])
    return True


def _gone_at(document: ArticleDocument, url: str, at: dt.datetime) -> bool:
    """Return whether a URL is known to have been gone at a timestamp."""
    before = [
        e["kind"]
        for e in document.get("events", ())
        if e["url"] == url and e["at"] <= at and e["kind"] in (*_GONE, *_RETURNED)
    ]
    return bool(before) and before[-1] in _GONE


def is_capture(capture: dict[str, Any] | None) -> bool:
    """Return whether a copy's `capture` is one of a web archive.

    It does not tell whether the page is there today.
    """
    return capture is not None and capture["url"] is not None


def _is_live(copy: Copy) -> bool:
    return copy["status"] == "live" and not is_capture(copy["capture"])


def _forms(document: ArticleDocument, before: int, after: int) -> tuple[str, str]:
    return document["texts"][before - 1]["form"], document["texts"][after - 1]["form"]
