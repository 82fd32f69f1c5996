"""Appearances as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from kcna_spider import __version__
from kcna_spider.exceptions import KcnaError


def calendar(rows: Iterable[dict[str, Any]], made: dt.datetime) -> bytes:
    """Return a calendar with an all-day event for each appearance.

    rows: from `appearance_lookup.flat`. made: the timestamp of the events. Raise KcnaError if the package
    icalendar is not installed, or if there is no appearance: a calendar needs at least one event.
    """
    try:
        from icalendar import Calendar, Event
    except ModuleNotFoundError as error:
        raise KcnaError(f"a calendar needs {error.name}: pip install 'kcna_spider[search]'") from None
    found = Calendar()
    found.add("prodid", f"-//kcna_spider//{__version__}//EN")
    found.add("version", "2.0")
    for row in rows:
        day = dt.date.fromisoformat(row["day"])
        event = Event()
        event.add("uid", f"{row['id']}@kcna_spider")
        event.add("dtstamp", made)
        event.add("dtstart", day)
        event.add("dtend", day + dt.timedelta(days=1))
        event.add(
            "summary", f"{row['person']}: {row['kind']}" + (f", {row['place']}" if row["place"] else "")
        )
        event.add("description", _description(row))
        event.add("categories", [row["kind"]])
        if row["place"]:
            event.add("location", row["place"])
        if row["urls"]:
            event.add("url", row["urls"][0])
        found.add_component(event)
    if not found.subcomponents:
        raise KcnaError("no appearance was found, and a calendar needs at least one event")
    return bytes(found.to_ical())


def _description(row: dict[str, Any]) -> str:
    lines = [*row["evidence"], *row["urls"], f"Confidence: {row['confidence']}. Day from: {row['day_from']}."]
    if row["companions"]:
        lines.insert(0, f"With {', '.join(row['companions'])}.")
    return "\n".join(lines)
