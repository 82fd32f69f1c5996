"""Recognition of names by their form, in invented sentences of the forms that KCNA writes."""

from __future__ import annotations

import pytest

from kcna_spider.search.people.people_words import united
from kcna_spider.search.people.person_names import names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Pak Chol Min visited the mill.", ["Pak Chol Min"]),
        ("Secretary KIM JONG IL saw the mill.", ["Kim Jong Il"]),
        ("Kim Jong-il and Choe Song-guk met.", ["Kim Jong Il", "Choe Song Guk"]),
        ("U.S. President Alan Brockwell came.", ["Alan Brockwell"]),
        ("On August 4Kim Jong Un came.", ["Kim Jong Un"]),
        ("Chinese Foreign Minister Zhou Wenbei left.", ["Zhou Wenbei"]),
        ("He met Le Thanh Binh, foreign minister of Vietnam.", ["Le Thanh Binh"]),
        ("Japanese Prime Minister Kitagawa spoke.", ["Kitagawa"]),
        ("Korvatov, chairman of the committee, spoke.", ["Korvatov"]),
        ("A message went to Piotr Zalewski, who is president of the union.", ["Piotr Zalewski"]),
        ("Present were Ri Ho, minister of Commerce, Jang Su, and others.", ["Ri Ho", "Jang Su"]),
        ("Trump prattled about dialogue.", ["Trump"]),
        ("the Syngman Rhee regime", ["Syngman Rhee"]),
        ("No Chol Min met him.", ["No Chol Min"]),
        ("There were No others.", []),
        ("the idea of Kim Il Sung-Kim Jong Il", ["Kim Il Sung", "Kim Jong Il"]),
        ("So Hong Chol and Pak Kong Ho spoke.", ["So Hong Chol", "Pak Kong Ho"]),
        ("They went To Hong Kong.", []),
        ("Ri Jae On, chairman of the union, and Kim Yong Do left.", ["Ri Jae On", "Kim Yong Do"]),
        ("He met Minister Pak Chol On Friday.", ["Pak Chol"]),
        ("Chairman Pak Chol On left here.", ["Pak Chol On"]),
        ("Pak Chol min, vice-minister of Culture, spoke.", ["Pak Chol Min"]),
        (
            "Han Chol, vice-minister of Culture, and Im Hun, chairman of the union, spoke.",
            ["Han Chol", "Im Hun"],
        ),
        ("An Su, vice-minister of Culture, spoke.", []),
        # These are names of things, places and institutions.
        ("A rally was held at Kim Il Sung Square.", []),
        ("The Order of Kim Il Sung was awarded.", []),
        ("The Kim Il Sung Socialist Youth League met.", []),
        ("the Kim Chaek Iron and Steel Complex", []),
        ("Kimilsungia and Kimjongilia were in bloom.", []),
        ("Rodong Sinmun carried an article.", []),
        ("director of the Haksan Bookshop", []),
        ("The U.S. Secretary of the Treasury spoke in New York.", []),
        ("Nampho and Sinuiju are cities.", []),
        ("HE WENT TO THE MILL OF KIM JONG IL.", ["Kim Jong Il"]),
        ("Pyongyang Kim Won Sik Conservatory", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert [name.text for name in names_in(text)] == names


def test_a_chinese_name_has_no_korean_form() -> None:
    found = names_in("Present were Vice-Minister Yang Wenchang and Vice-Minister Yang Hyong Min.")
    assert [(name.text, name.korean) for name in found] == [
        ("Yang Wenchang", False),
        ("Yang Hyong Min", True),
    ]


def test_a_heading_has_capitals_everywhere() -> None:
    found = names_in("Kim Jong Un Sends Gifts to Kim Il Sung University", heading=True)
    assert [name.text for name in found] == ["Kim Jong Un"]


def test_a_possessive_is_no_part_of_the_name() -> None:
    text = "President Arman Tokbaev's gift"
    (name,) = names_in(text)
    assert text[name.start : name.end] == name.text == "Arman Tokbaev"


@pytest.mark.parametrize("text", ["Pak Chol Min met\nKim Su Il, minister of Trade, and Envoy Tom Blake."])
def test_positions_are_those_of_the_text(text: str) -> None:
    found = names_in(text)
    assert [" ".join(text[name.start : name.end].split()) for name in found] == [
        "Pak Chol Min",
        "Kim Su Il",
        "Tom Blake",
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Kim Jong Eun", "Kim Jong Un"),
        ("kim jong-un", "Kim Jong Un"),
        ("김정은", "Kim Jong Un"),
        ("Lee Myung-bak", "Lee Myung Bak"),
        ("Pak Chol Min", "Pak Chol Min"),
    ],
)
def test_spellings_are_united(written: str, name: str) -> None:
    assert united(written) == name
