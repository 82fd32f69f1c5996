"""Agencies in every combination: no body begins with the rest of a dateline, with any text in brackets."""

from __future__ import annotations

import datetime as dt
import itertools
import unicodedata

import pytest

from kcna_spider.text.datelines import GRAMMARS, parse_dateline
from tests.text.datelines.samples import SAMPLES

DAY = dt.date(2020, 11, 12)
NAMES = ("KCNA", "KNS", "KNCA", "CKAN")


@pytest.mark.parametrize("joint", ["-", " - ", "/", " ", ", ", " and ", "\u2013", " & "])
@pytest.mark.parametrize("dash", ["--", "-", "\u2014", "- -", ""])
def test_two_agencies(joint: str, dash: str) -> None:
    for first, second in itertools.permutations(NAMES, 2):
        for year in ("", ", 2020", " 2020,"):
            line = f"Tokyo, November 11{year} ({first}{joint}{second}) {dash}".rstrip()
            found = parse_dateline(f"{line} Text begins.", DAY)
            assert found, line
            assert (found.place, found.date) == ("Tokyo", dt.date(2020, 11, 11))
            assert f"{line} Text begins."[found.end :] == "Text begins.", line


@pytest.mark.parametrize("language", GRAMMARS)
def test_in_decomposed_characters(language: str) -> None:
    samples = SAMPLES[language]
    for place in samples.places:
        text = unicodedata.normalize("NFD", f"{samples.write(place, 11, 9)}\u00c1\ud14d\uc2a4\ud2b8.")
        found = parse_dateline(text, DAY, language)
        assert found, text
        assert found.date == dt.date(2020, 11, 9)
        assert unicodedata.normalize("NFC", text[found.end :]) == "\u00c1\ud14d\uc2a4\ud2b8."
