"""The language of texts on pages that do not state it."""

from __future__ import annotations

import pytest

from kcna_spider.text.languages import guess_language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One day in May an official stood in the rain without an umbrella.", "en"),
        ("Un dia de mayo un funcionario se encontraba bajo la lluvia sin paraguas.", "es"),
        ("", "en"),
        ("La delegacion de Las Vegas visito la Torre de la Idea Juche el dia 3.", "es"),
        ("Officials of the Las Vegas office and El Salvador visited the tower.", "en"),
        ("Saludo a Kim Jong Un", "es"),  # The text has too few function words, so the model decides.
    ],
)
def test_english_or_spanish(text: str, expected: str) -> None:
    assert guess_language(text, ("en", "es")) == expected


def test_one_choice_is_no_choice() -> None:
    assert guess_language("Un dia de mayo", ("ko",)) == "ko"
