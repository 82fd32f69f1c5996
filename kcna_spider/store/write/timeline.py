"""Which text a copy showed when.

Sightings are sorted by time, in whatever order they arrive (captures arrive late). No database.

A copy's `history` has an entry for each time its text was seen to have changed: {at, before, revision},
oldest first; `before` of the first is what it showed from `first_seen` on, `revision` of the copy what it
showed at `last_seen`.
"""

from __future__ import annotations

import datetime as dt

from kcna_spider.store.model.types import Copy, TextChange


def see(copy: Copy, at: dt.datetime, number: int) -> dt.datetime | None:
    """Note that a copy showed text `number` at a timestamp.

    Return the timestamp of the change that this uncovered, or None.
    """
    history: list[TextChange] = copy["history"]
    if at >= copy["last_seen"]:
        copy["last_seen"] = at
        if copy["revision"] == number:
            return None
        history.append({"at": at, "before": copy["revision"], "revision": number})
        copy["revision"], copy["revised_at"] = number, at
        return at
    if at < copy["first_seen"]:
        return _see_first(copy, at, number)
    return _see_between(copy, at, number)


def _see_first(copy: Copy, at: dt.datetime, number: int) -> dt.datetime | None:
    """Note a sighting that is earlier than all so far."""
    shown = _shown_first(copy)
    was_first, copy["first_seen"] = copy["first_seen"], at
    if shown == number:
        return None
    copy["history"].insert(0, {"at": was_first, "before": number, "revision": shown})
    return was_first


def _see_between(copy: Copy, at: dt.datetime, number: int) -> dt.datetime | None:
    history: list[TextChange] = copy["history"]
    place = sum(entry["at"] <= at for entry in history)
    shown = history[place - 1]["revision"] if place else _shown_first(copy)
    if shown == number:
        return None
    if place < len(history) and history[place]["revision"] == number:  # it had changed sooner than was known
        history[place]["at"] = at
        return at
    history.insert(place, {"at": at, "before": shown, "revision": number})
    if place + 1 < len(history):
        history[place + 1]["before"] = number
    else:  # and it was changed back by the last sighting
        history.append({"at": copy["last_seen"], "before": number, "revision": shown})
        copy["revised_at"] = copy["last_seen"]
    return at


def _shown_first(copy: Copy) -> int:
    return int(copy["history"][0]["before"] if copy["history"] else copy["revision"])
