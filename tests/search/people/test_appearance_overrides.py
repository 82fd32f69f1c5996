"""Corrections of appearances by hand."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from kcna_spider.search.people.activity import Activity
from kcna_spider.search.people.appearance_overrides import (
    OverridesError,
    apply_overrides,
    overrides,
    parse_overrides,
)
from tests.conftest import ROOT

URL = "http://www.kcna.kp/1"
FOUND = Activity(
    "Kim Jong Un", ("Pak Chol Min",), dt.date(2014, 5, 5), "dateline", "Haksan Mill", "inspection", "medium",
    ("It.",), ("x",)
)  # fmt: skip
ADD = f'[[add]]\nurl = "{URL}"\nreason = "seen"\nprincipal = "Kim Jong-un"\nday = 2014-05-04\nkind = "visit"'


OTHER = replace(FOUND, principal="Ri Su Il", companions=())


def applied(text: str, *activities: Activity) -> list[Activity]:
    return apply_overrides([*activities], ["http://other", URL], parse_overrides(text))


def test_remove() -> None:
    text = f'[[remove]]\nurl = "{URL}"\nreason = "an anecdote"'
    assert applied(text, FOUND, OTHER) == []
    assert apply_overrides([FOUND], ["http://other"], parse_overrides(text)) == [FOUND]
    assert applied(f'{text}\nof = "Kim Jong-un"', FOUND, OTHER) == [OTHER]


def test_correct() -> None:
    text = f'[[correct]]\nurl = "{URL}"\nreason = "misprint"\nday = 2014-05-04\ncompanions = ["Ri Su Il"]'
    (found,) = applied(text, FOUND)
    assert (found.day, found.day_from, found.companions, found.kind) == (
        dt.date(2014, 5, 4), "override", ("Ri Su Il",), "inspection",
    )  # fmt: skip
    assert "misprint" in found.reasons[-1]
    assert applied(text) == []
    assert [one.day.day for one in applied(text, FOUND, OTHER)] == [4, 4]
    both = f'{text}\nof = "Ri Su Il"\n[[correct]]\nurl = "{URL}"\nreason = "misprint"\nday = 2014-05-03'
    assert [one.day.day for one in applied(f'{both}\nof = "Kim Jong Un"', FOUND, OTHER)] == [3, 4]


def test_add() -> None:
    (found,) = applied(ADD)
    assert (found.principal, found.day, found.kind, found.place) == (
        "Kim Jong Un",
        dt.date(2014, 5, 4),
        "visit",
        None,
    )
    assert applied(ADD, OTHER) == [OTHER, found]
    (corrected,) = applied(ADD, FOUND)  # The rules found one of that principal.
    assert (corrected.day, corrected.companions) == (found.day, FOUND.companions)


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
        (f"{ADD}\n{ADD}", "two entries [[add]] for"),
        (f'{ADD}\nof = "Ri Su Il"', "of is not known there"),
        (f'[[correct]]\nurl = "{URL}"\nreason = "x"\nof = "Ri Su Il"', "it corrects nothing"),
        ("remove = [1]", "[[remove]] number 1: it is no table"),
    ],
)
def test_a_malformed_entry_is_named(text: str, message: str) -> None:
    with pytest.raises(OverridesError) as error:
        parse_overrides(text)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_the_projects_file_can_be_read() -> None:
    """Check its entries, and the samples in its comments."""
    assert isinstance(overrides(), dict)
    text = (ROOT / "kcna_spider" / "search" / "people" / "appearance_overrides.toml").read_text("utf-8")
    samples = re.findall(r"^# (\[\[\w+\]\]\n(?:# \w+ = .*\n)+)", text, re.MULTILINE)
    assert len(samples) == 3
    for sample in samples:
        (found,) = parse_overrides(re.sub("^# ", "", sample, flags=re.MULTILINE)).values()
        assert found[0].reason
