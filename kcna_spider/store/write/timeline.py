"""Record which text a copy showed when, and which file the URL of a photo showed. No database is used.

Sightings may arrive in any order (captures arrive late) and are sorted by time. The `history` of a copy or
photo has an entry {at, before, NAME} for each observed change, oldest first. `before` of the first entry is
the content from `first_seen` on, and the field NAME of the copy or photo is the content at `last_seen`. NAME
is `revision` for a copy (the number of a text), and `sha256` for a photo (the hash of its file).
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any, cast

from kcna_spider.store.model.types import ArticlePhoto, Copy, Document


def see(
    entry: Copy | ArticlePhoto, at: dt.datetime, value: Any, name: str = "revision"
) -> dt.datetime | None:
    """Record that a copy or photo showed a text or file at a timestamp.

    value: the content. name: the field with the content. Return the timestamp of the change that this
    sighting reveals, or None.
    """
    shown = cast("Document", entry)
    if at >= shown["last_seen"]:
        shown["last_seen"] = at
        if shown[name] == value:
            return None
        shown["history"].append({"at": at, "before": shown[name], name: value})
        shown[name], shown["revised_at"] = value, at
        return at
    if at < shown["first_seen"]:
        return _see_first(shown, at, value, name)
    return _see_between(shown, at, value, name)


def _see_first(entry: Document, at: dt.datetime, value: Any, name: str) -> dt.datetime | None:
    """Record a sighting that is earlier than all known ones."""
    shown = _shown_first(entry, name)
    was_first: dt.datetime = entry["first_seen"]
    entry["first_seen"] = at
    if shown == value:
        return None
    if not entry["history"]:
        entry["revised_at"] = was_first
    entry["history"].insert(0, {"at": was_first, "before": value, name: shown})
    return was_first


def _see_between(entry: Document, at: dt.datetime, value: Any, name: str) -> dt.datetime | None:
    history = entry["history"]
    place = sum(change["at"] <= at for change in history)
    shown = history[place - 1][name] if place else _shown_first(entry, name)
    if shown == value:
        return None
    if place < len(history) and history[place][name] == value:  # the known change was earlier than recorded
        history[place]["at"] = at
        entry["revised_at"] = history[-1]["at"]
        return at
    history.insert(place, {"at": at, "before": shown, name: value})
    if place + 1 < len(history):
        history[place + 1]["before"] = value
    else:  # the content was changed back before the last sighting
        history.append({"at": entry["last_seen"], "before": value, name: shown})
        entry["revised_at"] = entry["last_seen"]
    return at


def text_at(copy: Copy, at: dt.datetime) -> int:
    """Return the number of the text that a copy showed at a timestamp."""
    changes = [change for change in copy["history"] if change["at"] <= at]
    number: int = changes[-1]["revision"] if changes else _shown_first(cast("Document", copy), "revision")
    return number


def read_again(copy: Copy, at: dt.datetime, number: int) -> None:
    """Replace the text that a copy showed in the record of a timestamp by the one that is read now.

    Its other records keep their texts until they are read again. Sightings without a record, such as an
    unchanged page, show what the record before them shows.
    """
    recorded = set(copy.get("recorded_at", ()))
    times = {copy["first_seen"], copy["last_seen"], *(change["at"] for change in copy["history"])}
    seen = sorted(times | recorded)
    texts = {time: text_at(copy, time) for time in seen}
    before, texts[at] = texts[at], number
    for time in seen[seen.index(at) + 1 :]:
        if time in recorded or texts[time] != before:
            break
        texts[time] = number
    copy["history"] = [
        {"at": later, "before": texts[earlier], "revision": texts[later]}
        for earlier, later in pairwise(seen)
        if texts[earlier] != texts[later]
    ]
    copy["revision"] = texts[seen[-1]]


def _shown_first(entry: Document, name: str) -> Any:
    return entry["history"][0]["before"] if entry["history"] else entry[name]
