"""Letters, widths, case and accents that make no difference to a search, in texts and in fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.search.highlight import Highlighter
from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import condition
from kcna_spider.search.tables import create
from kcna_spider.search.writer import Writer
from tests.search.texts import document

LINE = {"date": None, "agency": "KCNA", "raw": "-"}
TEXTS = (
    ("ja", "１６棟の建物とＫＣＮＡの８０周年", {}),
    ("ru", "Ещё одна ёлка", {"dateline": LINE | {"place": "Пхеньян"}, "categories": ["Новости"]}),
    ("en", "Nguyễn spoke", {"dateline": LINE | {"place": "Bogotá"}, "categories": ["Économie"]}),
    ("ja", "平壌あいうえ市民", {}),
    ("ja", "平壌あいうえお市民", {}),
    ("ja", "平壌市民", {}),
)  # fmt: skip


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    path: Path = tmp_path_factory.mktemp("spellings") / "archive.sqlite"
    writer = Writer(path)
    create(writer.base)
    writer.write([document(n, language, "-", body, **more) for n, (language, body, more) in enumerate(TEXTS)])
    writer.close()
    opened = Reader(path)
    yield opened
    opened.close()


def found(reader: Reader, query: str) -> set[int]:
    """Return the numbers of the texts that a query finds."""
    hits: list[Any] = reader.hits(condition(parse(query)), -1)
    return {int(hit.id, 16) for hit in hits}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("16", {0}),
        ("１６", {0}),
        ("80周年", {0}),
        ("kcna", {0}),
        ("ＫＣＮＡ", {0}),
        ("еще", {1}),
        ("ещё елка", {1}),
        ("ЁЛКА", {1}),
        ("nguyen", {2}),
        ("NGUYỄN", {2}),
        ("place:пхеньян", {1}),
        ("place:ПХЕНЬЯН", {1}),
        ("place:Bogota", {2}),
        ("place:bogotÁ", {2}),
        ("place:bog*", {2}),
        ("category:новости", {1}),
        ("category:economie", {2}),
        ("near(平壌 市民, 0)", {5}),
        ("near(平壌 市民, 4)", {3, 5}),
        ("near(平壌 市民, 5)", {3, 4, 5}),
        ("near(市民 平壌, 4)", {3, 5}),
    ],
)
def test_found(reader: Reader, query: str, expected: set[int]) -> None:
    assert found(reader, query) == expected


@pytest.mark.parametrize(
    ("query", "text", "language", "marked"),
    [
        ("16", "１６棟", "ja", ["１６"]),
        ("kcna", "とＫＣＮＡの", "ja", ["ＫＣＮＡ"]),
        ("еще", "Ещё раз", "ru", ["Ещё"]),
        ("nguyen", "Nguyễn spoke", "en", ["Nguyễn"]),
        ("na", "ana na nab", "en", ["na"]),
        ('"na na"', "ana na na", "en", ["na na"]),
        ("na*", "ana nab", "en", ["nab"]),
        ("라", "나라 라디오", "ko", ["라", "라"]),
        ("x -y", "y x", "en", ["x"]),
    ],
)
def test_marked(query: str, text: str, language: str, marked: list[str]) -> None:
    marks = Highlighter.of(parse(query)).marks(text, language)
    assert [text[start:end] for start, end in marks] == marked


@pytest.mark.parametrize(
    "query",
    [
        "(" * 8 + '"a b" OR "c d"' + ")" * 8,
        "(a -" * 4 + "lang:ko" + ")" * 4,
        '("a b" OR "c d" (' * 4 + "x" + "))" * 4,
    ],
)
def test_the_deepest_query_can_be_run(reader: Reader, query: str) -> None:
    assert found(reader, query) <= set(range(len(TEXTS)))
