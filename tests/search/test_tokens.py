"""The contents of the index, and the tokens of a query's words."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from kcna_spider.search import tokens

MARKS = {"\u10d0": "en", "\u10d1": "es", "\u10d2": "title"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim Jong Un met", "Kim Jong Un met"),
        ("평양시", " 평양 양시 시 "),
        ("핵", " 핵 "),
        ("KN-23형", "KN-23 형 "),
        ("朝鮮の首都、平壌", " 朝鮮 鮮の の首 首都 都 、 平壌 壌 "),
        ("a\x00b", "a b"),
        ("データ・センター", " デー ータ タ ・ セン ンタ ター ー "),
    ],
)
def test_indexed(text: str, expected: str) -> None:
    assert tokens.indexed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("missiles", (["missiles"], False)),
        ("COVID-19", (["COVID", "19"], False)),
        ("평양", (["평양"], False)),
        ("평양시", (["평양", "양시"], False)),
        ("핵", (["핵"], True)),
        ("조선 로동당", (["조선", "선", "로동", "동당"], False)),
        ("평양 핵", (["평양", "양", "핵"], True)),
        ("...", ([], False)),
        ("", ([], False)),
    ],
)
def test_query_tokens(text: str, expected: tuple[list[str], bool]) -> None:
    assert tokens.query_tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Missiles launched", "en", {"en missil", "en launch"}),
        ("Missile and missiles", "en", {"en missil", "en and"}),
        ("panadería de Elbonia", "es", {"es panad", "panadería", "es de", "es elboni"}),
        ("Ракеты 2024", "ru", {"ракеты", "2024"}),
        ("미사일 KCNA는", "ko", {"kcna"}),
        ("αβγ", "en", set()),  # SQLite's tokenizer may know fewer letters than Python.
    ],
)
def test_indexed_words(text: str, language: str, expected: set[str]) -> None:
    def written(words: str) -> list[str]:
        return [re.sub("[\u10d0-\u10d2]", lambda mark: f"{MARKS[mark[0]]} ", word) for word in words.split()]

    words = written(tokens.indexed_words("", text, language))
    assert len(words) == len(set(words))
    assert set(words) == expected
    in_title = written(tokens.indexed_words(text, "", language))
    assert set(in_title) == expected | {f"title {word}" for word in expected}


@pytest.mark.parametrize("query", ["panadería", "panaderia", "PANADERÍA", "panaderías"])
@pytest.mark.parametrize("text", ["panadería", "Panaderia"])
def test_a_word_is_found_with_and_without_diacritics(query: str, text: str) -> None:
    forms = {tokens.without_diacritics(form) for form in tokens.word_forms(query)}
    words = tokens.indexed_words("", text, "es").split()
    assert forms & {tokens.without_diacritics(word) for word in words}


def test_stems_from_several_threads() -> None:
    words = [
        f"{first}{middle}{last}"
        for first in ("nation", "launch", "organ", "communic")
        for middle in "abcdefghij"
        for last in ("alities", "ations", "iveness", "fully", "ically", "izing")
    ]
    right = [tokens.stem.__wrapped__(word, "en") for word in words]
    tokens.stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(
                lambda start: [tokens.stem.__wrapped__(word, "en") for word in words[start:] + words[:start]],
                range(0, 240, 10),
            )
        )
    assert all(
        one[len(words) - start :] + one[: len(words) - start] == right
        for start, one in zip(range(0, 240, 10), found, strict=True)
    )
