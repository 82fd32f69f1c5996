"""Which text a copy showed when, and which file the URL of a photo showed.

Sightings are sorted by time, in whatever order they arrive (captures arrive late). No database.

An entry's `history` has an entry for each time its content was seen to have changed: {at, before, NAME},
oldest first. `before` of the first is what it showed from `first_seen` on. The field NAME of the entry is
what it showed at `last_seen`. NAME is `revision` of a copy (the number of a text), and `sha256` of a photo
(its file).
"""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from kcna_spider.store.model.types import ArticlePhoto, Copy, Document


def see(
    entry: Copy | ArticlePhoto, at: dt.datetime, value: Any, name: str = "revision"
) -> dt.datetime | None:
    """Note that an entry showed a text (or file) at a timestamp. name: of the field that holds it.

    Return the timestamp of the change that this uncovered, or None.
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
    """Note a sighting that is earlier than all so far."""
    shown = _shown_first(entry, name)
    was_first: dt.datetime = entry["first_seen"]
    entry["first_seen"] = at
    if shown == value:
        return None
    entry["history"].insert(0, {"at": was_first, "before": value, name: shown})
    return was_first


def _see_between(entry: Document, at: dt.datetime, value: Any, name: str) -> dt.datetime | None:
    history = entry["history"]
    place = sum(change["at"] <= at for change in history)
    shown = history[place - 1][name] if place else _shown_first(entry, name)
    if shown == value:
        return None
    if place < len(history) and history[place][name] == value:  # it had changed sooner than was known
        history[place]["at"] = at
        return at
    history.insert(place, {"at": at, "before": shown, name: value})
    if place + 1 < len(history):
        history[place + 1]["before"] = value
    else:  # and it was changed back by the last sighting
        history.append({"at": entry["last_seen"], "before": value, name: shown})
        entry["revised_at"] = entry["last_seen"]
    return at


def _shown_first(entry: Document, name: str) -> Any:
    return entry["history"][0]["before"] if entry["history"] else entry[name]
