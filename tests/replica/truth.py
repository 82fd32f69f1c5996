"""Comparison of a database with the replica's truth: every live story once, with all fields and all URLs."""

from __future__ import annotations

import json
import re
import sys
import urllib.request
from collections import defaultdict
from functools import cache
from typing import Any

from tests.replica.conftest import REPLICA

Story = dict[str, Any]
SITE_KEYS = {
    "kcnawatch.org": "kcnawatch.org",
    "kcna.kp": "kcna.kp",
    "kcna.kp/q": "kcna.kp",
    "kcna.co.jp": "kcna.co.jp",
}


@cache
def listed_categories() -> frozenset[str]:
    """Return the categories in the replica's menus; stories that are only in others cannot be reached."""
    sys.path.insert(0, str(REPLICA.parent))
    import sites

    return frozenset(sites.KP_CATEGORIES)


def fetch(port: int, name: str) -> list[Story]:
    """Return the lines of one of the replica's control pages."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/__replica__/{name}") as answer:
        return [json.loads(line) for line in answer.read().decode().splitlines()]


def post(port: int, query: str) -> None:
    """Change the replica while it runs."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(
        urllib.request.Request(f"http://127.0.0.1:{port}/__replica__/set?{query}", method="POST")
    ).close()


def live(
    stories: list[Story], keys: tuple[str, ...], epoch: int, languages: tuple[str, ...] | None = None
) -> list[Story]:
    """Return the stories that a crawl of these sites can reach."""
    found = []
    for story in stories:
        if (
            (story["withdrawn"] and epoch > 1)
            or (story["late"] and epoch < 2)
            or not any(story["urls"].get(key) for key in keys)
        ):
            continue
        if keys in (("kcna.kp",), ("kcna.kp/q",)):
            code = _code(story)
            if (code == "en" and not listed_categories() & set(story["categories"])) or (
                languages and code not in languages
            ):
                continue
        found.append(story)
    return found


def _code(story: Story) -> str:
    """Return the language code in a story's URL on kcna.kp."""
    return next(iter(story["urls"]["kcna.kp"])).split("/")[3]


def problems(database: Any, stories: list[Story], keys: tuple[str, ...], epoch: int = 1) -> list[str]:
    """Return one line per difference from the truth.

    stories: the stories that the database must have, and no others.
    """
    by_url = {}
    for document in database.articles.find():
        for entry in document["copies"]:
            by_url[entry["url"]] = document
    wrong: list[str] = []
    owners: dict[Any, list[str]] = defaultdict(list)
    for story in stories:
        urls = [url for key in keys for url in wanted(story, key)]
        documents = {by_url[url]["_id"]: by_url[url] for url in urls if url in by_url}
        missing = [url for url in urls if url not in by_url]
        if missing:
            wrong.append(f"{story['id']}: not stored: {missing}")
        if len(documents) > 1:
            wrong.append(f"{story['id']}: split into {len(documents)} articles: {urls}")
        for document in documents.values():
            owners[document["_id"]].append(story["id"])
            wrong += [f"{story['id']} {urls[0]}: {line}" for line in _fields(document, story, keys, epoch)]
    wrong += [f"{key}: merged from {ids}" for key, ids in owners.items() if len(ids) > 1]
    extra = database.articles.count_documents({}) - len(owners)
    if extra:
        strangers = [
            d for d in database.articles.find({}, {"title": 1, "copies.url": 1}) if d["_id"] not in owners
        ]
        wrong.append(f"{extra} articles too many: {strangers[:3]}")
    return wrong


def wanted(story: Story, key: str) -> list[str]:
    urls: list[str] = story["urls"].get(key, [])
    if key == "kcna.kp/q":  # There is one URL per category, in the order of the categories.
        return [
            url
            for url, category in zip(urls, story["categories"], strict=False)
            if category in listed_categories()
        ]
    return urls


def _fields(document: dict[str, Any], story: Story, keys: tuple[str, ...], epoch: int) -> list[str]:
    wrong = []
    paragraphs = without_end_mark(story["edited"] if epoch > 1 and story["edited"] else story["paragraphs"])
    line = document["dateline"] or {}
    stored = document["body"].split("\n\n")
    whole = _squeezed((line.get("raw") or "") + document["body"])
    if whole != _squeezed("".join(paragraphs)):
        wrong.append(f"body {document['body'][:80]!r} is not {paragraphs[0][:80]!r}")
    if len(paragraphs) > 1 and [_unspaced(p) for p in stored[1 - len(paragraphs) :]] != [
        _unspaced(separated(p)) for p in paragraphs[1:]
    ]:
        pairs = zip(stored[1 - len(paragraphs) :], paragraphs[1:], strict=False)
        first = next(
            (pair for pair in pairs if pair[0] != separated(pair[1])), (len(stored), len(paragraphs))
        )
        wrong.append(f"paragraphs differ: {first}")
    expected = {"title": separated(story["title"]), "language": story["language"]}
    if story["place"]:
        expected |= {
            "place": place(story["place"]),
            "agency": story["agency"],
            "date": story["dateline_date"],
        }
    days = {story["days"].get(SITE_KEYS[key], story["published"]) for key in keys if story["urls"].get(key)}
    expected["published"] = min(days)
    date = line.get("date")
    got = {
        "title": document["title"],
        "language": document["language"],
        "place": line.get("place"),
        "agency": line.get("agency"),
        "date": date and date.date().isoformat(),
        "published": document["published"].date().isoformat(),
    }
    if keys in (("kcna.kp",), ("kcna.kp/q",)):
        listed = sorted(c for c in story["categories"] if c in listed_categories() or _code(story) != "en")
        expected["categories"], got["categories"] = listed, sorted(document["categories"])
    return wrong + [
        f"{name} {got[name]!r} is not {value!r}" for name, value in expected.items() if got[name] != value
    ]


def without_end_mark(paragraphs: list[str]) -> list[str]:
    """Return the paragraphs without the end mark of the report, as in the store.

    The truth has it in sixteen texts of kcna.co.jp.
    """
    return [*paragraphs[:-1], re.sub(r"\s*-0-$", "", paragraphs[-1])]


def separated(text: str) -> str:
    """Return a text with a space before each leader's name, as in the store.

    The truth has a dozen misprints of 1997 without one.
    """
    return re.sub(r"(?<=[A-Za-z])(?=Kim (?:Il Sung|Jong Il|Jong Un|Jong Suk))", " ", text)


def place(place: str) -> str:
    """Return the normal spelling of a place that the truth has with a misprint."""
    misprints = {"yongyang", "pyongyng", "ppyongyang", "pyongang", "pyongyang."}
    if place.lower() in misprints:
        return "Pyongyang"
    return place.title() if place.isupper() or place.islower() else place


def _unspaced(paragraph: str) -> str:
    """Return a paragraph without spaces after semicolons.

    The replica's hard-wrapped pages have none there, and the text of a page is kept.
    """
    return paragraph.replace("; ", ";")


def _squeezed(text: str) -> str:
    return "".join(text.split())


def wrong(
    replica: Any, archive: Any, keys: tuple[str, ...], languages: tuple[str, ...] | None = None
) -> list[str]:
    """Return the differences from the truth."""
    stories = live(fetch(replica.port, "truth"), keys, 1, languages)
    assert len(stories) > 50
    return problems(archive.database, stories, keys)
