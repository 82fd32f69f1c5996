"""Datelines and names in the real articles that developers have beside the project."""

from __future__ import annotations

import csv
import datetime as dt
import random
import re
import sys
from functools import cache
from typing import Any

import pytest

from kcna_spider.loaders import find_dateline, remove_dateline
from kcna_spider.text.datelines import parse_dateline
from kcna_spider.text.normalize import clean, separate_names
from tests.replica.conftest import SHARED

YEARS = (1997, 2000, 2005, 2008, 2009, 2011, 2014, 2017)


@cache
def corpus() -> list[tuple[str, list[str], dt.date, Any]]:
    """Return the title, the paragraphs, the date and the replica's dateline of each article."""
    sys.path.insert(0, str(SHARED / "replica"))
    import world

    found = []
    for year in YEARS:
        for row in world.load(f"cojp-{year}.jsonl.gz"):
            title, paragraphs = world.split_corpus_text(row["text"])
            if paragraphs:
                day = dt.date.fromisoformat(row["day"])
                found.append((title, paragraphs, day, world.read_dateline(paragraphs[0], day)))
    return found


def test_clear_datelines_are_found_and_dated_right() -> None:
    clear = [(paragraphs[0], day, theirs) for _, paragraphs, day, theirs in corpus() if theirs[0]]
    ours = [parse_dateline(text, day) for text, day, _ in clear]
    found = sum(line is not None for line in ours)
    right = sum(
        line is not None and line.date == theirs[1] for line, (_, _, theirs) in zip(ours, clear, strict=True)
    )
    agencies = sum(
        line is not None and line.agency == theirs[2]
        for line, (_, _, theirs) in zip(ours, clear, strict=True)
    )
    print(
        f"{len(clear)} clear datelines: {found} found, {right} with the replica's date, {agencies} with "
        "its agency"
    )
    assert len(clear) > 50_000
    assert found >= 0.999 * len(clear)
    assert right >= 0.9995 * found
    assert agencies >= 0.9995 * found


def test_no_false_alarms() -> None:
    """Check that every dateline that only we find is real.

    It has an agency, correct or misprinted, or a month, a day and a long dash.
    """
    without = [(title, paragraphs, day) for title, paragraphs, day, theirs in corpus() if not theirs[0]]
    alarms = []
    real = 0
    for title, paragraphs, day in without:
        line = find_dateline(paragraphs, {"title": title, "near": day})
        if line is None:
            continue
        if re.search(r"(?i)\W[(\[\ufffd]*\s*(KNS|KC?N|K?CN|CK|[KCNAT]{3,4})", line.raw) or re.search(
            r"[A-Z][a-z]+\s+\d+\.?\s*(--|\u2014)", line.raw
        ):
            real += 1
        else:
            alarms.append(line.raw)
    print(
        f"{len(without)} texts without a clear dateline: {real} unclear ones found, {len(alarms)} false "
        f"alarms: {alarms[:5]}"
    )
    assert len(alarms) <= 0.001 * len(without)


# The rest of a dateline that was not read completely is an agency, a bracket or a dash. A complete dateline
# that was not found matches too.
REMNANT = re.compile(
    r"\W*(?:[KNCSAT]{3,5}\b\W{0,3}[)\]}]|[)\]}>]|--|[-\u2013\u2014])"
    r"|.{0,60}?\([KNSCAT]{3,5}(?:\W{1,3}[KNSCA]{3,5})?\)\s*[-\u2014\u2013]"
)


def test_no_body_begins_with_a_remnant_of_a_dateline() -> None:
    left = []
    for title, paragraphs, day, _ in corpus():
        texts = [text for paragraph in paragraphs if (text := clean(paragraph))]
        line = find_dateline(texts, {"title": clean(title), "near": day})
        body = remove_dateline(texts, {"dateline": line, "language": line.language if line else "en"})
        left += [text[:80] for text in body[:2] if REMNANT.match(text)]
    print(f"{len(corpus())} articles, {len(left)} bodies that begin with a rest of a dateline: {left[:5]}")
    assert left == []


def test_openings_that_a_reader_judged() -> None:
    with (SHARED / "corpus" / "datelines.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    wrong = []
    for row in rows:
        line = parse_dateline(row["opening"], dt.date.fromisoformat(row["published"]))
        got = (
            (line.place, line.date.isoformat() if line.date else "", line.agency or "", line.language)
            if line
            else ("", "", "", row["language"])
        )
        if got != (row["place"], row["date"], row["agency"], row["language"]):
            wrong.append((row["opening"], got))
    assert len(rows) > 30
    assert wrong == []


def test_no_name_joins_its_neighbour() -> None:
    sys.path.insert(0, str(SHARED / "replica"))
    import world

    texts = [row["text"] for row in world.load("kp-2024.jsonl.gz")]
    texts += [paragraph for title, paragraphs, _, _ in corpus() for paragraph in (title, *paragraphs)]
    names = "Kim Il Sung|Kim Jong Il|Kim Jong Un|Kim Jong Suk"
    joined = re.compile(rf"[A-Za-z](?:{names})|(?:{names})(?!g\b|s\b|ias?\b|isms?\b|ists?\b)[A-Za-z]")
    assert sum(bool(joined.search(text)) for text in texts) > 100, "the corpus must have joined names"
    assert [text for text in texts if joined.search(separate_names(clean(text)))] == []


@pytest.mark.parametrize("seed", [1])
def test_mutated_openings_raise_nothing(seed: int) -> None:
    chance = random.Random(seed)
    openings = [(paragraphs[0][:120], day) for _, paragraphs, day, _ in chance.sample(corpus(), 10_000)]
    for text, day in openings:
        for _ in range(10):
            at = chance.randrange(max(1, len(text) - 1))
            mutated = chance.choice(
                (
                    text[:at] + text[at + 1 :],
                    text[:at] + text[at : at + 1] + text[at:],
                    text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
                )
            )
            parse_dateline(mutated, day)
