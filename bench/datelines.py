"""Microseconds a dateline, beside dateparser on the same openings in the same run.

dateparser can't read a dateline, so it is given the easiest part of each: the words of its date alone ("November 11").
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from kcna_spider.datelines import GRAMMARS, parse_dateline

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
_DATE_WORDS = re.compile(r"([A-Z][a-z]+ \d{1,2}|\d{1,2} de [a-z]+)")
_PAIRS, _DATEPARSER_SAMPLE = 5, 300


def openings() -> tuple[str, list[tuple[str, dt.date]]]:
    """(where they are from, first lines with their days of publication): a year of real articles, or our own cases."""
    file = CORPUS / "cojp-2014.jsonl.gz"
    if not file.exists():
        days = [(case.text, dt.date.fromisoformat(case.published)) for g in GRAMMARS.values() for case in g.cases if case.published]
        return "the grammars' own cases", days * 50
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [(row["text"].partition("\n")[2].strip(), dt.date.fromisoformat(row["day"])) for row in rows]
    return "the articles of kcna.co.jp of 2014", [(text, day) for text, day in texts if text]


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> int:
    """Print the table; exit code 1 where a bound is broken."""
    import dateparser

    warnings.filterwarnings("ignore")
    source, given = openings()
    words = [m[0] for text, _ in given if (m := _DATE_WORDS.search(text[:60]))][:_DATEPARSER_SAMPLE]
    ours, theirs, ratios = [], [], []
    for _ in range(_PAIRS):
        ours.append(seconds(lambda: [parse_dateline(text, day) for text, day in given]) / len(given) * 1e6)
        theirs.append(seconds(lambda: [dateparser.parse(date) for date in words]) / len(words) * 1e6)
        ratios.append(theirs[-1] / ours[-1])
    print(f"{len(given)} openings from {source}; medians of {_PAIRS} pairs")
    print(f"parse_dateline   {statistics.median(ours):8.1f} us a call")
    print(f"dateparser       {statistics.median(theirs):8.1f} us a call, on the words of the date alone")
    print(f"ratio            {statistics.median(ratios):8.1f}")
    return 0 if statistics.median(ours) <= 30 and statistics.median(ratios) >= 20 else 1  # noqa: PLR2004  # the bounds of the project


if __name__ == "__main__":
    sys.exit(main())
