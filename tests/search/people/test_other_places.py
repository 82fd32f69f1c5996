"""Countries, terminals and opened sites as places of activities."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people.other_places import country_of, opened_site, terminal
from kcna_spider.search.people_rows import people_of

DAY = dt.date(2014, 5, 5)
NAMES = frozenset({"Ri Su Il"})


@pytest.mark.parametrize(
    ("sentence", "country"),
    [
        ("Ri Su Il, DPRK ambassador to Mongolia, paid a call.", "Mongolia"),
        ("He met DPRK ambassador to Laos Ri Su Il.", "Laos"),
        ("He was on a visit to the Republic of Cuba.", "Republic of Cuba"),
        ("The Chinese ambassador to the DPRK hosted a reception.", None),
        ("The ambassador paid a visit to the mill.", None),
    ],
)
def test_country(sentence: str, country: str | None) -> None:
    assert country_of(sentence, NAMES) == country


def test_terminal() -> None:
    assert terminal("They were seen off at the airport by Ri Su Il.") == "airport"
    assert terminal("Ri Su Il met them at Haksan Railway Station.") == "Haksan Railway Station"
    assert terminal("Ri Su Il inspected the airport.") is None


def test_opened_site() -> None:
    assert opened_site("The Haksan Farm in Sindok County has been rebuilt.") == "Haksan Farm"
    assert opened_site("A farm in Sindok County has been rebuilt.") is None


@pytest.mark.parametrize(
    ("body", "place", "kind"),
    [
        ("A delegation led by Minister Ri Su Il returned home on May 4.", "Pyongyang", "diplomacy"),
        (
            "A delegation led by Minister Ri Su Il visited the Republic of Cuba.",
            "Republic of Cuba",
            "diplomacy",
        ),
        (
            "Minister Ri Su Il left Haksan on May 4. A farewell ceremony took place at the airport.",
            "airport",
            "diplomacy",
        ),
        (
            "Ri Su Il, minister, visited the bier of Kim Jong Il. The Kumsusan Memorial Palace was full.",
            "Kumsusan Memorial Palace",
            "visit",
        ),
        (
            "Minister Ri Su Il arrived in Haksan on May 4. His party was greeted at the airport by hosts.",
            "airport",
            "diplomacy",
        ),
        ("Ri Su Il, minister, placed a wreath at the Tomb of Heroes.", "Tomb of Heroes", "visit"),
        (
            "Players returned home on May 4. They were greeted at the airport by Minister Ri Su Il.",
            "airport",
            "performance",
        ),
        (
            (
                "A symposium was held on May 4. Present there were Ri Su Il, president of the Haksan "
                "Academy, "
                "and others."
            ),
            None,
            "meeting",
        ),
    ],
)
def test_place_and_kind(body: str, place: str | None, kind: str) -> None:
    (one,) = people_of([("Visits", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]
    assert (one.place, one.kind) == (place, kind)


def test_wreaths_to_an_embassy_are_a_visit() -> None:
    body = (
        "The ministry sent wreaths to the Lao embassy here to mourn the death of the premier. Ri Su Il, "
        "minister, visited the embassy on May 4."
    )
    (one,) = people_of([("Wreaths to Lao Embassy", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]
    assert one.kind == "visit"


def test_a_speech_at_a_conference_has_the_kind_of_the_conference() -> None:
    body = (
        "The country develops trade and opens exhibitions. Ri Su Il, minister, said this, addressing "
        "the 9th conference on trade held in Laos from May 1."
    )
    (one,) = people_of([("On Trade", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]
    assert one.kind == "meeting"
