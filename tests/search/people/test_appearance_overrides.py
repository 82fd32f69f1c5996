"""Corrections of appearances by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people.activity import Activity
from kcna_spider.search.people.appearance_overrides import (
    OverridesError,
    apply_overrides,
    overrides,
    parse_overrides,
)

URL = "http://www.kcna.kp/1"
FOUND = Activity(
    "Kim Jong Un", ("Pak Chol Min",), dt.date(2014, 5, 5), "dateline", "Haksan Mill", "inspection", "medium",
    ("It.",), ("x",)
)  # fmt: skip
ADD = f'[[add]]\nurl = "{URL}"\nreason = "seen"\nprincipal = "Kim Jong-un"\nday = 2014-05-04\nkind = "visit"'


def applied(text: str, activity: Activity | None) -> Activity | None:
    return apply_overrides(activity, ["http://other", URL], parse_overrides(text))


def test_remove() -> None:
    text = f'[[remove]]\nurl = "{URL}"\nreason = "an anecdote"'
    assert applied(text, FOUND) is None
    assert apply_overrides(FOUND, ["http://other"], parse_overrides(text)) is FOUND


def test_correct() -> None:
    text = f'[[correct]]\nurl = "{URL}"\nreason = "misprint"\nday = 2014-05-04\ncompanions = ["Ri Su Il"]'
    found = applied(text, FOUND)
    assert found
    assert (found.day, found.day_from, found.companions, found.kind) == (
        dt.date(2014, 5, 4), "override", ("Ri Su Il",), "inspection",
    )  # fmt: skip
    assert "misprint" in found.reasons[-1]
    assert applied(text, None) is None


def test_add() -> None:
    found = applied(ADD, None)
    assert found
    assert (found.principal, found.day, found.kind, found.place) == (
        "Kim Jong Un",
        dt.date(2014, 5, 4),
        "visit",
        None,
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[remove]", "appearance_overrides.toml: "),
        ('[[delete]]\nurl = "x"', "there is no [[delete]]"),
        (f'[[remove]]\nurl = "{URL}"', "[[remove]] number 1: give reason"),
        ('[[remove]]\nreason = "x"', "[[remove]] number 1: give url"),
        (f'[[remove]]\nurl = "{URL}"\nreason = "x"\nkind = "visit"', "kind is not known there"),
        (f'[[correct]]\nurl = "{URL}"\nreason = "x"', "it corrects nothing"),
        (f'[[correct]]\nurl = "{URL}"\nreason = "x"\nkind = "party"', "kind is one of inspection"),
        (f'[[correct]]\nurl = "{URL}"\nreason = "x"\nday = "2014-05-04"', "day has the wrong type"),
        (f'[[correct]]\nurl = "{URL}"\nreason = "x"\ncompanions = [1]', "companions is a list of names"),
        (f'[[add]]\nurl = "{URL}"\nreason = "x"\nkind = "visit"', "give principal, day"),
        (f"{ADD}\n{ADD}", "two entries for"),
        ("remove = [1]", "[[remove]] number 1: it is no table"),
    ],
)
def test_a_malformed_entry_is_named(text: str, message: str) -> None:
    with pytest.raises(OverridesError) as error:
        parse_overrides(text)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_the_projects_file_can_be_read() -> None:
    assert all(override.reason for override in overrides().values())
