"""What is put into the index, and what a query's words become."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kcna_spider.search import tokens


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
        ("Missiles launched", "en", "enmissil enlaunch"),
        ("lanzamientos de misiles", "es", "eslanzamient esde esmisil"),
        ("ракеты", "ru", ""),
        ("미사일", "ko", ""),
    ],
)
def test_stems(text: str, language: str, expected: str) -> None:
    assert tokens.stems(text, language) == expected


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
