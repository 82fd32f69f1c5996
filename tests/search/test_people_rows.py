"""Persons and appearances in the archive file: written, replaced, removed, and equal in a new file."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.search import people_rows
from kcna_spider.search.about import write_about
from kcna_spider.search.build import needs_rebuild
from kcna_spider.search.people.appearance_overrides import parse_overrides
from kcna_spider.search.people_rows import people_of, source_of
from kcna_spider.search.person_ids import person_id
from kcna_spider.search.tables import create
from kcna_spider.search.writer import Writer
from tests.search.people.stories import FIRST, LEADER, NAMES, appearance_stories, story
from tests.search.texts import BEGIN

TABLES = {
    "appearances": "SELECT a.id, p.name, a.day, a.day_from, a.place, a.kind, a.confidence, a.reported "
    "FROM appearances a JOIN people p ON p.number = a.person",
    "companions": "SELECT a.id, p.name, c.position FROM appearance_people c "
    "JOIN people p ON p.number = c.person JOIN appearances a ON a.number = c.appearance",
    "articles": "SELECT d.id, a.id, p.name, r.day, r.evidence FROM appearance_articles r "
    "JOIN people p ON p.number = r.person "
    "JOIN articles d ON d.number = r.article JOIN appearances a ON a.number = r.appearance",
    "mentions": "SELECT d.id, p.name, m.written, m.titles, m.field, m.start, m.end FROM mentions m "
    "JOIN people p ON p.number = m.person JOIN articles d ON d.number = m.article",
}  # fmt: skip


def new_file(path: Path, documents: Sequence[dict[str, Any]]) -> Writer:
    writer = Writer(path)
    create(writer.base)
    writer.write(documents)
    return writer


def held(base: sqlite3.Connection) -> dict[str, list[Any]]:
    """Return the contents of the tables, without row numbers."""
    return {name: sorted(base.execute(statement).fetchall(), key=repr) for name, statement in TABLES.items()}


def test_what_is_written(tmp_path: Path) -> None:
    writer = new_file(tmp_path / "a.sqlite", appearance_stories())
    found = held(writer.base)
    assert [(name, day, place, kind) for _, name, day, _, place, kind, *_ in found["appearances"]] == [
        ("Kim Jong Un", "2024-12-04", "Haksan Mill", "inspection"),
        ("Kim Jong Un", "2024-12-09", "Sindok Farm", "inspection"),
        ("Kim Jong Un", "2024-12-14", "Ryulgok Shoe Factory", "inspection"),
        ("Pak Chol Min", "2024-12-24", "Koryo Hotel", "performance"),
    ]
    first = f"{FIRST:024x}"
    assert {article for article, appearance, *_ in found["articles"] if appearance == first} == {
        first, f"{FIRST + 10:024x}", f"{FIRST + 11:024x}",
    }  # fmt: skip
    assert [name for key, name, _ in found["companions"] if key == first] == ["Pak Chol Min", "Ri Su Il"]
    texts = {str(one["_id"]): one for one in appearance_stories()}
    for article, _, written, _, field, start, end in found["mentions"]:
        assert texts[article][field][start:end] == written
    write_about(writer.base, "a test", BEGIN)
    about = dict(writer.base.execute("SELECT name, value FROM about"))
    assert about["appearances"] == "4"
    assert about["people"] == str(len({row[1] for row in found["mentions"]}))
    writer.close()


@pytest.mark.parametrize("seed", range(4))
def test_after_any_changes_it_is_as_a_new_file(tmp_path: Path, seed: int) -> None:
    """Compare a file after random changes with a new file of the same articles."""
    chosen = random.Random(seed)
    current = {str(one["_id"]): one for one in appearance_stories()}
    writer = new_file(tmp_path / "a.sqlite", list(current.values()))
    writer.load_numbers()
    for n in range(12):
        if chosen.random() < 0.3:
            key = chosen.choice(sorted(current))
            writer.remove([key])
            del current[key]
            continue
        batch = []
        for _ in range(chosen.randint(1, 3)):
            number, day = FIRST + chosen.randrange(16), 398 + chosen.randrange(6)
            body = LEADER.format(chosen.choice(NAMES), f"December {chosen.randint(2, 8)}")
            one = story(number, day, f"Kim Jong Un Visits a Site {n}", chosen.choice([body, "It rained."]))
            if str(one["_id"]) not in {str(other["_id"]) for other in batch}:
                batch.append(one)
        writer.write(batch)
        current |= {str(one["_id"]): one for one in batch}
    again = new_file(tmp_path / "b.sqlite", [current[key] for key in sorted(current)])
    assert held(writer.base) == held(again.base)
    assert writer.base.execute(
        "SELECT count(*) FROM appearance_articles WHERE appearance IS NULL"
    ).fetchone() == (0,)
    writer.close()
    again.close()


def test_an_edit_that_puts_another_principal_first(tmp_path: Path) -> None:
    """The appearance had the identifier of the article, under the person whose reports are grouped later."""
    before = story(FIRST + 1, 401, "Report", "Premier Pak Chol Min inspected the Koryo Mill on Monday.")
    after = LEADER.format("Sindok Farm", "Sunday") + " " + before["body"]
    writer = new_file(tmp_path / "a.sqlite", [appearance_stories()[0], before])
    writer.load_numbers()
    writer.write([before | {"body": after, "version": "v2"}])
    key = str(before["_id"])
    assert [name for name, person, *_ in held(writer.base)["appearances"] if name == key] == [key]
    assert (key, "Kim Jong Un") in {row[:2] for row in held(writer.base)["appearances"]}
    writer.close()


def test_people_found_before_are_written_alike(tmp_path: Path) -> None:
    documents = appearance_stories()
    writer = Writer(tmp_path / "a.sqlite")
    create(writer.base)
    for some in (documents[:3], documents[3:]):
        writer.write(some, people=people_of([source_of(one) for one in some]))
    writer.group_appearances()
    again = new_file(tmp_path / "b.sqlite", documents)
    assert held(writer.base) == held(again.base)
    writer.close()
    again.close()


def test_overrides_are_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = appearance_stories()
    url = documents[1]["copies"][0]["url"]
    text = f'[[remove]]\nurl = "{url}"\nreason = "a test"'
    monkeypatch.setattr(people_rows, "overrides", lambda: parse_overrides(text))
    writer = new_file(tmp_path / "a.sqlite", documents)
    assert str(documents[1]["_id"]) not in {row[0] for row in held(writer.base)["appearances"]}
    assert len(held(writer.base)["appearances"]) == 3
    writer.close()


def test_a_file_of_other_rules_is_built_again(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    writer = new_file(path, appearance_stories())
    write_about(writer.base, "a test", BEGIN)
    assert needs_rebuild(path) is None
    with writer.base:
        writer.base.execute("UPDATE about SET value = 'other' WHERE name = 'people_rules'")
    assert needs_rebuild(path) == "the rules for persons and appearances changed"
    writer.close()


def test_ids_of_persons() -> None:
    assert person_id("Kim Jong Un") == person_id("kim jong-un") == "kim-jong-un"
    assert person_id("박철민") == "박철민"


def test_an_article_with_several_activities(tmp_path: Path) -> None:
    title, body = "Kim Jong Un Visits {}", "Kim Jong Un visited the {} on December 3. He also visited the {}."
    both = story(FIRST, 400, title.format("Haksan Mill"), body.format("Haksan Mill", "Sindok Farm"))
    other = story(FIRST + 1, 400, title.format("Sindok Farm"), LEADER.format("Sindok Farm", "December 3"))
    writer = new_file(tmp_path / "a.sqlite", [other, both])
    found = held(writer.base)
    keys = {f"{FIRST:024x}": "Haksan Mill", f"{FIRST:024x}-2": "Sindok Farm"}
    assert {key: place for key, _, _, _, place, *_ in found["appearances"]} == keys
    assert sorted(row[:2] for row in found["articles"]) == [
        (f"{FIRST:024x}", f"{FIRST:024x}"),
        (f"{FIRST:024x}", f"{FIRST:024x}-2"),
        (f"{FIRST + 1:024x}", f"{FIRST:024x}-2"),
    ]  # fmt: skip
    writer.remove([f"{FIRST:024x}"])
    assert [key for key, *_ in held(writer.base)["appearances"]] == [f"{FIRST + 1:024x}"]
    writer.close()


def test_reports_without_a_place_are_compared_by_title(tmp_path: Path) -> None:
    body = "Kim Jong Un met the {} on December 3."
    titles = ("Kim Jong Un Meets Archers", "Kim Jong Un Meets Archers Again", "Kim Jong Un Meets Pilots")
    stories = [story(FIRST + n, 400, title, body.format(title.split()[4])) for n, title in enumerate(titles)]
    writer = new_file(tmp_path / "a.sqlite", stories)
    assert [key for key, *_ in held(writer.base)["appearances"]] == [f"{FIRST:024x}", f"{FIRST + 2:024x}"]
    writer.close()
