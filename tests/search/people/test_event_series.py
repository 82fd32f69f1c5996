"""Several activities of one article, in invented reports."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people.activity import Activity
from kcna_spider.search.people_rows import people_of

DAY = dt.date(2014, 5, 5)  # This is a Monday.
TRADE = "Pak Chol Min, minister of Trade"
CULTURE = "Ri Su Il, minister of Culture"


def activities(title: str, body: str) -> list[Activity]:
    return people_of([(title, body, "en", "Pyongyang", DAY, DAY, ())])[0][1]


# Each case has a title, a body, and the principal and place of each activity.
SEVERAL = [
    (
        "Kim Jong Un Visits Mills",
        (
            "Kim Jong Un visited the Haksan Mill and the Sindok Farm on May 4. He praised the farmers. He "
            "then went to the Sindok Farm."
        ),
        [("Kim Jong Un", "Haksan Mill"), ("Kim Jong Un", "Sindok Farm")],
    ),
    (
        "Kim Jong Un Visits Silk Mills",
        (
            "Kim Jong Un visited the Haksan and Sindok silk mills on May 4. He went to the Haksan Silk "
            "Mill. He went to the Sindok Silk Mill."
        ),
        [("Kim Jong Un", "Haksan Silk Mill"), ("Kim Jong Un", "Sindok Silk Mill")],
    ),
    (
        "Kim Jong Un Visits Haksan Mill",
        (
            "Kim Jong Un visited the Haksan Mill on May 4. On the same day he also visited the newly built "
            "Sindok Institute."
        ),
        [("Kim Jong Un", "Haksan Mill"), ("Kim Jong Un", "Sindok Institute")],
    ),
    (
        "Kim Jong Un Visits Mill and Baby Home",
        (
            "Kim Jong Un visited mills on May 4. The first leg of his visit was the newly built Haksan "
            "Mill. The next leg of his visit was the baby home. The last leg of his visit was the Sindok "
            "Shop in Wonsan."
        ),
        [("Kim Jong Un", "Haksan Mill"), ("Kim Jong Un", "baby home"), ("Kim Jong Un", "Sindok Shop")],
    ),
    (
        "Ministers Meet Envoy",
        f"{TRADE}, and {CULTURE}, separately met with the Mongolian envoy on May 4.",
        [("Pak Chol Min", None), ("Ri Su Il", None)],
    ),
    (
        "Talks Held",
        (
            f"Talks were held on May 4 between {TRADE}, and Bat Dorj, minister of Commerce, and between "
            f"{CULTURE}, and Dulam Tumen, minister of Arts."
        ),
        [("Pak Chol Min", None), ("Ri Su Il", None)],
    ),
    (
        "Letters from Attaches",
        (
            f"Letters were handed to {TRADE}, by the Mongolian ambassador, and to {CULTURE}, by the "
            "military attache on May 4."
        ),
        [("Pak Chol Min", None), ("Ri Su Il", None)],
    ),
    (
        "Delegations Leave",
        (
            f"A delegation led by {TRADE}, left here on May 4. A delegation of the union headed by "
            f"{CULTURE}, flew to Mongolia on May 4."
        ),
        [("Pak Chol Min", "Pyongyang"), ("Ri Su Il", None)],
    ),
    (
        "Mongolian Guests Here",
        (
            f"The Mongolian guests were met at the airport by {TRADE}, on May 4. {CULTURE}, hosted a "
            "reception for them at the Haksan Hall on May 4."
        ),
        [("Pak Chol Min", "airport"), ("Ri Su Il", "Haksan Hall")],
    ),
    (
        "Minister Meets Guests",
        (
            f"{TRADE}, met Bat Dorj, chairman of the bank, on May 4. Present there were Han Kum Ok and "
            "others. Pak Chol Min met with Dulam Tumen, director of the museum, on May 4."
        ),
        [("Pak Chol Min", None), ("Pak Chol Min", None)],
    ),
    (
        "Letters from Envoys",
        (
            "Letters were handed to Pak Chol Min, minister of Trade, on May 4. The military attache handed "
            "them to Ri Su Il, director of the bureau."
        ),
        [("Pak Chol Min", None), ("Ri Su Il", None)],
    ),
    (
        "Officials Meet Guests",
        f"{TRADE}, met the Lao ambassador on May 4. {CULTURE}, met a delegation of Mongolia.",
        [("Pak Chol Min", None), ("Ri Su Il", None)],
    ),
    (
        "Guest Here",
        (
            f"The guest arrived on May 4. He was greeted at the airport by {CULTURE}. {TRADE}, met and had "
            "a talk with him."
        ),
        [("Ri Su Il", "airport"), ("Pak Chol Min", None)],
    ),
    (
        "Workers and Pupils Meet",
        (
            f"A meeting of workers was held at the Haksan Hall on May 4. Present were {TRADE}, and others. "
            f"Pupils met at the Sindok Hall. Present on the occasion was {CULTURE}."
        ),
        [("Pak Chol Min", "Haksan Hall"), ("Ri Su Il", "Sindok Hall")],
    ),
    (
        "Senior Officials Learn about Damage",
        (
            "Kim Jong Un visited Haksan Farm on May 4. On the spot, Pak Chol Min, Ri Su Il and Jang Ho Jun "
            "learned about the damage."
        ),
        [("Kim Jong Un", "Haksan Farm"), ("Pak Chol Min", None)],
    ),
    (
        "Officials Meet Envoy",
        (
            f"{TRADE}, met the Mongolian ambassador at the Haksan Hall on May 4. Meanwhile, {CULTURE}, met "
            "the ambassador."
        ),
        [("Pak Chol Min", "Haksan Hall"), ("Ri Su Il", None)],
    ),
    (
        "Officials Meet Envoy",
        (
            f"{TRADE}, met the Mongolian ambassador on May 4. {CULTURE}, too, met and conversed with him on "
            "the same day."
        ),
        [("Pak Chol Min", None), ("Ri Su Il", None)],
    ),
    (
        "Delegation Here",
        (
            f"A delegation arrived on May 4. It was met at the airport by {TRADE}. That day, Pak Chol Min "
            "met and had a talk with it."
        ),
        [("Pak Chol Min", "airport"), ("Pak Chol Min", None)],
    ),
    (
        "Delegations Leave",
        (
            f"A delegation led by {TRADE}, left here on May 4 to visit Laos and a delegation of the "
            f"union led "
            "by Jang Ho Jun, its chairman, to visit China."
        ),
        [("Pak Chol Min", "Pyongyang"), ("Jang Ho Jun", "Pyongyang")],
    ),
    (
        "Officials Visit Haksan Palace",
        (
            f"{TRADE}, visited the Haksan Palace on May 4. The palace was visited by {CULTURE}, and "
            "officers."
        ),
        [("Pak Chol Min", "Haksan Palace"), ("Ri Su Il", None)],
    ),
    (
        "Meeting Held",
        (
            "A meeting was held at the Haksan Hall on May 4. Prior to the meeting, the respected Comrade Kim "
            "Jong Un inspected the Sindok Farm. Kim Jong Un presided over the meeting."
        ),
        [("Kim Jong Un", "Sindok Farm"), ("Kim Jong Un", None)],
    ),
    (
        "Evenings Held",
        (
            f"A gala was held at Haksan Square on May 4. Present were {TRADE}, and others. Meanwhile, a "
            f"performance was given at the Sindok Theatre. It was appreciated by {CULTURE}."
        ),
        [("Pak Chol Min", "Haksan Square"), ("Ri Su Il", "Sindok Theatre")],
    ),
    (
        "Delegations Leave",
        (
            f"A delegation led by {TRADE}, left here on May 4. Also leaving were a delegation led by "
            f"{CULTURE}, to visit Laos and one of the union led by Jang Ho Jun, its chairman, to visit "
            "China."
        ),
        [("Pak Chol Min", "Pyongyang"), ("Ri Su Il", "Pyongyang"), ("Jang Ho Jun", "Pyongyang")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("title", "body", "expected"), SEVERAL)
def test_several(title: str, body: str, expected: list[tuple[str, str | None]]) -> None:
    found = activities(title, body)
    assert [(one.principal, one.place) for one in found] == expected
    assert {one.day for one in found} == {dt.date(2014, 5, 4)}
    for one in found:
        assert all(sentence in body for sentence in one.evidence)
        assert one.reasons


ONE = [
    # The later sentences name the same site, or parts of it.
    ("Kim Jong Un Visits Haksan Mill",
     ("Kim Jong Un visited the Haksan Mill. He then went round the library of the mill. He also visited "
      "the Haksan Mill Museum.")),
    ("Kim Jong Un Visits Haksan Mill",
     "Kim Jong Un visited the Haksan Mill on May 4. He went to the Haksan Mill."),
    # The later sentence names a site without a proper name.
    ("Kim Jong Un Visits Haksan Mill",
     "Kim Jong Un visited the Haksan Mill on May 4. The next leg of his visit was the workers' hostel."),
    # The second visit was years ago.
    ("Kim Jong Un Visits Haksan Mill",
     "Kim Jong Un visited the Haksan Mill. He also visited the Sindok Farm in 2011."),
    # The sentences report the same event.
    ("Kim Jong Un Receives Envoy",
     ("Kim Jong Un received the Mongolian envoy on May 4. After receiving him, Kim Jong Un hosted a "
      "luncheon in his honor.")),
    ("Meeting Held",
     (f"A meeting was held on May 4. Present there were {TRADE}, and others. Also present there was "
      f"{CULTURE}.")),
    ("Envoy Presents Credentials",
     (f"{TRADE}, received credentials from the envoy on May 4. After receiving them, Pak Chol Min had a "
      "talk with the envoy.")),
    # A comma and a "party" need no second delegation.
    ("Delegation Met",
     (f"A delegation led by {TRADE}, the head of the party committee, was met on May 4 by officials led by "
      f"{CULTURE}.")),
    # The guests are the same, or the official traveled with the first one.
    ("Minister Meets Guests",
     (f"{TRADE}, met Bat Dorj, chairman of the bank, on May 4. Present there were Han Kum Ok and others. "
      "Pak Chol Min received the guests warmly.")),
    ("Delegation Back",
     f"{TRADE}, returned home on May 4. {CULTURE}, flew back together with him."),
    ("Delegation Back",
     (f"A delegation led by {TRADE}, returned home on May 4. {CULTURE}, and other members of the "
      "entourage also returned home.")),
]  # fmt: skip


@pytest.mark.parametrize(("title", "body"), ONE)
def test_one(title: str, body: str) -> None:
    assert len(activities(title, body)) == 1


def test_each_has_its_own_companions() -> None:
    body = (
        f"{TRADE}, met the envoy on May 4. On hand was Jang Ho Jun. Meanwhile, {CULTURE}, met the envoy. On "
        "hand was O Kum Chol."
    )
    first, second = activities("Officials Meet Envoy", body)
    assert (first.companions, second.companions) == (("Jang Ho Jun",), ("O Kum Chol",))
    body = (
        "Kim Jong Un visited the Haksan Mill. He also visited the Sindok Farm. He was accompanied by Ri Su "
        "Il and Jang Ho Jun."
    )
    for one in activities("Kim Jong Un Visits Haksan Mill", body):
        assert one.companions == ("Ri Su Il", "Jang Ho Jun")


def test_another_day_is_another_activity() -> None:
    body = f"{TRADE}, met the envoy on May 4. On May 2, Pak Chol Min met a delegation of Laos."
    assert [one.day.day for one in activities("Minister Meets Guests", body)] == [4, 2]
