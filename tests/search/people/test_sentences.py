"""Splitting of texts into sentences."""

from __future__ import annotations

import pytest

from kcna_spider.search.people.sentences import sentences, unwrapped


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("One came. Two left.", ["One came.", "Two left."]),
        ("He climbed Mt. Paektu on Feb. 2. It snowed.", ["He climbed Mt. Paektu on Feb. 2.", "It snowed."]),
        ("On hand was Kim Chol Jun. He left.", ["On hand was Kim Chol Jun.", "He left."]),
        ("The C.C. Secretary of unit no. 12 came.", ["The C.C. Secretary of unit no. 12 came."]),
        ('He said "Good." Then he left.', ['He said "Good."', "Then he left."]),
        ("A line\n\nAnother", ["A line", "Another"]),
        ("", []),
    ],
)
def test_sentences(body: str, found: list[str]) -> None:
    split = sentences(body)
    assert [body[one.start : one.end] for one in split] == [one.text for one in split]
    assert [one.text.strip() for one in split] == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            "Premier Ri Ho,\n\nof the Cabinet, met the\nguests.",
            "Premier Ri Ho,  of the Cabinet, met the guests.",
        ),
        ("It ended.\n\nPresent were guests.", "It ended.\n\nPresent were guests."),
        ("He met the DPRK\n\nAmbassador Ri Ho.", "He met the DPRK  Ambassador Ri Ho."),
        ("A closing ceremony\n\nPresent were guests.", "A closing ceremony\n\nPresent were guests."),
        ("\ufffd@On hand was Ri Ho.", "  On hand was Ri Ho."),
    ],
)
def test_wrapped_lines(body: str, found: str) -> None:
    assert unwrapped(body) == found
    assert len(unwrapped(body)) == len(body)


def test_a_sentence_without_an_end_is_cut() -> None:
    body = "word " * 2_000
    found = sentences(body)
    assert "".join(one.text for one in found) == body
    assert max(len(one.text) for one in found) <= 4_000
    assert [one.start for one in found] == [0, 4_000, 8_000]
