"""Sightings in any order give the same history."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kcna_spider.store.write.timeline import see

AT = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def seen(order: list[tuple[int, int]]) -> Any:
    """Return the copy after sightings (day, text), the first of which created it."""
    first = AT + dt.timedelta(days=order[0][0])
    copy: Any = {
        "first_seen": first,
        "last_seen": first,
        "revision": order[0][1],
        "history": [],
        "revised_at": first,
    }
    for day, text in order[1:]:
        see(copy, AT + dt.timedelta(days=day), text)
    return copy


def shown(copy: dict[str, Any], day: int) -> int:
    """Return the text that the history has for a day."""
    text: int = copy["history"][0]["before"] if copy["history"] else copy["revision"]
    for entry in copy["history"]:
        text = entry["revision"] if entry["at"] <= AT + dt.timedelta(days=day) else text
    return text


@given(
    st.dictionaries(st.integers(0, 30), st.integers(1, 3), min_size=1, max_size=8).flatmap(
        lambda d: st.permutations(sorted(d.items()))
    )
)
def test_every_order_tells_a_sound_story(order: list[tuple[int, int]]) -> None:
    """Check that every order gives a consistent history with the first and the last text.

    A sighting between two sightings of the same text is not stored. The history has only the changes that
    sightings showed, and keeps them.
    """
    for number in range(1, len(order) + 1):
        copy = seen(order[:number])
        assert shown(copy, order[number - 1][0]) == order[number - 1][1]
        assert shown(copy, max(order[:number])[0]) == copy["revision"] == max(order[:number])[1]
        assert shown(copy, min(order[:number])[0]) == min(order[:number])[1]
        days = [day for day, _ in order[:number]]
        assert (copy["first_seen"], copy["last_seen"]) == (
            AT + dt.timedelta(days=min(days)),
            AT + dt.timedelta(days=max(days)),
        )
        assert all((entry["at"] - AT).days in days for entry in copy["history"]), (
            "the date of a change must be that of a sighting"
        )
        for before, after in zip(copy["history"], copy["history"][1:], strict=False):
            assert before["at"] < after["at"]
            assert before["revision"] == after["before"]
        assert all(entry["before"] != entry["revision"] for entry in copy["history"])


def test_in_order_it_is_what_a_crawl_writes() -> None:
    copy = seen([(0, 1), (3, 1), (5, 2), (9, 1)])
    days = [((entry["at"] - AT).days, entry["before"], entry["revision"]) for entry in copy["history"]]
    assert days == [(5, 1, 2), (9, 2, 1)]


def test_an_edit_between_two_captures_is_dated_by_the_later_one() -> None:
    copy = seen([(20, 1)])
    assert see(copy, AT + dt.timedelta(days=2), 2) == AT + dt.timedelta(days=20)
    assert see(copy, AT + dt.timedelta(days=6), 1) == AT + dt.timedelta(days=6), (
        "a third capture must give a more exact date"
    )
    assert [((e["at"] - AT).days, e["before"], e["revision"]) for e in copy["history"]] == [(6, 2, 1)]
