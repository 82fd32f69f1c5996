"""Titles of persons of other countries."""

from __future__ import annotations

import pytest

from kcna_spider.search.people.dprk_persons import is_foreign


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
    ],
)
def test_titles_of_other_countries(title: str, foreign: bool) -> None:
    assert is_foreign(title) == foreign
