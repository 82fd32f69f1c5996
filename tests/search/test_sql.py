"""Every operator finds the same articles as a scan of all texts, which uses no index."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import condition

Doc = dict[str, Any]


def plain(text: str) -> str:
    """Return a text in lower case without accents, and with Hangul, kana and Han unchanged."""
    return "".join(
        c if c >= "\u1100" else unicodedata.normalize("NFD", c)[0].lower()
        for c in unicodedata.normalize("NFC", text)
    )


def text_of(doc: Doc) -> str:
    return plain(f"{doc['title']}\n{doc['body']}")


def words(doc: Doc, part: str = "") -> list[str]:
    return re.findall(r"[a-zа-яё0-9]+", plain(doc[part]) if part else text_of(doc))


def holds(*wanted: str) -> Callable[[Doc], bool]:
    """Return a predicate for articles that contain all of these words, exactly as written."""
    return lambda doc: all(word in words(doc) for word in wanted)


def contains(part: str) -> Callable[[Doc], bool]:
    """Return a predicate for articles that contain these characters."""
    return lambda doc: part in text_of(doc)


def follows(doc: Doc, *wanted: str) -> bool:
    """Return whether these words are consecutive in the title or in the body."""
    return any(
        found[n : n + len(wanted)] == list(wanted)
        for found in (words(doc, "title"), words(doc, "body"))
        for n in range(len(found))
    )


def close(doc: Doc, one: str, other: str, distance: int) -> bool:
    """Return whether two words have at most this distance in the title or in the body."""
    return any(
        abs(a - b) - 1 <= distance
        for found in (words(doc, "title"), words(doc, "body"))
        for a, first in enumerate(found)
        for b, second in enumerate(found)
        if (first, second) == (one, other)
    )


def day(doc: Doc) -> str:
    return str(doc["published"].date())


def place(doc: Doc) -> str | None:
    return (doc["dateline"] or {}).get("place")


def edits(doc: Doc) -> list[str]:
    return [event["at"].isoformat() for event in doc["events"] if event["kind"] == "edited"]


MISSILES = ("missile", "missiles", "misil", "misiles")
CASES: list[tuple[str, Callable[[Doc], bool]]] = [
    ("bakery", holds("bakery")),
    ("missile", lambda d: any(w in words(d) for w in MISSILES[:2])),
    ("misil", lambda d: any(w in words(d) for w in MISSILES[2:])),
    ("bakery mill", lambda d: "bakery" in words(d) and any(w in words(d) for w in ("mill", "mills"))),
    ("bakery OR workers", lambda d: "bakery" in words(d) or "workers" in words(d)),
    ("bakery -workers", lambda d: "bakery" in words(d) and "workers" not in words(d)),
    ("-bakery", lambda d: "bakery" not in words(d)),
    (
        "(bakery OR workers) -farm",
        lambda d: (
            ("bakery" in words(d) or "workers" in words(d)) and not any(w in words(d) for w in ("farm",))
        ),
    ),
    ("panaderia", holds("panaderia")),
    ("PANADERÍA", holds("panaderia")),
    ('"new mill"', lambda d: follows(d, "new", "mill")),
    ('"KN-23"', lambda d: follows(d, "kn", "23")),
    ("KN-23", lambda d: follows(d, "kn", "23")),
    ("don't", lambda d: follows(d, "don", "t")),
    ("launch*", lambda d: any(w.startswith("launch") for w in words(d))),
    ("near(bakery workers, 4)", lambda d: close(d, "bakery", "workers", 4)),
    ("title:bakery", lambda d: "bakery" in words(d, "title")),
    ("title:launch*", lambda d: any(w.startswith("launch") for w in words(d, "title"))),
    ("site:kcna.kp", lambda d: d["copies"][0]["site"] == "kcna.kp"),
    ("site:kcna*", lambda d: True),
    ('source:"KCNA kcna.co.jp"', lambda d: d["copies"][0]["site"] == "kcna.co.jp"),
    ("lang:ru", lambda d: d["language"] == "ru"),
    ("place:wonsan", lambda d: (d["dateline"] or {}).get("place") == "Wonsan"),
    ('place:"New York"', lambda d: (d["dateline"] or {}).get("place") == "New York"),
    ("category:World", lambda d: "World" in d["categories"]),
    ("after:2024-01", lambda d: day(d) >= "2024-01-01"),
    ("before:2024-01", lambda d: day(d) < "2024-01-01"),
    ("date:2023-12..2024-01", lambda d: "2023-12-01" <= day(d) <= "2024-01-31"),
    ("date:2023-12-05", lambda d: day(d) == "2023-12-05"),
    ("changed:yes", lambda d: bool(edits(d))),
    ("changed:no", lambda d: not edits(d)),
    ("changed:2024", lambda d: any(at.startswith("2024") for at in edits(d))),
    (
        "changed:2023-12-31..2024-01-05",
        lambda d: any("2023-12-31" <= at[:10] <= "2024-01-05" for at in edits(d)),
    ),
    ("-changed:2024", lambda d: not any(at.startswith("2024") for at in edits(d))),
    ("withdrawn:no", lambda d: d["withdrawn_at"] is None),
    ("withdrawn:2024", lambda d: d["withdrawn_at"] is not None and d["withdrawn_at"].year == 2024),
    ("-withdrawn:2024", lambda d: d["withdrawn_at"] is None or d["withdrawn_at"].year != 2024),
    ("-place:wonsan", lambda d: (d["dateline"] or {}).get("place") != "Wonsan"),
    (
        "-(place:wonsan OR bakery)",
        lambda d: (d["dateline"] or {}).get("place") != "Wonsan" and not holds("bakery")(d),
    ),
    (
        "bakery lang:en after:2024",
        lambda d: "bakery" in words(d) and d["language"] == "en" and day(d) >= "2024",
    ),
    ("lang:ko OR lang:zh", lambda d: d["language"] in ("ko", "zh")),
    ("once:zeppelin", lambda d: d["_id"].binary[-1] == 0),
    ("zeppelin", lambda d: False),
]
# The probes are parts of words, single characters and phrases in Korean, Japanese, Chinese and Russian.
PROBES = ("평양", "핵", "무기", "김정은", "로동당", "현지지도", "平壌", "核", "导弹", "金正恩", "データ")
RUSSIAN = ("ракеты", "пекарн*", "мельниц*", "рабочие")


def found(reader: Reader, query: str) -> set[str]:
    condition_ = condition(parse(query), aliases=False)
    hits = reader.hits(condition_, -1)
    assert len(hits) == reader.count(condition_) == sum(reader.counts(condition_, "year").values())
    return {hit.id for hit in hits}


@pytest.mark.parametrize(("query", "expected"), CASES, ids=[query for query, _ in CASES])
def test_operator(reader: Reader, articles: list[Doc], query: str, expected: Callable[[Doc], bool]) -> None:
    right = {str(doc["_id"]) for doc in articles if expected(doc)}
    assert found(reader, query) == right
    assert right or query == "zeppelin"


@pytest.mark.parametrize("probe", PROBES)
def test_a_run_is_found_as_a_substring(reader: Reader, articles: list[Doc], probe: str) -> None:
    right = {str(doc["_id"]) for doc in articles if probe in doc["title"] or probe in doc["body"]}
    assert right
    assert found(reader, probe) == right


@pytest.mark.parametrize("probe", RUSSIAN)
def test_russian(reader: Reader, articles: list[Doc], probe: str) -> None:
    stem = probe.rstrip("*")
    right = {
        str(doc["_id"])
        for doc in articles
        if any(w.startswith(stem) if "*" in probe else w == stem for w in words(doc))
    }
    assert right
    assert found(reader, probe) == right


def test_places_of_datelines_are_no_text(reader: Reader) -> None:
    assert not found(reader, "york")


def test_other_spellings_are_searched_and_named(reader: Reader, articles: list[Doc]) -> None:
    made = condition(parse("평양"))
    right = {
        str(doc["_id"])
        for doc in articles
        if any(name in text_of(doc) for name in ("평양", "pyongyang", "平壌", "平壤", "пхеньян "))
    }
    assert {hit.id for hit in reader.hits(made, -1)} == right
    assert "Pyongyang" in made.also
    assert condition(parse("로동신문")).also == ["노동신문"]
    assert condition(parse("로동신문"), aliases=False).also == []


def test_many_hits_are_found_in_the_order_of_their_days(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kcna_spider.search.reader.MANY", 5)
    found = condition(parse("lang:en"))
    total = reader.count(found)
    assert total > 5
    orders = []
    for order in ("newest", "oldest"):
        every = sorted(
            reader.hits(found, -1), key=lambda hit: (hit.published, hit.number), reverse=order == "newest"
        )
        right = every[3:23]
        assert right
        assert reader.hits(found, 20, order=order, skip=3) == right
        assert reader.hits(found, 20, order=order, skip=3, total=total) == right
        orders.append(right)
    assert orders[0] != orders[1]


@pytest.mark.parametrize(
    ("query", "also"),
    [
        ("Kim Jong Un bakery", "김정은"),
        ("visit kim jong un", "Ким Чен Ын"),
        ("Kim Jong Un OR bakery", "金正恩"),
    ],
)
def test_words_that_are_a_name_are_searched_in_every_spelling(query: str, also: str) -> None:
    assert also in condition(parse(query)).also


@pytest.mark.parametrize(
    "query", ["Kim Jong", "Jong Un Kim", "Kim -Jong Un", "title:Kim Jong Un", "Kim OR Jong Un"]
)
def test_other_words_are_only_words(query: str) -> None:
    assert condition(parse(query)).also == []


def test_a_name_in_words_finds_what_the_phrase_finds(reader: Reader) -> None:
    """Check that the words also find articles that contain them separately."""
    phrase, words_ = (reader.hits(condition(parse(q)), 999) for q in ('"Kim Jong Un"', "Kim Jong Un"))
    apart = reader.hits(condition(parse("Kim Jong Un"), aliases=False), 999)
    assert phrase
    assert {hit.id for hit in words_} == {hit.id for hit in phrase} | {hit.id for hit in apart}
