"""Persons of the DPRK who may appear, in invented reports."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people_rows import people_of

DAY = dt.date(2014, 5, 5)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Ri Su Il, director of the mill, visited the Haksan Hall.", ["Ri Su Il"]),
        # The article mourns a person, or names one only as a relative.
        ("Pak Chol Min, director of the mill, visited the bier of the late Ri Su Il.", ["Pak Chol Min"]),
        ("Present there were Ri Su Il, widow of the director, and Pak Chol Min.", ["Pak Chol Min"]),
        # This person died in 2011.
        ("Kim Jong Il visited the Haksan Hall on May 4.", []),
    ],
)
def test_who_may_appear(body: str, names: list[str]) -> None:
    found = people_of([("Visits", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]
    assert [name for one in found for name in (one.principal, *one.companions)] == names
