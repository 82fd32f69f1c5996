"""Arguments are typed and checked before the first request."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.base_spiders.arguments import Arguments
from kcna_spider.exceptions import ArgumentError
from kcna_spider.spiders.kcna_kp import KcnaKpArguments
from kcna_spider.spiders.kcnawatch import KcnaWatchArguments


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (Arguments, {}, {"since": None, "until": None, "limit": None, "full": False}),
        (
            Arguments,
            {"since": "2024-01-01", "until": " 2024-01-01 "},
            {"since": dt.date(2024, 1, 1), "until": dt.date(2024, 1, 1)},
        ),
        (
            Arguments,
            {"limit": "12", "full": "yes", "recheck": "30"},
            {"limit": 12, "full": True, "recheck": 30},
        ),
        (Arguments, {"full": 0}, {"full": False}),
        (Arguments, {"_job": "abc", "_anything": "x"}, {}),
        (
            KcnaWatchArguments,
            {"source": "KCNA.kp (En), KCNA.co.jp (En)"},
            {"source": ("KCNA.kp (En)", "KCNA.co.jp (En)")},
        ),
        (KcnaKpArguments, {"language": "en,ko,kp,ZH"}, {"language": ("en", "kp", "cn")}),
        (KcnaKpArguments, {"category": "World"}, {"category": ("World",), "language": ("en",)}),
    ],
)
def test_taken(kind: type[Arguments], given: dict[str, str], expected: dict[str, object]) -> None:
    arguments = kind.parse(given)
    assert {name: getattr(arguments, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("kind", "given", "part"),
    [
        (
            Arguments,
            {"sinse": "2024-01-01"},
            "unknown argument 'sinse'; this spider takes since, until, limit, recheck, full",
        ),
        (Arguments, {"since": "2024-1-1"}, "argument since=2024-1-1: not a day: give it as YYYY-MM-DD"),
        (Arguments, {"since": "2024-02-30"}, "argument since=2024-02-30: not a day"),
        (Arguments, {"since": "20240101"}, "not a day"),
        (Arguments, {"since": "2024-W01-01"}, "not a day"),
        (Arguments, {"limit": "0"}, "argument limit=0: not a whole number from 1 on"),
        (Arguments, {"limit": "-5"}, "not a whole number"),
        (Arguments, {"limit": "\u0663"}, "not a whole number"),
        (Arguments, {"recheck": "36526"}, "argument recheck=36526: more than a hundred years"),
        (Arguments, {"full": "perhaps"}, "argument full=perhaps: not a yes or no"),
        (
            Arguments,
            {"since": "2024-02-01", "until": "2024-01-01"},
            "since=2024-02-01 is after until=2024-01-01",
        ),
        (Arguments, {"source": "x"}, "unknown argument 'source'"),
        (KcnaWatchArguments, {"source": " , "}, "argument source= , : empty"),
        (KcnaKpArguments, {"language": "en,xx"}, "no language of the site: xx"),
    ],
)
def test_refused_in_one_line(kind: type[Arguments], given: dict[str, str], part: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        kind.parse(given)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_as_given() -> None:
    assert KcnaKpArguments.parse({"since": "2024-01-02", "language": "ko"}).as_given() == {
        "since": "2024-01-02",
        "language": ["kp"],
    }
