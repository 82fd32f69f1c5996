"""The diff of texts by words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcna_spider.export.diff import word_diff


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("He met them.", "He saw them.", "He [met ]{saw }them."),
        ("Tours Site for Base", "Inspects Site for Base", "[Tours ]{Inspects }Site for Base"),
        ("平壌で竣工", "平壌で着工", "平壌で[竣]{着}工"),
        ("same", "same", "same"),
        ("", "new", "{new}"),
    ],
)
def test_word_diff(before: str, after: str, expected: str) -> None:
    marks = {"gone": "[{}]", "new": "{{{}}}"}
    assert (
        "".join(marks.get(part.kind, "{}").format(part.text) for part in word_diff(before, after)) == expected
    )


def test_long_stretches_are_left_out() -> None:
    parts = word_diff("word " * 500 + "end", "word " * 500 + "finish", context=3)
    assert [part.kind for part in parts] == ["skip", "same", "gone", "new"]
    assert parts[1].text == "word word word "


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_is_lost(before: str, after: str) -> None:
    parts = word_diff(before, after, context=None)
    assert "".join(part.text for part in parts if part.kind in ("same", "gone")) == before
    assert "".join(part.text for part in parts if part.kind in ("same", "new")) == after
