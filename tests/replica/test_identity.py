"""One article per story, with all sites in one database, and after a second visit.

At the second visit, some stories are edited, withdrawn or late.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kcna_spider.store.archive import Archive
from tests.conftest import Crawler, snapshot_of
from tests.replica import truth
from tests.replica.conftest import Replica

Start = Callable[..., Replica]
Crawl = Callable[[Replica], Crawler]
ALL = ("kcna.kp/q", "kcna.kp", "kcna.co.jp", "kcnawatch.org")
LANGUAGES = ["-a", "language=en,kp,cn,ru,es,jp"]


def crawl_all(replica: Replica, scrapy: Crawler, *arguments: str) -> None:
    """Crawl all sites, kcna.kp in both of its layouts."""
    truth.post(replica.port, "era=2024")
    assert scrapy("crawl", "kcna_kp", *arguments).code == 0
    truth.post(replica.port, "era=2026")
    assert scrapy("crawl", "kcna_kp", *LANGUAGES, *arguments).code == 0
    for spider in ("kcna_co_jp", "kcnawatch"):
        assert scrapy("crawl", spider, *arguments).code == 0


def reachable(stories: list[truth.Story], epoch: int) -> list[truth.Story]:
    """Return the stories that some site lists."""
    found: dict[str, truth.Story] = {}
    for keys in (("kcna.kp",), ("kcna.kp/q",), ("kcna.co.jp",), ("kcnawatch.org",)):
        found |= {story["id"]: story for story in truth.live(stories, keys, epoch)}
    return list(found.values())


def unlisted(story: truth.Story, key: str) -> bool:
    """Return whether a story on kcna.kp is only in categories that no listing shows."""
    return key.startswith("kcna.kp") and not truth.live([story], (key,), 2 if story["late"] else 1)


def expected_keys(story: truth.Story) -> tuple[str, ...]:
    """Return the sites whose URLs of a story can be found."""
    return tuple(key for key in ALL if story["urls"].get(key) and not unlisted(story, key))


def state(archive: Archive) -> dict[str, dict[str, Any]]:
    """Return the article of each URL."""
    return {c["url"]: d for d in archive.database["articles"].find() for c in d["copies"]}


@pytest.mark.parametrize(
    "options",
    [("--seed", "1"), ("--seed", "6", "--cojp-years", "2000,2011,2017", "--kp", "350")],
    ids=["default", "other"],
)
def test_all_sites_and_a_second_visit(
    replica: Start, crawler: Crawl, archive: Archive, options: tuple[str, ...]
) -> None:
    running = replica("--cojp-days", "6", *options)
    scrapy = crawler(running)
    crawl_all(running, scrapy)
    stories = truth.fetch(running.port, "truth")
    first = state(archive)
    check_one_document_a_story(first, archive, reachable(stories, 1))
    assert all(d["changed_at"] is None and d["withdrawn_at"] is None for d in first.values())

    truth.post(running.port, "epoch=2")
    crawl_all(running, scrapy, "-a", "recheck=20000")
    second = state(archive)
    was_live = [story for story in stories if not story["late"]]
    check_one_document_a_story(
        second, archive, reachable(stories, 2) + [s for s in reachable(stories, 1) if s["withdrawn"]]
    )
    for story in reachable(was_live, 1) + reachable([s for s in stories if s["late"]], 2):
        document = second[next(url for key in expected_keys(story) for url in truth.wanted(story, key))]
        assert (document["withdrawn_at"] is not None) == story["withdrawn"], story["id"]
        assert (document["changed_at"] is not None) == bool(
            story["edited"] and not story["late"] and not story["withdrawn"]
        ), story["id"]
        if document["changed_at"]:
            assert document["body"].endswith("The text was amended afterwards.")
            kept = {r["number"]: r for r in archive.database["revisions"].find({"article": document["_id"]})}
            assert kept[1]["body"] + " The text was amended afterwards." == document["body"] or any(
                r["body"] + " The text was amended afterwards." == document["body"] for r in kept.values()
            )
            assert any(not r["trivial"] for number, r in kept.items() if number > 1)

    before = snapshot_of(archive)
    crawl_all(running, scrapy, "-a", "recheck=20000")
    assert snapshot_of(archive) == before, "a third visit changed the archive"


def check_one_document_a_story(
    stored: dict[str, dict[str, Any]], archive: Archive, stories: list[truth.Story]
) -> None:
    """Check that each story is one article with all its URLs, and that there are no other articles."""
    owners: dict[Any, str] = {}
    wrong = []
    for story in stories:
        urls = [url for key in expected_keys(story) for url in truth.wanted(story, key)]
        missing = [url for url in urls if url not in stored]
        documents = {stored[url]["_id"] for url in urls if url in stored}
        if missing:
            wrong.append(f"{story['id']}: not stored: {missing}")
        if len(documents) > 1:
            wrong.append(f"{story['id']} {story['title']}: split: {urls}")
        wrong += [
            f"{story['id']} and {owners[d]} are one article"
            for d in documents
            if owners.get(d, story["id"]) != story["id"]
        ]
        owners |= dict.fromkeys(documents, story["id"])
    assert wrong == []
    assert archive.database["articles"].count_documents({}) == len(owners)


def test_four_crawls_at_once(replica: Start, crawler: Crawl, archive: Archive) -> None:
    running = replica("--cojp-days", "3", "--kp", "200", "--watch", "200")
    scrapy = crawler(running)
    commands = (["kcna_kp", *LANGUAGES], ["kcna_co_jp"], ["kcnawatch"], ["kcna_kp"])
    processes = [scrapy.begin("crawl", *command) for command in commands]
    assert [(process.communicate()[0], process.returncode)[1] for process in processes] == [0, 0, 0, 0]
    together = comparable(archive)
    archive.database.client.drop_database(archive.database.name)
    for command in commands:
        assert scrapy("crawl", *command).code == 0
    assert comparable(archive) == together


def comparable(archive: Archive) -> dict[str, Any]:
    """Return the snapshot without the numbers of revisions, which depend on the order of the crawls."""
    held = snapshot_of(archive)
    for article in held["articles"].values():
        del article["revision"], article["published_from"]
        article["copies"] = [(url, status, published) for url, status, _, published in article["copies"]]
    texts = sorted(
        (key[0], title, body, sources) for key, (title, body, _, sources) in held["revisions"].items()
    )
    return {"articles": held["articles"], "texts": texts, "rejects": held["rejects"]}
