"""Texts in capitals, as in the first week of March 1997. The texts are invented."""

from __future__ import annotations

import datetime as dt

from kcna_spider.search.people.capital_texts import in_mixed_case
from kcna_spider.search.people_rows import people_of

CAPITALS = (
    "SECRETARY KIM JONG IL, SUPREME COMMANDER OF THE KPA, ON MONDAY INSPECTED UNIT 12 OF THE KOREAN "
    "PEOPLE'S ARMY. HE THEN WENT TO PYONGYANG WITH PAK CHOL MIN."
)
MIXED = (
    "Secretary Kim Jong Il, supreme commander of the KPA, on Monday inspected unit 12 of the Korean "
    "People's Army. He then went to Pyongyang with Pak Chol Min."
)


def test_names_keep_their_capitals() -> None:
    assert in_mixed_case(CAPITALS) == MIXED


def test_other_texts_stay_as_they_are() -> None:
    assert in_mixed_case(MIXED) == MIXED
    assert in_mixed_case("") == ""


def test_an_appearance() -> None:
    day = dt.date(1997, 3, 5)
    found = people_of([("Secy. Kim Jong Il inspects unit", CAPITALS, "en", "Pyongyang", day, day, ())])[0][1]
    assert [(one.principal, one.day) for one in found] == [("Kim Jong Il", dt.date(1997, 3, 3))]
