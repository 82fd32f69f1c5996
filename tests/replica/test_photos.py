"""Photos of kcna.kp against the replica: each once, with its bytes, in the right article, at both epochs."""

from __future__ import annotations

import hashlib
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.replica import truth
from tests.replica.conftest import Replica
from tests.replica.test_replica import Crawl, Start, asked

SMALL = ("--cojp-years", "", "--watch", "0", "--foreign", "5", "--kp", "100")
LANGUAGES = "language=en,kp,cn,ru,es,jp"
MODES = {
    "2026": ("--seed", "1"),
    "2026, other seed": ("--seed", "11"),
    "2024": ("--seed", "2", "--era", "2024"),
    "2026, faults": ("--seed", "3", "--faults", "0.3", "--kp", "60"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "photos"


def photographing(crawler: Crawl, running: Replica, folder: Path) -> Crawler:
    scrapy = crawler(running)
    scrapy.environment["FILES_STORE"] = str(folder)
    return scrapy


def crawl(scrapy: Crawler, *arguments: str) -> None:
    done = scrapy("crawl", "kcna_kp", "-a", "photos=1", *arguments, timeout=400)
    assert done.code == 0, done.output[-3000:]


def wrong_photos(running: Replica, archive: Archive, folder: Path, epoch: int) -> list[str]:
    """Return the differences from the truth, in photos of live stories and in the files on disk."""
    articles = {c["url"]: d for d in archive.database["articles"].find() for c in d["copies"]}
    found = []
    number = 0
    for story in truth.fetch(running.port, "truth"):
        urls = [url for some in story["urls"].values() for url in some]
        document: dict[str, Any] | None = next((articles[url] for url in urls if url in articles), None)
        if document is None:
            continue
        is_live = not (story["withdrawn"] and epoch > 1)
        want = {p["url"]: p["sha256"][epoch - 1] for p in story["photos"] if is_live}
        want = {url: sha256 for url, sha256 in want.items() if sha256}
        got = [(p["url"], p["sha256"]) for p in document.get("photos", []) if p["status"] == "live"]
        number += len(want)
        if sorted(got) != sorted(want.items()):
            found.append(f"{story['title']}: {got} instead of {want}")
    files = list(folder.rglob("*.jpg"))  # A kill may leave unfinished `.new-...` files there.
    found += [str(path) for path in files if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem]
    names = {path.stem for path in files}
    if names != {d["sha256"] for d in archive.database["photos"].find()}:
        found.append("the files are not those of the collection")
    if not number:
        found.append("no story has photos")
    return found


@pytest.mark.parametrize("options", MODES.values(), ids=MODES)
def test_both_epochs(
    replica: Start, crawler: Crawl, archive: Archive, folder: Path, options: tuple[str, ...]
) -> None:
    running = replica(*SMALL, *options)
    scrapy = photographing(crawler, running, folder)
    languages = () if "2024" in options else ("-a", LANGUAGES)
    crawl(scrapy, *languages)
    assert wrong_photos(running, archive, folder, 1) == []
    if "--faults" not in options:
        requests = asked(running, "/photo/") + asked(running, "/gallery/detail/")
        assert {url: number for url, number in requests.items() if number > 1} == {}
    truth.post(running.port, "forget=1")
    crawl(scrapy, *languages)
    assert not asked(running, "/photo/")
    truth.post(running.port, "epoch=2")
    crawl(scrapy, "-a", "recheck=36500", *languages)
    assert wrong_photos(running, archive, folder, 2) == []
    assert events(archive) == expected_events(running, archive)


def events(archive: Archive) -> Counter[tuple[str, str]]:
    return Counter(
        (event["kind"], event["url"])
        for document in archive.database["articles"].find()
        for event in document.get("events", [])
        if event["kind"].startswith("photo_")
    )


def expected_events(running: Replica, archive: Archive) -> Counter[tuple[str, str]]:
    """Return the expected events of the second epoch for the photos that were stored in the first."""
    stored = {c["url"] for d in archive.database["articles"].find() for c in d["copies"]}
    found: Counter[tuple[str, str]] = Counter()
    for story in truth.fetch(running.port, "truth"):
        if story["late"] or not stored & {url for some in story["urls"].values() for url in some}:
            continue
        for photo in story["photos"]:
            first, second = photo["sha256"]
            if first and (story["withdrawn"] or not second):
                found["photo_gone", photo["url"]] += 1
            elif first != second:
                found["photo_altered", photo["url"]] += 1
    return found


def test_two_crawls_at_once_and_kills(replica: Start, crawler: Crawl, archive: Archive, folder: Path) -> None:
    running = replica(*SMALL, "--seed", "5")
    scrapy = photographing(crawler, running, folder)
    chance = random.Random(5)
    arguments = ("crawl", "kcna_kp", "-a", "photos=1", "-a", LANGUAGES)
    for _ in range(6):
        process = scrapy.begin(*arguments)
        time.sleep(chance.uniform(1.5, 4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    both = [scrapy.begin(*arguments) for _ in range(2)]
    for process in both:
        process.communicate(300)
    assert [process.returncode for process in both] == [0, 0]
    assert wrong_photos(running, archive, folder, 1) == []
