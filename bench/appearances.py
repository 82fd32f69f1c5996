"""Compare persons and appearances with articles that readers coded by hand, and with published yearly counts.

python -m bench.appearances [--quick] [--verbose]: needs the corpus beside the checkout. It reads each file in
bench/appearances_gold: dev.jsonl, events.jsonl and errors.jsonl, which served to improve the rules, and
held.jsonl if it exists, which did not. A line has the URL of an article, its persons and its
events; events.jsonl and errors.jsonl have no persons. errors.jsonl has the articles in which a reader noted
an error of earlier rules, so no bound applies to it. The texts are read from the corpus. --verbose prints
every difference.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, product
from pathlib import Path
from typing import Any

from bench.identity import CORPUS, YEARS, articles
from bench.search import documents
from bench.table import Row, show
from kcna_spider.items import Article
from kcna_spider.search.people.activity import Activity, Mention
from kcna_spider.search.people.appearance_groups import Report, contains, grouped
from kcna_spider.search.people.people_words import united
from kcna_spider.search.people_rows import People, Source, people_of, source_of
from kcna_spider.search.tables import create
from kcna_spider.search.writer import Writer

GOLD = Path(__file__).with_name("appearances_gold")
_MANY, _FEW = 60_000, 3_000
_MOST_SECONDS = 60
_BOUNDS = {"appearances": (0.97, 0.95)}
_ERRORS = "errors"  # the name of the file of articles that were chosen because of an error
# Public activities in a year, as counted by KINU.
_KINU = {2014: 174, 2017: 104}
_COUNTED = (("Kim Jong Un", 2014), ("Kim Jong Un", 2017), ("Kim Jong Il", 2009), ("Kim Jong Il", 2011))


@dataclass(slots=True)
class Score:
    """Counts of items of both the rules and the readers, of the rules only, and of the readers only."""

    right: int = 0
    extra: int = 0
    missing: int = 0

    def add(self, found: set[str], coded: set[str]) -> None:
        """Add the counts of two sets."""
        self.right += len(found & coded)
        self.extra += len(found - coded)
        self.missing += len(coded - found)

    @property
    def precision(self) -> float:
        """Return the share of the items of the rules that the readers have too."""
        return self.right / max(self.right + self.extra, 1)

    @property
    def recall(self) -> float:
        """Return the share of the items of the readers that the rules have too."""
        return self.right / max(self.right + self.missing, 1)


@dataclass(slots=True)
class Scores:
    """The scores of a file by measure.

    Kinds, days, places and companions are compared for the appearances that both the rules and the readers
    have. coded: the number of articles compared. lines: the differences.
    """

    of: dict[str, Score] = field(default_factory=dict)
    coded: int = 0
    lines: list[str] = field(default_factory=list)

    def score(self, name: str) -> Score:
        """Return the score of a measure."""
        return self.of.setdefault(name, Score())


def sources() -> Iterator[tuple[str, Source]]:
    """Yield the URL and the source of each English article in the corpus that has a publication date."""
    names = ("kp-2024.jsonl.gz", *(f"cojp-{year}.jsonl.gz" for year in YEARS))
    for article in chain.from_iterable(map(articles, names)):
        if article.language == "en" and article.published:
            yield _plain(article.url), _source(article)


def _source(article: Article) -> Source:
    line = article.dateline
    place, date = (line.place, line.date) if line else (None, None)
    assert article.published
    return (
        article.title,
        article.body,
        "en",
        place,
        _day(date),
        _day(article.published) or dt.date.min,
        (article.url,),
    )


def _day(value: Any) -> dt.date | None:
    return value.date() if isinstance(value, dt.datetime) else value


def _plain(url: str) -> str:
    return url.replace("://www.", "://")


def compare(coded: list[dict[str, Any]], found: dict[str, People]) -> Scores:
    """Compare coded articles with the findings of the rules. Articles missing in the corpus are skipped."""
    scores = Scores()
    for article in coded:
        if (people := found.get(_plain(article["url"]))) is None:
            continue
        scores.coded += 1
        mentions, activities = people
        if "people" in article:
            _persons(scores, article, mentions)
        _events(scores, article, activities)
    return scores


def _persons(scores: Scores, article: dict[str, Any], mentions: list[Mention]) -> None:
    """Compare the names of the persons in an article, and the titles of those whom both have."""
    names = {mention.name for mention in mentions}
    persons = {united(person["name"]) for person in article["people"]}
    scores.score("people").add({name.lower() for name in names}, {name.lower() for name in persons})
    titles = {f"{m.name}: {_words(title)}" for m in mentions for title in m.titles if m.name in persons}
    written = {
        f"{united(p['name'])}: {_words(title)}"
        for p in article["people"]
        for title in p["titles"]
        if united(p["name"]) in names
    }
    scores.score("titles").add(titles, written)


def _events(scores: Scores, article: dict[str, Any], activities: list[Activity]) -> None:
    """Compare the events of an article by principal. Several of one principal are matched one to one."""
    coded = Counter(united(event["principal"]) for event in article["events"])
    found = Counter(activity.principal for activity in activities)
    both = coded & found
    score = scores.score("appearances")
    score.right += both.total()
    score.extra += (found - both).total()
    score.missing += (coded - both).total()
    if coded != found:
        ours, theirs = (", ".join(sorted(names.elements())) or None for names in (found, coded))
        scores.lines.append(f"{article['url']}: {ours}, coded {theirs}")
    for principal, number in both.items():
        pairs = sorted(
            product(
                (one for one in activities if one.principal == principal),
                (event for event in article["events"] if united(event["principal"]) == principal),
            ),
            key=lambda pair: _likeness(*pair),
            reverse=True,
        )
        for _ in range(number):
            activity, event = pairs[0]
            _details(scores, article["url"], event, activity)
            pairs = [pair for pair in pairs if pair[0] is not activity and pair[1] is not event]


def _likeness(activity: Activity, event: dict[str, Any]) -> tuple[bool, bool]:
    """Return whether the place and the day of an activity agree with a coded event."""
    places = bool(activity.place and event["place"]) and contains(activity.place or "", event["place"])
    return places, str(activity.day) == event["day"]


def _details(scores: Scores, url: str, event: dict[str, Any], activity: Activity) -> None:
    """Compare the kind, day, place and companions of an activity and its coded event."""
    found = {
        "kinds": (activity.kind, event["kind"]),
        "days": (str(activity.day), event["day"] or str(activity.day)),
        "places": (activity.place, event["place"]),
    }
    for name, (ours, theirs) in found.items():
        both = name == "places" and ours and theirs
        right = contains(str(ours), str(theirs)) if both else ours == theirs
        score = scores.score(name)
        score.right += right
        score.extra += not right
        score.missing += not right
        if not right:
            scores.lines.append(f"{url}: {name} {ours}, coded {theirs}")
    companions = {united(name) for name in event["companions"]}
    scores.score("companions").add(set(activity.companions), companions)
    if companions != set(activity.companions):
        differing = sorted(companions ^ set(activity.companions))
        scores.lines.append(f"{url}: companions differ in {', '.join(differing)}")


def _words(title: str) -> str:
    return " ".join(word for word in title.lower().split() if word not in ("the", "a", "an"))


def yearly(found: dict[str, People], titles: dict[str, str], person: str, year: int) -> int:
    """Return the number of appearances of a person in a year. Each event counts once."""
    reports = [
        Report(n, url, a.day, a.day_from, a.place, a.kind, a.confidence, a.companions, title=titles[url])
        for n, (url, (_, activities)) in enumerate(found.items())
        for a in activities
        if a.principal == person
    ]
    return sum(one.dated.day.year == year for one in grouped(reports))


def seconds(number: int) -> tuple[float, float]:
    """Return the seconds for the rules in one process, and for writing and grouping their results."""
    found = list(documents(number))
    texts = [source_of(document) for document in found]
    began = time.perf_counter()
    people = people_of(texts)
    rules = time.perf_counter() - began
    with tempfile.TemporaryDirectory(prefix="appearances-") as folder:
        writer = Writer(Path(folder) / "archive.sqlite")
        create(writer.base)
        writer.write(found, people=[([], [])] * len(found))
        began = time.perf_counter()
        with writer.base:
            writer.base.execute("BEGIN IMMEDIATE")
            writer.people.insert([writer.numbers[str(document["_id"])] for document in found], people)
            writer.people.group()
        written = time.perf_counter() - began
        writer.close()
    return rules, written


def rows(*, quick: bool = False, verbose: bool = False) -> list[Row]:
    """Return the rows of the table."""
    if not CORPUS.exists():
        raise SystemExit(f"the corpus is not beside this checkout ({CORPUS})")
    named = list(islice(sources(), _FEW if quick else None))
    found = dict(zip((url for url, _ in named), people_of([source for _, source in named]), strict=True))
    titles = {url: source[0] for url, source in named}
    table = []
    for file in sorted(GOLD.glob("*.jsonl")):
        coded = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        scores = compare(coded, found)
        if verbose:
            print(*scores.lines, sep="\n")
        table += [_scored(file.stem, name, score, scores.coded, quick) for name, score in scores.of.items()]
    for person, year in _COUNTED:
        number, counted = yearly(found, titles, person, year), _KINU.get(year)
        ratio = f"{number / counted:.2f}" if counted else ""
        table.append(Row("u", f"{person}, appearances in {year}", str(number), str(counted or ""), ratio))
    number = _FEW if quick else _MANY
    rules, written = seconds(number)
    met = None if quick else rules + written < _MOST_SECONDS
    text = f"{rules + written:.0f} s ({rules:.0f} s rules, {written:.0f} s tables)"
    return [
        *table,
        Row("u", f"persons and appearances of {number:,} articles", text, "", "", "under 60 s", met),
    ]


def _scored(file: str, name: str, score: Score, articles_coded: int, quick: bool) -> Row:
    """Return a row of the table. With `quick`, the bounds are not checked, as in the other benchmarks."""
    text = f"{score.precision:.3f} / {score.recall:.3f}"
    counts = f"{score.right} right, {score.extra} extra, {score.missing} missing"
    bound, met = "", None
    if name in _BOUNDS and file != _ERRORS:
        precision, recall = _BOUNDS[name]
        bound = f"{precision} / {recall}"
        met = None if quick else score.precision >= precision and score.recall >= recall
    return Row(
        "u", f"{file}: {name} in {articles_coded} articles, precision / recall", text, counts, "", bound, met
    )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    show(rows(quick=options.quick, verbose=options.verbose))
    return 0


if __name__ == "__main__":
    sys.exit(main())
