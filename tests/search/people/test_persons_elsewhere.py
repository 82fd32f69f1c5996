"""Persons of other countries, of the South, and Koreans abroad, in invented reports."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people.persons_elsewhere import is_foreign
from kcna_spider.search.people_rows import people_of

DAY = dt.date(2014, 5, 5)


@pytest.mark.parametrize(
    ("title", "foreign"),
    [
        ("vice-chairman of the Party of China", True),
        ("Chinese ambassador to the DPRK", True),
        ("deputy prime minister in charge of the Royal Palace", True),
        ("DPRK ambassador to China", False),
        ("ambassador to the Kingdom of Cambodia", False),
        ("chairman of the DPRK-China Friendship Association", False),
        ("director of the mill", False),
        ("chairwoman of the union to visit Laos", False),
    ],
)
def test_titles_of_other_countries(title: str, foreign: bool) -> None:
    assert is_foreign(title) == foreign


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("Chief Ri Su Il visited the Haksan Mill.", 1),
        ("Chief Ri Su Il and members of the mission of the AINDF visited the Haksan Mill.", 0),
        ("Ri Su Il, chief of the mission of the NDFSK, visited the Haksan Mill.", 0),
        ("Ri Su Il, chairman of the Mongolia-Korea Friendship Association, visited the Haksan Mill.", 0),
        ("Chairman Ri Su Il of the ITF Committee visited the Haksan Mill.", 0),
        ("Vice-Chairman Ri Su Il of the Samho Group of South Korea visited the Haksan Mill.", 0),
        ("South Korean puppet Foreign Minister Ri Su Il met an envoy of the DPRK.", 0),
        ("A ceremony was held in Seoul on May 4. Present there were Presbyter Ri Su Il and others.", 0),
        ("A ceremony was held in Seoul on May 4. Present there was Minister Ri Su Il.", 1),
        ("Minister Ri Su Il of Culture in China met an envoy.", 1),
        ("Minister Ri Su Il of Trade and Chinese Minister Zhou Wenbei signed a treaty.", 1),
        ("A rally was held to support the strike in south Korea. Present was Chairman Ri Su Il.", 1),
        ("Ri Su Il, director of the North Headquarters of Pomchonghakryon, visited the Haksan Mill.", 1),
        ("Ri Su Il, director of the South Headquarters of Pomchonghakryon, visited the Haksan Mill.", 0),
        ("Ri Su Il, director of the bureau of reception for overseas compatriots, was present.", 1),
        ("A delegation of the federation led by President Moon Su Il arrived here.", 0),
        ("A delegation of the federation led by President Mun Su Il arrived here.", 1),
    ],
)
def test_persons_of_the_south(body: str, number: int) -> None:
    assert len(people_of([("Visits", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]) == number


@pytest.mark.parametrize(("others", "number"), [(" and officials concerned", 1), (" and compatriots", 0)])
def test_who_meets_koreans_from_abroad(others: str, number: int) -> None:
    """Check that a person named with officials is one of them."""
    body = f"A group of Koreans in Japan arrived here. It was met at the airport by Ri Su Il{others}."
    source = ("Group of Koreans in Japan Arrives", body, "en", "Pyongyang", DAY, DAY, ())
    assert len(people_of([source])[0][1]) == number


def test_a_speech_to_all_compatriots() -> None:
    """Check that the word does not make the persons of a meeting Koreans abroad."""
    body = (
        "A meeting was held at the Haksan Hall. Present there were Chairman Pak Chol Min and others. "
        "The speakers called on all compatriots to unite."
    )
    assert people_of([("Meeting", body, "en", "Pyongyang", DAY, DAY, ())])[0][1]


def test_the_organisation_after_a_name_shows_the_office() -> None:
    body = "Chairman Ri Su Il of the WPK Committee visited the Haksan Hall."
    source = ("Chairman and Koreans in Japan", body, "en", "Pyongyang", DAY, DAY, ())
    assert [one.principal for one in people_of([source])[0][1]] == ["Ri Su Il"]


def test_a_group_that_leaves_for_the_south_is_of_the_north() -> None:
    body = "A troupe led by Ri Su Il, secretary of the league, left here for South Korea."
    source = ("Troupe Leaves for S. Korea", body, "en", "Pyongyang", DAY, DAY, ())
    assert [one.principal for one in people_of([source])[0][1]] == ["Ri Su Il"]
