"""The meaning of queries, and the messages for wrong ones."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcna_spider.search.periods import Days, days_of
from kcna_spider.search.query import QueryError, field_text, parse
from kcna_spider.search.query_nodes import All, Either, Near, Not, Once, Period, Text, Value

TODAY = dt.date(2026, 11, 26)
A, B, C = (Text(word, "word") for word in ("a", "b", "c"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a", A),
        ("a b", All((A, B))),
        ("a OR b c", Either((A, All((B, C))))),
        ("(a OR b) c", All((Either((A, B)), C))),
        ("a -b", All((A, Not(B)))),
        ("-(a b)", Not(All((A, B)))),
        ("--a", A),
        ("---a", Not(A)),
        ('"a b"', Text("a b", "phrase")),
        ("miss*", Text("miss", "prefix")),
        ("near(a b, 5)", Near("a", "b", 5)),
        ("title:a", Text("a", "word", "title")),
        ('TITLE:"a b"', Text("a b", "phrase", "title")),
        ("once:a", Once(A)),
        ("site:kcna.kp", Value("site", "kcna.kp")),
        ('place:"New York"', Value("place", "New York")),
        ("date:2024", Period("date", Days(dt.date(2024, 1, 1), dt.date(2024, 12, 31)))),
        ("after:2024-02", Period("after", Days(dt.date(2024, 2, 1), None))),
        ("before:2024-02", Period("before", Days(None, dt.date(2024, 1, 31)))),
        ("changed:yes", Period("changed", None)),
        ("withdrawn:no", Period("withdrawn", None, negated=True)),
        ("a - b", None),
        ("10:30", Text("10:30", "word")),
        ("OR-gate", Text("OR-gate", "word")),
        ("평양", Text("평양", "word")),
        (unicodedata.normalize("NFD", "평양"), Text("평양", "word")),
        ("“a b”", Text("a b", "phrase")),
        ("«a b»", Text("a b", "phrase")),
        ("date:today", Period("date", Days(TODAY, TODAY))),
    ],
)
def test_meaning(query: str, expected: Any) -> None:
    if expected is None:
        with pytest.raises(QueryError):
            parse(query, TODAY)
    else:
        assert parse(query, TODAY) == expected


def test_today_in_pyongyang_and_in_utc() -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    assert parse("changed:today", TODAY, yesterday) == Period("changed", Days(yesterday, yesterday))
    assert parse("date:today", TODAY, yesterday) == Period("date", Days(TODAY, TODAY))


@pytest.mark.parametrize(
    ("query", "part", "position"),
    [
        ("", "a word is missing", 0),
        ("a OR", "a word is missing", 4),
        ('a "b', "a quotation mark that is not closed", 2),
        ("(a", "a bracket that is not closed", 0),
        ("a)", "a closing bracket without an opening one", 1),
        ("a ...", "has no letter or digit", 2),
        ("title:", "has no letter or digit", 6),
        ("author:kim", "unknown operator author:", 0),
        ("b *ill", "a star may only be at the end", 2),
        ("m*ll", "a star may only be at the end", 0),
        ('"new mil*"', "a star may only be at the end", 0),
        ("site:", "site: without a value", 0),
        ("date:2024-13", "there is no such day", 0),
        ("date:soon", "give a year, a month or a day", 0),
        ("date:2024..2023", "2024 is after 2023", 0),
        ("before:0001-01-01", "no day is before that", 0),
        ("before:..2024", "before:..2024: name one day, month or year; date: takes a range", 0),
        ("b after:2024-01..2024-02", "date: takes a range", 2),
        ("-" * 9 + "a", "more than 8 brackets or minus signs", 8),
        ("(a -" * 5 + "b" + ")" * 5, "more than 8 brackets or minus signs", 16),
        ("near(a, b)", "near needs two words and a distance", 0),
        ("a " * 1001, "more than 2000 characters", 2000),
        ("a " * 101, "more than 100 terms", 200),
        ("(" * 30 + "a" + ")" * 30, "more than 8 brackets", 8),
    ],
)
def test_mistakes_have_a_position(query: str, part: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query, TODAY)
    assert part in str(caught.value)
    assert caught.value.position == position
    assert f"(at character {position + 1} of the query)" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-2-3", "2024-02-03", "2024-02-03"),
        ("2024-01..2024-03", "2024-01-01", "2024-03-31"),
        ("2024..", "2024-01-01", None),
        ("..2024", None, "2024-12-31"),
        ("today", "2026-11-26", "2026-11-26"),
    ],
)
def test_days(text: str, first: str | None, last: str | None) -> None:
    found = days_of(text, TODAY)
    assert (found.first, found.last) == tuple(day and dt.date.fromisoformat(day) for day in (first, last))


@given(st.text(alphabet=st.sampled_from('ab"()-*:., ORnear핵date2024\x00'), max_size=40))
def test_anything_is_a_query_or_a_mistake_with_a_position(query: str) -> None:
    position = None
    try:
        parse(query, TODAY)
    except QueryError as error:
        position = error.position
    assert position is None or 0 <= position <= len(query)


@pytest.mark.parametrize("value", ["World", "New York", "Газета «Правда»", '"World"', "“World”", "a(b"])
def test_a_field_as_text_is_the_field_again(value: str) -> None:
    node = parse(f"x {field_text('category', value)}")
    assert isinstance(node, All)
    found = node.parts[1]
    assert isinstance(found, Value)
    assert re.fullmatch(re.escape(found.value).replace(re.escape("*"), "."), value)
