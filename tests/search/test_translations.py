"""The same report is found in other languages, and another report of the same day is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.search import lookup, translations
from kcna_spider.search.numbers_and_names import terms_of
from kcna_spider.search.reader import Reader
from kcna_spider.search.tables import create
from kcna_spider.search.writer import Writer
from tests.search.stories import FARM, SCHOOL, stories, story

Found = dict[str, list[str]]


@pytest.fixture
def find(tmp_path: Path) -> Iterator[Callable[..., Found]]:
    """Yield a function that writes articles and returns the translations of the first.

    The result has the shared terms for each title.
    """
    with ExitStack() as stack:

        def write_and_find(*articles: dict[str, Any]) -> Found:
            path = tmp_path / "archive.sqlite"
            path.unlink(missing_ok=True)
            writer = Writer(path)
            create(writer.base)
            writer.write(articles)
            writer.close()
            reader = stack.enter_context(closing(Reader(path)))
            first = lookup.article(reader, str(articles[0]["_id"]))
            assert first is not None
            return {one.title: one.shares for one in translations.translations(reader, first)}

        yield write_and_find


@pytest.mark.parametrize("language", FARM)
def test_the_same_report_is_found_in_every_language(find: Callable[..., Found], language: str) -> None:
    articles = sorted(stories(), key=lambda one: one["language"] != language)
    found = find(*articles)
    assert set(found) == {title for other, (title, _, _) in FARM.items() if other != language}
    for shares in found.values():
        assert set(shares) == {"113.5", "4,000", "1,205", "16", "Kim Jong Un"}


def test_another_report_of_the_day_is_not(find: Callable[..., Found]) -> None:
    english = story(1, "en", FARM["en"])
    assert find(english, story(2, "ko", SCHOOL)) == {}
    assert find(story(2, "ko", SCHOOL), *stories()[:6]) == {}


@pytest.mark.parametrize(
    ("place", "found"),
    [("원산", True), ("함흥", False), (None, False), ("사리원", False)],
)
def test_the_place_decides(find: Callable[..., Found], place: str | None, found: bool) -> None:
    title, _, body = FARM["ko"]
    assert bool(find(story(1, "en", FARM["en"]), story(2, "ko", (title, place, body)))) is found


def test_places_that_no_list_knows(find: Callable[..., Found]) -> None:
    """Check that places in one script are compared, and that those in different scripts exclude nothing."""
    (_, _, english), (_, _, spanish), (_, _, korean) = FARM["en"], FARM["es"], FARM["ko"]
    first = story(1, "en", ("A", "Sariwon", english))
    assert set(
        find(first, story(2, "es", ("B", "Sariwon", spanish)), story(3, "ko", ("C", "사리원", korean)))
    ) == {"B", "C"}
    assert find(first, story(2, "es", ("B", "Haeju", spanish))) == {}
    nowhere = story(1, "en", ("A", None, english))
    assert set(find(nowhere, story(2, "es", ("B", None, spanish)))) == {"B"}


def test_days(find: Callable[..., Found]) -> None:
    english = story(1, "en", FARM["en"])
    assert find(english, story(2, "ko", FARM["ko"], later=1))
    assert not find(english, story(2, "ko", FARM["ko"], later=2))
    late = story(2, "ko", FARM["ko"], later=2)
    late["dateline"]["date"] -= dt.timedelta(days=2)
    assert find(english, late), "a later report with the same date in its dateline was not found"
    far = story(2, "ko", FARM["ko"], later=9)
    far["dateline"]["date"] -= dt.timedelta(days=9)
    assert not find(english, far)


def test_what_all_texts_of_the_days_have_is_no_reason(find: Callable[..., Found]) -> None:
    """Check reports of a congress, of which only one has the numbers of this report."""
    congress = "Kim Jong Un attended the congress of 5,000 delegates in Wonsan, the first in 1,250 days. "
    korean = "김정은동지께서 5 000명의 대표가 1 250일만에 모인 원산의 대회에 참석하시였다. "
    english = story(1, "en", ("Congress", "Wonsan", f"{congress} It heard of 777 mills."))
    others = [
        story(10 + n, "ko", (f"대회 {n}", "원산", f"{korean} 공장 {100 + n}개와 {200 + n}명"))
        for n in range(60)
    ]
    assert find(english, *others) == {}
    matching = story(99, "ko", ("대회", "원산", f"{korean} 공장 777개"))
    assert set(find(english, *others[:1], matching)) == {"대회"}


def test_few_texts_are_read(find: Callable[..., Found], tmp_path: Path) -> None:
    articles = [story(n, "ko", (f"{n}", "원산", f"{1000 + n}")) for n in range(1000)]
    find(story(9999, "en", FARM["en"]), *articles)
    reader = Reader(tmp_path / "archive.sqlite")
    first = lookup.article(reader, f"{9999:024x}")
    assert first is not None
    read: list[str] = []
    reader.base.set_trace_callback(read.append)
    translations.translations(reader, first)
    reader.base.set_trace_callback(None)
    (texts,) = [statement for statement in read if "FROM texts" in statement]
    assert texts.count(",") <= 201
    (rows,) = [statement for statement in read if "FROM articles" in statement]
    plan = reader.rows(f"EXPLAIN QUERY PLAN {rows}")
    assert [row[3] for row in plan] == [
        "SEARCH articles USING INDEX articles_published (published>? AND published<?)"
    ]
    reader.close()


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("4,000 4.000 4 000 4000", "en", {"4,000"}),
        ("1,234,567", "en", {"1,234,567"}),
        ("113.5 and 113,5", "es", {"113.5"}),
        ("4천명, 3만t, 1억", "ko", {"4,000", "30,000", "100,000,000"}),
        ("4万人", "zh", {"40,000"}),
        ("４０００棟 １，２０５", "ja", {"4,000", "1,205"}),
        ("10 militares, 10 mil obreros", "es", {"10", "10,000"}),
        ("3 million", "en", {"3,000,000"}),
        ("1 2 9 0", "en", set()),
        ("in 2024", "en", {"2024"}),
        ("9" * 5000, "en", set()),
        ("٣٤", "en", set()),
        ("Kim Jong Un in Wonsan", "en", {"Kim Jong Un", "Wonsan"}),
        ("김정은동지 원산에서", "ko", {"Kim Jong Un", "Wonsan"}),
        ("Ким Чен Ыну в Вонсане", "ru", {"Kim Jong Un", "Wonsan"}),
        ("", "en", set()),
    ],
)
def test_terms(text: str, language: str, terms: set[str]) -> None:
    assert terms_of("", text, language) == terms
