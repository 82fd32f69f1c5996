"""Activities of persons whom a sentence does not name, in invented reports."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people_rows import people_of

DAY = dt.date(2014, 5, 5)  # This is a Monday.
MINISTER = "Vice-Minister Ri Su Il met the envoy of Laos on May 4."
DELEGATION = "The minister of Laos met a delegation led by Ri Su Il, chairman of the union, on May 4."

AGAIN = [
    f"{MINISTER} On the same day, the DPRK vice-minister had a talk with the ambassador.",
    f"{MINISTER} Meanwhile, he visited the Haksan Hall.",
    f"{MINISTER} On the same day Ri also met the ambassador of Mongolia.",
    f"{DELEGATION} Earlier, they visited the Haksan Hall.",
    f"{MINISTER} Ri also had a friendly talk with the ambassador of Mongolia.",
    f"{MINISTER} Earlier, on May 4 Ri and his party visited the Sindok Farm.",
    f"{DELEGATION} The premier of Laos met with the delegation on the same day.",
    f"{MINISTER} He also met Bat Dorj, ambassador of Mongolia.",
    f"{MINISTER} The vice-minister met Dulam Tumen, director of the museum.",
    f"{MINISTER} This evening, the vice-minister gave a reception at the Haksan Hall.",
    "A group headed by Ri Su Il, chairman of the union, left here on May 4. The group arrived in Vientiane.",
    f"{DELEGATION} Meanwhile, it laid a wreath before the Haksan Monument.",
]
NOT_AGAIN = [
    f"{MINISTER} On the same day Bounnhang met the ambassador of Mongolia.",
    f"{MINISTER} On the same day they visited the Haksan Hall.",
    # The subject is a guest, the act is a part of the same occasion, or the sentence is about the past.
    f"{MINISTER} On the same day, the president visited the Haksan Hall.",
    f"{MINISTER} He also had a talk with the ambassador.",
    f"{MINISTER} On the same day, he hosted a luncheon for them.",
    f"{MINISTER} Meanwhile, he visited the Haksan Hall in 2011.",
    f"{MINISTER} He also met with the guests.",
    f"{MINISTER} The vice-minister met and had a talk with them again.",
    f"{MINISTER} He also called on them to come again.",
    f"{MINISTER} He also received a letter from the envoy.",
    f"{MINISTER} During his stay he paid a courtesy call on the speaker.",
    f"{MINISTER} That day the delegation visited the Haksan Hall.",
    f"{MINISTER} On the same day the wife of the vice-minister visited the Haksan Hall.",
    f"{MINISTER} On the same day the minister met a delegation of Cuba.",
    f"{MINISTER} On the same day the king met the vice-minister of Cuba.",
]  # fmt: skip


@pytest.mark.parametrize("body", AGAIN)
def test_another_activity(body: str) -> None:
    first, second = people_of([("Meetings", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]
    assert first.principal == second.principal == "Ri Su Il"
    assert second.day == dt.date(2014, 5, 4)
    assert second.evidence[0] in body


@pytest.mark.parametrize("body", NOT_AGAIN)
def test_same_activity(body: str) -> None:
    assert len(people_of([("Meetings", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]) == 1


def test_acts_of_a_journey() -> None:
    body = (
        "Vice-Minister Ri Su Il returned home on May 4. Ri paid a courtesy call on the speaker during his "
        "stay in Laos. He placed a wreath at the Haksan Monument."
    )
    found = people_of([("Return", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]
    assert [one.kind for one in found] == ["diplomacy", "diplomacy", "visit"]


def test_acts_on_another_day() -> None:
    body = f"{MINISTER} On May 3 he attended the Haksan Forum."
    found = people_of([("Meetings", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]
    assert [one.day for one in found] == [dt.date(2014, 5, 4), dt.date(2014, 5, 3)]


def test_a_leader_has_photo_sessions_with_different_groups() -> None:
    body = (
        "Kim Jong Un had a photo session with the builders on May 4. He also had a photo taken with the "
        "miners. He also watched their skills."
    )
    assert len(people_of([("Kim Jong Un Has Photo", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]) == 2


def test_the_envoy_is_the_principal() -> None:
    body = (
        "Ri Su Il, vice-chairman of the commission, who is a special envoy of Kim Jong Un, visited the "
        "Haksan Hall in Laos on May 4. On the same day the special envoy and his party visited the Sindok "
        "Farm."
    )
    found = people_of([("Envoy Visits Laos", body, "en", "Vientiane", DAY, DAY, ())])[0][1]
    assert [(one.principal, one.place) for one in found] == [
        ("Ri Su Il", "Haksan Hall in Laos"),
        ("Ri Su Il", "Sindok Farm"),
    ]
