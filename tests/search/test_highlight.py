"""The text and the marks of a snippet."""

from __future__ import annotations

import time

import pytest

from kcna_spider.search.highlight import Highlighter
from kcna_spider.search.query import parse


@pytest.mark.parametrize(
    ("query", "text", "language", "marked"),
    [
        ("missile", "Two missiles and a missile.", "en", ["missiles", "missile"]),
        ("panaderia", "La Panadería abrió.", "es", ["Panadería"]),
        ('"new mill"', "A new\nmill, a mill.", "en", ["new\nmill"]),
        ("launch*", "He launched a launch.", "en", ["launched", "launch"]),
        ("평양", "수도평양시에서", "ko", ["평양"]),
        ("핵", "비핵화와 핵무기", "ko", ["핵", "핵"]),
        ("bakery -farm", "A farm and a bakery.", "en", ["bakery"]),
        ("near(farm bakery, 3)", "A farm and a bakery.", "en", ["farm", "bakery"]),
        ("once:farm", "A farm.", "en", ["farm"]),
        ("Пхеньян", "В Пхеньяне и Пхеньян", "ru", ["Пхеньян"]),
        ("KN-23", "the KN-23형 type", "ko", ["KN-23"]),
        ("date:2024", "A farm of 2024.", "en", []),
        ('"김정은"', "Kim Jong Un met.", "en", ["Kim Jong Un"]),
    ],
)
def test_marks(query: str, text: str, language: str, marked: list[str]) -> None:
    highlighter = Highlighter.of(parse(query))
    assert [text[start:end] for start, end in highlighter.marks(text, language)] == marked


def test_the_snippet_is_where_most_is_found() -> None:
    text = "A mill. " + "Nothing here. " * 60 + "The bakery of the mill bakes. " + "Nothing. " * 60
    parts = Highlighter.of(parse("bakery mill")).snippet(text, "en", 120)
    shown = "".join(part.text for part in parts)
    assert "The bakery of the mill bakes." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert [part.text for part in parts if part.marked] == ["bakery", "mill"]


@pytest.mark.parametrize(
    ("query", "language", "filling"),
    [
        ("核武器", "zh", "平壤新工厂竣工"),
        ("データ", "ja", "平壌の新しい工場"),
        ("핵무기", "ko", "새공장"),
    ],
)
def test_a_match_far_into_a_text_without_blanks(query: str, language: str, filling: str) -> None:
    parts = Highlighter.of(parse(query)).snippet(filling * 100 + query + filling * 50, language)
    assert [part.text for part in parts if part.marked] == [query]


@pytest.mark.slow
def test_thousands_of_matches() -> None:
    """Check that the cost grows with the number of matches, not with its square."""
    highlighter = Highlighter.of(parse("a*"))
    seconds = []
    for number in (2_000, 20_000):
        began = time.process_time()
        highlighter.snippet("ab cd " * number, "en")
        seconds.append(time.process_time() - began)
    assert seconds[1] < 40 * seconds[0]


def test_without_a_mark_the_beginning_is_shown() -> None:
    parts = Highlighter.of(parse("title:bakery")).snippet("One.\n\nTwo.", "en")
    assert "".join(part.text for part in parts) == "One.  Two."
