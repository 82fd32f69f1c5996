"""Titles beside names."""

from __future__ import annotations

import pytest

from kcna_spider.search.people.title_phrases import is_title_after, is_title_before, titles_of


@pytest.mark.parametrize(
    ("text", "name", "titles"),
    [
        ("Premier Pak Chol Min spoke.", "Pak Chol Min", ["Premier"]),
        ("Pak Chol Min, foreign minister of the DPRK, spoke.", "Pak Chol Min",
         ["foreign minister of the DPRK"]),
        ("He met the Chinese ambassador to the DPRK Zhou Wen.", "Zhou Wen",
         ["Chinese ambassador to the DPRK"]),
        ("Ri Ho, chairman of the board and president of the club, left.", "Ri Ho",
         ["chairman of the board", "president of the club"]),
        ("Ri Ho, minister of Trade, Kim Su Il, minister of Culture, and others", "Kim Su Il",
         ["minister of Culture"]),
        ("Ri Ho, secretary of the C.C., the union, left.", "Ri Ho", ["secretary of the C.C., the union"]),
        ("Ri Ho, member of the Political Bureau and secretary of the party, left.", "Ri Ho",
         ["member of the Political Bureau and secretary of the party"]),
        ("Ri Ho, ambassador e.p. to Mongolia, left.", "Ri Ho", ["ambassador e.p. to Mongolia"]),
        ("Ri Ho, officials concerned and members of the group", "Ri Ho", []),
        ("A group led by Vice-Director-General Ri Ho left.", "Ri Ho", ["Vice-Director-General"]),
        ("The Ambassador of the DPRK to Laos, Ri Ho, spoke.", "Ri Ho", ["Ambassador of the DPRK to Laos"]),
        ("First Secretary of its C.C. Ri Ho spoke.", "Ri Ho", ["First Secretary of its C.C."]),
        ("Its director Ri Ho spoke.", "Ri Ho", ["director"]),
        ("Great leader Kim Su Il", "Kim Su Il", ["leader"]),
        ("Ri Ho, Kim Su Il and officials", "Ri Ho", []),
        ("The mill of Kim Su Il works.", "Kim Su Il", []),
    ],
)  # fmt: skip
def test_titles(text: str, name: str, titles: list[str]) -> None:
    start = text.index(name)
    assert titles_of(text, start, start + len(name)) == titles


def test_the_title_of_the_next_person() -> None:
    text = "Ri Ho, Premier Kim Su Il, and others"
    ri, kim = text.index("Ri Ho"), text.index("Kim Su Il")
    assert titles_of(text, ri, ri + len("Ri Ho"), 0, kim) == []
    assert titles_of(text, kim, kim + len("Kim Su Il"), ri + len("Ri Ho")) == ["Premier"]


def test_which_side() -> None:
    assert is_title_before("the visiting minister of Foreign Affairs ")
    assert not is_title_before("minister of Trade, ")
    assert is_title_before("Prime Minister ", directly=True)
    assert not is_title_before("minister of Trade ", directly=True)
    assert is_title_after("Ri Ho, the then vice-minister of Trade", 5)
    assert not is_title_after("Ri Ho, who was there", 5)
