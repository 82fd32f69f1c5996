"""Spaces, invisible characters, names, and the normal form."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcna_spider.text.normalize import clean, fingerprint, normal_form, separate_names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  the respected\n\tKim Jong\u00a0Un ", "the respected Kim Jong Un"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("right\u202eto\u2066left\u200f", "righttoleft"),
        ("line\x85break", "line\u2026break"),
        ("全角\u3000空白", "全角 空白"),
        ("It\u00e2\u20ac\u2122s mended", "It\u2019s mended"),
        ("its own \u2018quotes\u2019 \u2014 kept", "its own \u2018quotes\u2019 \u2014 kept"),
        ("", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ComradeKim Jong Unmet officials", "Comrade Kim Jong Un met officials"),
        ("atKim Il SungSquare", "at Kim Il Sung Square"),
        ("the respected Kim Jong Un's speech", "the respected Kim Jong Un's speech"),
        ("Kim Jong Ilia and Kim Il Sungism bloom", "Kim Jong Ilia and Kim Il Sungism bloom"),
        ("the player Kim Jong Ung, who", "the player Kim Jong Ung, who"),
        ("Kim Il Sung-Kim Jong Il Foundation", "Kim Il Sung-Kim Jong Il Foundation"),
    ],
)
def test_names_stand_apart(text: str, expected: str) -> None:
    assert separate_names(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He said, \u201cYes\u201d", 'he said, "yes"'),
        ("a - b", "a\u2014b"),
        ("Ａ＆Ｂ", "a & b"),
        ("white\u00a0space", "white  space"),
        ("DPRK's", "DPRK\u2019s"),
    ],
)
def test_normal_form_is_the_same(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"), [("100 men", "1000 men"), ("Kim Il Sung", "Kim Jong Il"), ("a, b", "a; b")]
)
def test_normal_form_differs(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_fingerprint_of_broken_text() -> None:
    assert len(fingerprint("\ud800 lone surrogate")) == 32


@given(st.text(st.characters(max_codepoint=127)))
def test_the_quick_way_of_plain_texts_is_the_same(text: str) -> None:
    """Check that the fast path for ASCII texts gives the same result as the general one."""
    assert normal_form(text) + "\u4e00" == normal_form(text + "\u4e00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KCNA&#39;s paper", "KCNA's paper"),
        ("A &amp; B, 5&nbsp;000", "A & B, 5 000"),
        ("&ldquo;Peace&rdquo; &#x2014; he said", "“Peace” — he said"),
        ("&amp;#39;three times&amp;#39;", "'three times'"),
        ("&quot;quoted&quot;", '"quoted"'),
        ("Samsung & Co", "Samsung & Co"),
        ("R&D of KCNA&#39;s", "R&D of KCNA's"),
        ("one &copy 2024", "one &copy 2024"),
        ("write &lt; for <", "write &lt; for <"),
        ('the entity "&amp;" stands for an ampersand', 'the entity "&amp;" stands for an ampersand'),
        ("in HTML &nbsp; is a blank", "in HTML &nbsp; is a blank"),
        ("&notanentity; stays", "&notanentity; stays"),
        ('He said "x" and &quot;y&quot;', 'He said "x" and "y"'),
        ("\u00a0\u00a0 text&nbsp;and more", "text and more"),
        ("the people's &#39;quote&#39;", "the people's 'quote'"),
        ("caf&eacute; y t\u00e9", "caf\u00e9 y t\u00e9"),
        ("HTML page of KCNA&#39;s paper", "HTML page of KCNA's paper"),
        ("and so on (&hellip;)", "and so on (\u2026)"),
        ("&amp;amp;amp;#39;", "'"),
    ],
)
def test_twice_encoded_entities(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_decomposed_text_is_composed() -> None:
    text = "(평양 2월 16일발 조선중앙통신)"
    assert clean(unicodedata.normalize("NFD", text)) == text


def test_many_entities_take_linear_time() -> None:
    """Check 20,000 entities, each alone between blanks: they took a minute."""
    begun = time.process_time()
    assert clean("word &nbsp; " * 20_000) == " ".join(["word"] * 20_000)
    assert time.process_time() - begun < 10
