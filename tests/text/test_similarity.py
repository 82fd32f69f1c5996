"""Texts that belong to the same story."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kcna_spider.text.similarity import Text, lsh_keys, near_in_time, neighbour_keys, same_story, words

LONG = (
    "A large floral basket was laid before the statue on Monday by a delegation of beekeepers, who then "
    "looked round the museum, the hothouse and the orchard, where they were told about the harvest of last "
    "year by the manager of the farm, who has worked there for thirty years and whose sons and daughters "
    "have become gardeners too."
)


def text(
    title: str = "Floral Basket Laid", body: str = LONG, day: str = "2024-03-09", **changes: Any
) -> Text:
    """Return a text."""
    return Text(
        **{"language": "en", "title": title, "body": body, "published": dt.date.fromisoformat(day), **changes}
    )


SAME = [
    ("resent next day", text(), text(day="2024-03-10")),
    ("white space and quotes", text(), text(body=LONG.replace(" ", "  "))),
    ("a corrected misprint", text(), text(body=LONG.replace("delegation", "delegaton"))),
    (
        "a corrected name",
        text(body=LONG.replace("manager", "Hwang Pyong")),
        text(body=LONG.replace("manager", "Hwang Phyong")),
    ),
    ("a small word more", text(), text(body=LONG.replace("told about", "told all about"))),
    ("cut off", text(), text(body=" ".join(LONG.split()[:45]))),
    ("punctuation", text(), text(body=LONG.replace(",", ";"))),
]
DIFFERENT = [
    ("another day", text(), text(day="2024-03-13")),
    ("another language", text(), text(language="es")),
    ("another number", text(body=LONG.replace("thirty", "30")), text(body=LONG.replace("thirty", "40"))),
    ("another name", text(body=LONG + " Kim Il Sung"), text(body=LONG + " Kim Jong Il")),
    ("another weekday", text(), text(body=LONG.replace("Monday", "Tuesday"))),
    ("FM and PM in the title", text("Greetings to Elbonian FM"), text("Greetings to Elbonian PM")),
    ("another recipient", text("Gift to Kim Il Sung from Swiss Committee"),
     text("Gift to Kim Jong Il from Swiss Committee")),
    ("the great king", text("Basket from King of Cambodia"), text("Basket from Great King of Cambodia")),
    ("another place", text(place="Pyongyang"), text(place="Kaesong")),
    ("too short to be cut off", text(), text(body="A large floral basket was laid")),
    ("another story", text(),
     text(body="Quite other words stand here, and many of them, "
               "so that nothing is alike but the title of the two.")),
    ("arrives and leaves", text("Delegation Arrives", "A delegation arrived here on Sunday."),
     text("Delegation Leaves", "A delegation left here on Tuesday.")),
    ("another number in Korean",
     text("준공 제100호", "새 학교가 준공되였다. 주민 100명이 참가하였다.", language="ko"),
     text("준공 제101호", "새 학교가 준공되였다. 주민 101명이 참가하였다.", language="ko")),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), [(a, b) for _, a, b in SAME], ids=[name for name, *_ in SAME])
def test_one_story(a: Text, b: Text) -> None:
    assert same_story(a, b)
    assert same_story(b, a)
    assert set(lsh_keys(a)) & set(neighbour_keys(lsh_keys(b), b.published)), (
        "texts without a common key are never compared"
    )


@pytest.mark.parametrize(("a", "b"), [(a, b) for _, a, b in DIFFERENT], ids=[name for name, *_ in DIFFERENT])
def test_two_stories(a: Text, b: Text) -> None:
    assert not same_story(a, b)
    assert not same_story(b, a)


def test_near_in_time() -> None:
    assert near_in_time(text(day="2024-03-09"), text(day="2024-03-12"))
    assert not near_in_time(text(day="2024-03-09"), text(day="2024-03-13"))
    line = dt.date(2024, 3, 8)
    assert near_in_time(
        Text("en", "", "", dt.date(2024, 3, 9), day=line), Text("en", "", "", dt.date(2024, 4, 9), day=line)
    )


def test_keys_meet_across_bucket_borders() -> None:
    for first in range(8):
        day = dt.date(2024, 3, 1) + dt.timedelta(days=first)
        for later in range(4):
            keys = lsh_keys(text(day=(day + dt.timedelta(days=later)).isoformat()))
            assert set(keys) <= set(neighbour_keys(lsh_keys(text(day=day.isoformat())), day))


def test_keys_are_the_same_on_every_machine() -> None:
    assert lsh_keys(text())[:2] == ["184738:ent183c109af10e", "46184:en0bd2cc3e5299c"]


@pytest.mark.parametrize("code", range(128))
def test_words_part_at_every_ascii_character_as_at_others(code: int) -> None:
    """Check that the fast path for ASCII texts gives the same words as the general one."""
    sample = f"Kim{chr(code)}Jong 3{chr(code)}{chr(code)}_Un"
    assert words(sample) == words(sample + " \u00e9")[:-1]
