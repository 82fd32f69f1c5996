"""Kinds and places of activities."""

from __future__ import annotations

import pytest

from kcna_spider.search.people.event_places import place_of
from kcna_spider.search.people.sentence_kinds import KINDS, kind_of


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("He gave field guidance to the Haksan Mill.", "inspection"),
        ("He inspected KPA Unit 9999.", "military"),
        ("He guided the test-fire of a rocket.", "military"),
        ("He enjoyed a performance of the State Chorus.", "performance"),
        ("He had a photo session with soldiers of KPA Unit 9999.", "performance"),
        ("A national meeting was held in Pyongyang.", "meeting"),
        ("A wreath was laid before the cemetery.", "visit"),
        ("The Mongolian embassy hosted a film show.", "diplomacy"),
        ("An agreement on trade was signed here.", "diplomacy"),
        ("He signed a joint trade declaration.", "diplomacy"),
        ("The meeting dealt with an ideological weapon.", "meeting"),
        ("A public presentation on farms was given.", "meeting"),
        ("Farmers met at the Haksan Farm.", "meeting"),
        ("Members led by a Chinese guest met at the Haksan Hall.", "meeting"),
        ("Members and a Chinese guest met in front of the hall for a rally.", "meeting"),
        ("Appreciating the figure skating were officials.", "performance"),
        ("The opening ceremony of the exhibition took place.", "performance"),
        ("He made an opening speech at the conference.", "meeting"),
        ("The participants in the congress watched a documentary film.", "performance"),
        ("The union held seminars here.", "meeting"),
        ("The ministry gave a party for the players.", "performance"),
        ("The UN representative gave a cocktail party.", "diplomacy"),
        ("A function was held before the Mausoleum.", "visit"),
        ("He oversaw a performance test of drones.", "military"),
        ("A friendly meeting with members of the group was held.", "diplomacy"),
        ("A reception was given at the Haksan Hall on the anniversary of the PRC.", "diplomacy"),
        ("A reception was given at the Haksan Hall on the birthday.", "performance"),
        ("A ceremony took place to award medals of the DPRK to Chinese workers.", "diplomacy"),
        ("A ceremony took place to award medals to workers.", "performance"),
        ("A ceremony of awarding orders took place. An order was awarded to a Chinese worker.", "diplomacy"),
        ("He visited the newly commissioned Haksan Foodstuff Factory.", "inspection"),
        ("The Revolution Museum was opened with due ceremony.", "performance"),
        ("A meeting was held against the nuclear war moves of the enemy.", "meeting"),
        ("He made a speech at the military and civilian parade.", "military"),
        ("They visited families of war veterans.", "visit"),
        ("They visited the families of workers.", "visit"),
        ("They congratulated the farmers on moving into new houses at the Haksan Farm.", "performance"),
        ("A mass rally was held at the Haksan Square.", "meeting"),
        ("Christmas masses were held at the Haksan Church.", "performance"),
        ("An evening entertainment of students was held.", "performance"),
        ("They visited the Haksan Revolutionary Site.", "visit"),
        ("A ceremony of soldiers was held at the martyrs cemetery to pledge loyalty.", "visit"),
        ("A ceremony of welcoming Premier Pak Chol Min was held.", "diplomacy"),
        ("The ministry gave a party in honor of the Sudanese army delegation.", "diplomacy"),
        ("The United Nations office gave a party.", "diplomacy"),
        ("The U.N. office gave a party.", "diplomacy"),
        ("A reception was given for International Women's Day.", "performance"),
        ("A meeting was held on moving to new heights of the drive.", "meeting"),
    ],
)
def test_kind(sentence: str, kind: str) -> None:
    assert kind in KINDS
    assert kind_of("", [sentence], sentence) == kind


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("He visited the Haksan Shoe Factory on May 2.", "Haksan Shoe Factory"),
        ("They met at the Mansudae Assembly Hall Friday.", "Mansudae Assembly Hall"),
        ("He inspected KPA Unit 9999.", "KPA Unit 9999"),
        ("He gave guidance to the Haksan shoe factory newly built.", "Haksan shoe factory"),
        ("He left Ulan Bator on May 2.", "Ulan Bator"),
        ("They were met at the airport.", "airport"),
        ("He met the minister of Public Works of Laos at the Haksan Hall.", "Haksan Hall"),
        ("He met a member of the House of Representatives.", None),
        ("The Lao ambassador gave a reception at his embassy.", "Lao embassy"),
        ("A gathering was held at the Haksan silk mill on Tuesday.", "Haksan silk mill"),
        ("They met in front of the Monument to Party Founding.", "Monument to Party Founding"),
        ("He met the director of the Council of the Haksan Company.", "Haksan Company"),
        ("They met at the Hall of the Youth League.", "Hall of the Youth League"),
        ("They stood outside the Haksan House of Class Education.", "Haksan House of Class Education"),
        ("He visited the newly built Haksan Mill.", "Haksan Mill"),
        ("A reception was given at the Lao embassy in the city.", "Lao embassy"),
        ("The ambassador of Laos gave a reception at his embassy.", "Laos embassy"),
        ("A meeting with staff members of the Lao embassy was held at the embassy.", "Lao embassy"),
        ("Talks were held at the Lao Trade Ministry building.", "Lao Trade Ministry building"),
        ("He gave guidance to Haksan County.", "Haksan County"),
        ("They laid flowers before the cemetery of fighters.", "cemetery"),
        ("They went to the Ground.", None),
        ("He visited the General Weather Centre.", "General Weather Centre"),
        ("The day of the revolution in Laos was marked.", None),
        ("He gave guidance to the May 9 Smeltery.", "May 9 Smeltery"),
        ("He gave guidance to the October General Glass Enterprise.", "October General Glass Enterprise"),
        ("Seen at the Photo Exhibition was a picture of the Haksan Publishing House.", None),
        ("They met at the building of the Ministry of Trade.", "building of the Ministry of Trade"),
        (
            "He inspected a company honored with a title under KPA Unit 9999.",
            "company under KPA Unit 9999",
        ),
        ("A reception was given here.", "Wonsan"),
        ("A meeting was held in Ulan Bator on May 2.", "Ulan Bator"),
        ("He spoke of trade.", None),
        ("A rally was held at the May Day Stadium today.", "May Day Stadium"),
        ("Wreaths were laid at the revolutionary martyrs' cemetery.", "revolutionary martyrs' cemetery"),
        ("He received a letter from the diplomatic corps here.", None),
        ("They met at the government building on Monday.", "government building"),
        ("They rallied at the Haksan square this afternoon.", "Haksan square"),
        ("He made a survey of the project for remodeling Haksan Stadium here.", "Haksan Stadium"),
        ("He enjoyed a performance given by the art squad of the Haksan Mill.", None),
        (
            "They visited the May 9 Factory of the Korean People's Army on Wednesday.",
            "May 9 Factory of the Korean People's Army",
        ),
        ("He lives in Japan.", None),
    ],
)
def test_place(sentence: str, place: str | None) -> None:
    found = place_of(sentence, "Wonsan", frozenset({"Pak Chol Min"}))
    assert (found and found[0]) == place


def test_a_photo_session_in_the_title_is_a_performance() -> None:
    sentence = "He posed for a photograph with those who work under his guidance."
    assert kind_of("Photos Taken", [sentence], sentence) == "performance"


@pytest.mark.parametrize(
    "title",
    [
        "Seminar on Films Held",
        "Haksan Mass Rally Held",
        "Pan-National Rally Opens",
        "Leader attends mass rally",
    ],
)
def test_a_meeting_in_the_title(title: str) -> None:
    sentence = "Drama was dealt with on the anniversary of a Chinese guest who met them."
    assert kind_of(title, [sentence], sentence) == "meeting"
