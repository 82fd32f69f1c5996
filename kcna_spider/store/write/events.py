"""Add events to an article: edits, URLs that are gone or back, withdrawals.

Documents are changed in place; no database is used.

`events` only grows: no later event changes or removes an earlier one. An event is {at, kind, url}; an edit
also has the numbers of the texts `before` and `after`. Kinds: `edited`; `gone` (one URL of several);
`withdrawn` (the last live URL is gone); `restored` (the first URL that is back after a withdrawal); `back`
(another URL is back). `merge_photos` adds the events of photos.
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
    captioned: tuple[str, str] | None = None,
) -> None:
    """Insert an event in chronological order, and set `event_at` to the time of the latest one.

    edited: the numbers of the texts before and after an edit. altered: the SHA-256 of a photo before and
    after. captioned: its caption before and after.
    """
    event: Event = {"at": at, "kind": kind, "url": url}
    if edited:
        event["before"], event["after"] = edited
    if altered:
        event["sha256_before"], event["sha256_after"] = altered
    if captioned:
        event["caption_before"], event["caption_after"] = captioned
    events = document.setdefault("events", [])
    place = sum(other["at"] <= at for other in events)
    events.insert(place, event)
    document["event_at"] = max(document.get("event_at") or at, at)


def note_edit(document: ArticleDocument, copy: Copy, at: dt.datetime | None) -> None:
    """Add events for those edits of a copy that have none yet, if a sighting revealed a change.

    The same edit at several URLs counts once.

    at: the time of the revealed change, or None if there was none. A sighting between two others may reveal
    two changes.
    """
    if at is None:
        return
    pairs = [(entry, edit_of(document, entry["before"], entry["revision"])) for entry in copy["history"]]
    for pair in dict.fromkeys(pair for _, pair in pairs if pair):
        edits = [
            e
            for e in document.get("events", ())
            if e["kind"] == "edited" and edit_of(document, e["before"], e["after"]) == pair
        ]
        mine = {entry["at"]: entry for entry, other in pairs if other == pair}
        for moment in unnoted(list(mine), [edit["at"] for edit in edits]):
            entry = mine[moment]
            add_event(document, entry["at"], "edited", copy["url"], (entry["before"], entry["revision"]))


def unnoted(found: Sequence[dt.datetime], noted: Sequence[dt.datetime]) -> list[dt.datetime]:
    """Return the times of changes that have no event yet.

    A change that turned out to be older than its event needs no second event. found: the times of the
    changes. noted: the times of their events.
    """
    return [at for at in found if at not in noted][: max(0, len(found) - len(noted))]


def note_gone(document: ArticleDocument, copy: Copy, at: dt.datetime) -> None:
    """Mark a live copy as gone. If it was the last live one, the article is withdrawn."""
    copy["status"], copy["gone_at"] = "gone", at
    withdrawn = document["withdrawn_at"] is None and not any(_is_live(other) for other in document["copies"])
    if withdrawn:
        document["withdrawn_at"] = at
    add_event(document, at, "withdrawn" if withdrawn else "gone", copy["url"])


def note_returned(document: ArticleDocument, copy: Copy, at: dt.datetime) -> None:
    """Mark a copy that was gone as live again, unless the sighting is older than its disappearance.

    If it was found gone again later, as a capture that is read late may show, it stays gone.
    """
    if copy["gone_at"] and at <= copy["gone_at"]:
        return
    copy["status"], copy["back_at"] = "live", at
    add_event(document, at, "restored" if document["withdrawn_at"] else "back", copy["url"])
    document["withdrawn_at"] = None
    if (checked := copy.get("checked_at")) and checked > at:
        note_gone(document, copy, checked)


def note_new_copy(document: ArticleDocument, copy: Copy, at: dt.datetime) -> None:
    """Mark a withdrawn article as restored, because it was seen at a new URL.

    A sighting from before the withdrawal, or a capture, changes nothing.
    """
    if document["withdrawn_at"] and at > document["withdrawn_at"] and _is_live(copy):
        add_event(document, at, "restored", copy["url"])
        document["withdrawn_at"] = None


def note_earlier_absence(document: ArticleDocument, copy: Copy, at: dt.datetime) -> bool:
    """Add events for a copy that was gone at a time before it was last seen, as an old WARC file shows.

    Return whether this is new.

    The copy counts as back at the next time at which it was seen.
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
    """Return whether a copy's `capture` comes from a web archive.

    Such a copy does not show whether the page is still available. A WARC file has no capture URL.
    """
    return capture is not None and capture["url"] is not None


def _is_live(copy: Copy) -> bool:
    return copy["status"] == "live" and not is_capture(copy["capture"])


def edit_of(document: ArticleDocument, before: int, after: int) -> tuple[str, str] | None:
    """Return the normal forms of two texts, which are the same wherever a site made the same edit.

    Return None if one is what other code read in the same record as the other: the site changed nothing. Of
    two texts that were read again, the forms are those that were read first.
    """
    origins, texts = (_origins(document, before), _origins(document, after)), document["texts"]
    if before in origins[1] or after in origins[0]:
        return None
    if origins[0][-1] != origins[1][-1]:
        before, after = origins[0][-1], origins[1][-1]
    return texts[before - 1]["form"], texts[after - 1]["form"]


def _origins(document: ArticleDocument, number: int) -> list[int]:
    """Return the numbers of a text and of those that earlier code read in the same record, that one last."""
    numbers = [number]
    while (earlier := document["texts"][numbers[-1] - 1].get("reread_of")) is not None:
        numbers.append(earlier)
    return numbers
