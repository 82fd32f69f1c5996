"""Other spellings of names, and of syllables that North and South Korea write differently."""

from __future__ import annotations

import pytest

from kcna_spider.search.aliases import others


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("로동", {"노동"}),
        ("연합연습", {"련합연습", "연합련습", "련합련습"}),
        ("여성노동자", {"녀성로동자", "녀성노동자", "여성로동자"}),
        ("공장", set()),
    ],
)
def test_each_syllable_in_either_spelling(text: str, expected: set[str]) -> None:
    assert set(others(text)) == expected


def test_many_syllables() -> None:
    found = others("연합연습연대연락연속연결")
    assert "련합련습련대련락련속련결" in found
    assert len(found) < 20
