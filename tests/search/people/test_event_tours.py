"""Tours with several sites, in invented reports."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people.activity import Activity
from kcna_spider.search.people_rows import people_of

DAY = dt.date(2014, 5, 5)  # This is a Monday.


def activities(body: str, title: str = "Kim Jong Un Gives Field Guidance") -> list[Activity]:
    return people_of([(title, body, "en", "Pyongyang", DAY, DAY, ())])[0][1]


MILL = "Kim Jong Un gave field guidance to the Haksan Mill."
# Each report has one activity: its other sentences are on parts of the site, or on no visit.
ONE_SITE = [
    f"{MILL} Then he moved to the control room of the power station.",
    f"{MILL} After that, he moved to the mill.",
    f"{MILL} Then he moved to the meat processing factory of the mill.",
    f"{MILL} He moved to the salt farm after his military service.",
    f"{MILL} Then they moved to the salt farm with a resolve.",
    f"{MILL} Prior to it, he looked round the room for education in the revolutionary history.",
    f"{MILL} Meanwhile, he learned about the production at the mill.",
    f"{MILL} In the meantime, he learned with satisfaction that the workers overfulfilled the plan.",
    f"{MILL} The first leg of his visit was the hostel of the Haksan Mill.",
    f"{MILL} The next leg of his visit was the weaving hall of the Haksan Mill.",
    f"{MILL} He also learned about the plan for building the Sindok Fish Farm.",
    f"{MILL} At the request of the Haksan Food Factory, he posed for a photo.",
    (
        "Premier Pak Chol Min inspected the Haksan Mill. A consultative meeting was held. At the meeting of "
        "the Sindok Company, the premier spoke."
    ),
    "Kim Jong Un gave field guidance to Haksan City Food Factory. He first visited the museum.",
    (
        "Kim Yong Nam, president of the Presidium of the SPA, met the delegation of Laos on May 4. Kim Yong "
        "Nam had a talk with the delegation which arrived here on May 3."
    ),
]
# Each case has a body and the place of each activity.
SITES = [
    (
        (
            "Kim Jong Un visited the Haksan Mill. Touring the Sindok Power Station, he praised its workers. "
            "That day he inspected a bridge built by soldiers of KPA unit no. 72."
        ),
        ["Haksan Mill", "Sindok Power Station", "KPA unit no. 72"],
    ),
    (
        (
            "Premier Pak Chol Min visited the Ryulgok Group. On the same day he looked round Haksan Tomb. "
            "Touring the Sindok Farm, the premier praised it."
        ),
        ["Ryulgok Group", "Haksan Tomb", "Sindok Farm"],
    ),
    # The first sentence names a region, and later ones the sites.
    (
        (
            "Kim Jong Un gave field guidance to different units in Haksan City. He first went to the Haksan "
            "Mill. Then he visited the library of the mill. The next leg of his guidance was the Sindok "
            "Farm. "
            "He also visited Sindok University of Technology."
        ),
        ["Haksan Mill", "Sindok Farm", "Sindok University of Technology"],
    ),
    # Only the site with a proper name is another one.
    (
        (
            "Kim Jong Un visited the Haksan Mill. The first leg of his visit was the hostel. The next leg of "
            "his visit was the Sindok Farm."
        ),
        ["Haksan Mill", "Sindok Farm"],
    ),
    # Shops, battalions and homes are sites too.
    (
        (
            "Kim Jong Un inspected the Haksan Mill. Then he went to the Haksan Shop run by it. He then "
            "visited the family of Ri Su Il. Then he inspected the Second Battalion."
        ),
        ["Haksan Mill", "Haksan Shop", "family of Ri Su Il", "Second Battalion"],
    ),
    # A consultative meeting ends the visit to the first site.
    (
        (
            "Premier Pak Chol Min made a field survey of the dams. A consultative meeting was held on the "
            "spot. The premier went round the Haksan Cement Factory."
        ),
        [None, "Haksan Cement Factory"],
    ),
    (
        (
            "Premier Pak Chol Min made a field survey of the Haksan Mill. Prior to it, the premier went "
            "round the Sindok Mine. The premier also learned about the growth of rice at the Ryulgok Farm."
        ),
        ["Haksan Mill", "Sindok Mine", "Ryulgok Farm"],
    ),
    # An appeal is no visit, and the end of a sentence no part of the family's name.
    (
        (
            "Premier Pak Chol Min inspected the Haksan Mill. He also called on the workers of the Sindok "
            "Mine to work harder. Then he visited the family of Ri Su Il and inquired after their health."
        ),
        ["Haksan Mill", "family of Ri Su Il"],
    ),
    # Officials make tours too.
    (
        (
            "Premier Pak Chol Min made a field survey of the Haksan Mill. Earlier, the premier learned about "
            "production at the Sindok Farm. In the meantime, he went round the Ryulgok Shoe Factory."
        ),
        ["Haksan Mill", "Sindok Farm", "Ryulgok Shoe Factory"],
    ),
    (
        (
            "Premier Pak Chol Min made a field survey of the Haksan Mill. Pak also acquainted himself "
            "with the "
            "work of the Sindok Farm. Meanwhile, he inspected the construction site of a bridge."
        ),
        ["Haksan Mill", "Sindok Farm", "construction site of a bridge"],
    ),
    (
        (
            "Premier Pak Chol Min made a field survey of industrial establishments in Haksan City. He "
            "learned "
            "about production at the Haksan Mill. Going round the Haksan Mill, the premier praised it."
        ),
        ["Haksan Mill"],
    ),
    (
        ("Pak Chol Min and Ri Su Il, ministers, visited the Haksan Mill. Then they visited the Sindok Farm."),
        ["Haksan Mill", "Sindok Farm"],
    ),
    (
        (
            "Kim Jong Un inspected KPA Unit 999. They also visited the Sindok Farm. On the same day he "
            "inspected a battery of the unit."
        ),
        ["KPA Unit 999", None],
    ),
    # A bank, a home, a pool and a site without a name are sites too.
    (
        (
            "Kim Jong Un gave field guidance to work in various fields of Haksan City. He visited the statue "
            "of Ri Su Il. He guided the work of the Haksan Branch of the Sindok Bank. Then he moved on to "
            "Honored Red Flag Ri Su Il Middle School No. 3."
        ),
        ["statue of Ri Su Il", "Haksan Branch of the Sindok Bank", "Ri Su Il Middle School No. 3"],
    ),
    (
        (
            "Premier Pak Chol Min inspected the Haksan Mill. Pak went round the Sindok Indoor Pool on the "
            "same day. Earlier, the premier went round new kiosks."
        ),
        ["Haksan Mill", "Sindok Indoor Pool", None],
    ),
    (
        "The Haksan Museum was visited by Premier Pak Chol Min. Then they went round the old home in Sindok.",
        ["Haksan Museum", "old home in Sindok"],
    ),
    # A hospital of a county is a site, and no region.
    (
        "Kim Jong Un visited Haksan County Hospital. He also visited the Haksan Greenhouse Farm.",
        ["Haksan County Hospital", "Haksan Greenhouse Farm"],
    ),
    # The region of the tour is no site.
    (
        (
            "Kim Jong Un gave field guidance to various units in Haksan City. He first went to the Haksan "
            "Mill. Then he went to the Sindok Farm. Touring various places in Haksan City, he praised it. "
            "Touring various processes of Juche iron, he praised them."
        ),
        ["Haksan Mill", "Sindok Farm"],
    ),
    (
        (
            "Premier Pak Chol Min inspected the Haksan Mill. A consultative meeting was held. Touring "
            "various fields of Sindok County hit by the typhoon, the premier praised the farmers."
        ),
        ["Haksan Mill", "Sindok County"],
    ),
    # Sites without a proper name, in order.
    (
        (
            "Kim Jong Un visited the hospital and the bottle factory of the city. He first went round the "
            "hospital. Then he moved on to the bottle factory."
        ),
        ["hospital", "bottle factory"],
    ),
    (
        (
            "Kim Jong Un gave field guidance to Haksan County. He first inspected the new salt farm. Then he "
            "went to the Haksan House of Culture. Then he moved to the meeting hall."
        ),
        ["new salt farm", "Haksan House of Culture"],
    ),
    # A leg without a proper name, at a site with one.
    (
        (
            "Kim Jong Un gave field guidance to the dams. The first leg of his visit was the construction "
            "site of the Haksan Power Station No. 1. The next leg of his visit was the canteen process of "
            "the Sindok Mill."
        ),
        ["construction site of the Haksan Power Station No. 1", "canteen process of the Sindok Mill"],
    ),
    # One site whose name has "and".
    (
        (
            "Kim Jong Un gave field guidance to industrial establishments. He went round the Haksan Lamp and "
            "Lens General Factory. He also visited the Sindok Farm."
        ),
        ["Haksan Lamp and Lens General Factory", "Sindok Farm"],
    ),
    # After a meeting on the spot, a tour of a region is another visit.
    (
        (
            "Premier Pak Chol Min inspected the Haksan Mill. Touring various shops in Haksan, he praised "
            "them. A consultative meeting was held. Touring various fields of Sindok County, the premier "
            "praised the farmers."
        ),
        ["Haksan Mill", "Sindok County"],
    ),
    (
        (
            "Premier Pak Chol Min inspected the Haksan Mill. The premier also learnt about the project for "
            "remodeling Sindok Stadium. Meanwhile, he went round a building site. He also went round the "
            "Haksan Metro."
        ),
        ["Haksan Mill", "Sindok Stadium", "a building site", "Haksan Metro"],
    ),
    # The subject is another person.
    (
        (
            "Premier Pak Chol Min inspected the Haksan Mill. Meanwhile, the guest visited the Sindok "
            "Farm. The "
            "minister also visited the Sindok Farm."
        ),
        ["Haksan Mill"],
    ),
]


@pytest.mark.parametrize(("body", "expected"), SITES)
def test_sites(body: str, expected: list[str | None]) -> None:
    assert [one.place for one in activities(body)] == expected


@pytest.mark.parametrize("body", ONE_SITE)
def test_no_further_site(body: str) -> None:
    assert len(activities(body, "Visit to the Haksan Mill")) == 1


def test_day_and_kind_of_a_site() -> None:
    first, second, third = activities(
        "Kim Jong Un visited the Haksan Mill on May 4. Then he inspected KPA Unit 999. On May 3 he also "
        "visited the Sindok Farm."
    )
    assert (first.kind, second.kind, third.kind) == ("inspection", "military", "inspection")
    assert [one.day.day for one in (first, second, third)] == [4, 4, 3]


def test_a_performance_after_an_inspection() -> None:
    first, second = activities(
        "Kim Jong Un inspected KPA Unit 999. After inspecting the unit, he saw a performance given by the "
        "art squad of KPA Unit 888."
    )
    assert (first.kind, second.kind) == ("military", "performance")
    assert second.place is None


def test_a_name_with_a_date_is_no_day() -> None:
    (one,) = activities("Kim Jong Un visited the April 30 Mill. He praised the workers.")
    assert one.day == DAY


OTHERS = [
    "Meanwhile, members of the union visited the Sindok Farm.",
    "The secretary of the minister then visited the Sindok Farm.",
    "Meanwhile, the deputy chairman visited the Sindok Farm.",
    "Ri Jae Min also visited the Sindok Farm.",
]


@pytest.mark.parametrize("sentence", OTHERS)
def test_a_site_that_others_visited(sentence: str) -> None:
    body = f"Pak Chol Min, chairman of the union, visited the Haksan Mill. {sentence}"
    assert [one.place for one in activities(body, "Visits") if one.principal == "Pak Chol Min"] == [
        "Haksan Mill"
    ]


def test_a_site_in_a_city_that_was_named_before() -> None:
    body = "Kim Jong Un visited Sinuiju. He also visited the Sinuiju Shoe Factory."
    assert [one.place for one in activities(body)] == ["Sinuiju Shoe Factory"]


def test_the_first_site_of_a_region_has_a_kind_of_its_own() -> None:
    body = (
        "Kim Jong Un gave field guidance to different units in Haksan City. He first went to KPA Unit 999. "
        "Then he went to the Sindok Farm."
    )
    assert [one.kind for one in activities(body)] == ["military", "inspection"]


def test_a_date_with_a_dot() -> None:
    body = "Kim Jong Un visited the Haksan Mill on May 1. On Apr. 30 he inspected the Sindok Farm."
    assert [one.day.day for one in activities(body)] == [1, 30]
