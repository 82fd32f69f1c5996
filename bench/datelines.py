"""Compare the time to parse a dateline with dateparser, on the same openings in the same run.

dateparser cannot read a dateline, so it gets the easiest part of each: only the words of its date ("November
11").
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

from bench.table import Row, failed, show
from kcna_spider.text.datelines import parse_dateline
from tests.text.datelines.samples import SAMPLES

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
_DATE_WORDS = re.compile(r"([A-Z][a-z]+ \d{1,2}|\d{1,2} de [a-z]+)")
_PAIRS, _DATEPARSER_SAMPLE = 5, 300
MOST_MICROSECONDS, LEAST_RATIO = 30, 20


def openings() -> tuple[str, list[tuple[str, dt.date]]]:
    """Return the name of the source, and first lines with their days of publication.

    The source is a year of real articles, or our own test cases if the corpus is missing.
    """
    file = CORPUS / "cojp-2014.jsonl.gz"
    if not file.exists():
        days = [
            (case.text, dt.date.fromisoformat(case.published))
            for samples in SAMPLES.values()
            for case in samples.cases
            if case.published
        ]
        return "the grammars' own cases", days * 50
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [(row["text"].partition("\n")[2].strip(), dt.date.fromisoformat(row["day"])) for row in rows]
    return "the articles of kcna.co.jp of 2014", [(text, day) for text, day in texts if text]


def seconds(work: Callable[[], object]) -> float:
    """Return the duration of a call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def rows(*, quick: bool = False) -> list[Row]:
    """Return the row of group (d)."""
    import dateparser

    source, given = openings()
    words = [m[0] for text, _ in given if (m := _DATE_WORDS.search(text[:60]))][:_DATEPARSER_SAMPLE]
    given, words, pairs = (given[:200], words[:20], 1) if quick else (given, words, _PAIRS)
    ours, theirs, ratios = [], [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(pairs):
            ours.append(
                seconds(lambda: [parse_dateline(text, day) for text, day in given]) / len(given) * 1e6
            )
            theirs.append(seconds(lambda: [dateparser.parse(date) for date in words]) / len(words) * 1e6)
            ratios.append(theirs[-1] / ours[-1])
    mine, ratio = statistics.median(ours), statistics.median(ratios)
    met = None if quick else mine <= MOST_MICROSECONDS and ratio >= LEAST_RATIO
    asked = "" if quick else f"<= {MOST_MICROSECONDS} us, >= {LEAST_RATIO}"
    reference = f"dateparser {statistics.median(theirs):.0f} us, on the words of the date alone"
    return [
        Row(
            "d",
            f"one dateline, of {len(given)} openings from {source}",
            f"{mine:.1f} us",
            reference,
            f"{ratio:.0f}",
            asked,
            met,
        )
    ]


def main() -> int:
    """Print the row; return exit code 1 if it misses its bound."""
    found = rows()
    show(found)
    return int(bool(failed(found)))


if __name__ == "__main__":
    sys.exit(main())
