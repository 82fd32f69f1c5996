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


def test_words_with_apostrophes_and_hyphens() -> None:
    text = "THE DPRK'S VICE-PREMIER KIM TU NAM TOLD KCNA THAT KOREA'S PEOPLE ARE ANTI-JAPANESE."
    mixed = "The DPRK's vice-premier Kim Tu Nam told KCNA that Korea's people are anti-Japanese."
    assert in_mixed_case(text) == mixed


def test_korean_texts_stay_as_they_are() -> None:
    body = "김정은동지께서 CNC화를 실현한 공장을 현지지도하시였다."
    day = dt.date(2014, 5, 5)
    (found,) = people_of([("현지지도", body, "ko", None, day, day, ())])[0][1]
    assert found.evidence
    assert all(sentence in body for sentence in found.evidence)


def test_other_texts_stay_as_they_are() -> None:
    assert in_mixed_case(MIXED) == MIXED
    assert in_mixed_case("") == ""


def test_an_appearance() -> None:
    day = dt.date(1997, 3, 5)
    found = people_of([("Secy. Kim Jong Il inspects unit", CAPITALS, "en", "Pyongyang", day, day, ())])[0][1]
    assert [(one.principal, one.day) for one in found] == [("Kim Jong Il", dt.date(1997, 3, 3))]
