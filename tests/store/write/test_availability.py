"""The articles that are due, and the changes when a URL is gone or back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kcna_spider.items import AvailabilityCheck
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.samples import AT, an_article, article
from tests.store.write.test_lock import proxied

URL, OTHER = "http://www.kcna.kp/en/article/detail/1", "https://kcnawatch.org/newstream/1710052200-1/a/"
LATER = AT + dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("days_old", "looked", "days", "expected"),
    [
        (10, 0, 30, True),
        (31, 6, 30, False),
        (31, 7, 30, True),
        (365, 36, 30, False),
        (365, 37, 30, True),
        (3650, 364, 30, False),
        (3650, 366, 30, True),
        (3650, 0, 20_000, True),
    ],
)
def test_the_schedule(archive: Archive, days_old: int, looked: int, days: int, expected: bool) -> None:
    day = AT.date() - dt.timedelta(days=days_old)
    decide_and_write(
        archive, [article(at=AT - dt.timedelta(days=looked), day=f"[{day.year}.{day.month}.{day.day}.]")]
    )
    assert [due.page for due in archive.due_pages("kcna.kp", days, AT)] == ([URL] if expected else [])
    assert not list(archive.due_pages("kcnawatch.org", days, AT))


def test_parts_of_one_page_are_one_look(archive: Archive) -> None:
    page = "http://www.kcna.co.jp/item/1997/9701/news1/15.htm"
    for n in (1, 2, 3):
        decide_and_write(
            archive, [article(f"{page}#{n}", title=f"Title {n}", paragraphs=[f"Text number {n}."])]
        )
    looks = list(archive.due_pages("kcna.co.jp", 20_000, AT))
    assert [(look.page, sorted(look.days)) for look in looks] == [(page, [f"{page}#{n}" for n in (1, 2, 3)])]


def test_nothing_stored(archive: Archive) -> None:
    assert list(archive.due_pages("kcna.kp", 30, AT)) == []
    assert archive.record_availability([AvailabilityCheck(URL, gone=True, at=AT)]) == ["unknown"]


def test_gone_and_back(archive: Archive) -> None:
    decide_and_write(archive, [article(), article(OTHER)])
    assert archive.record_availability([AvailabilityCheck(URL, gone=True, at=LATER)]) == ["gone"]
    document = archive.database["articles"].find_one()
    assert document is not None
    assert [(c["status"], c["gone_at"]) for c in document["copies"]] == [("gone", LATER), ("live", None)]
    assert document["withdrawn_at"] is None
    archive.record_availability([AvailabilityCheck(OTHER, gone=True, at=LATER)])
    document = archive.database["articles"].find_one()
    assert document is not None
    assert document["withdrawn_at"] == LATER
    assert archive.record_availability(
        [AvailabilityCheck(OTHER, gone=False, at=LATER + dt.timedelta(hours=1))]
    ) == ["back"]
    document = archive.database["articles"].find_one()
    assert document is not None
    assert document["withdrawn_at"] is None
    assert archive.record_availability([AvailabilityCheck(OTHER, gone=False, at=LATER)]) == ["there"]


def test_the_text_of_the_copy_that_is_left(archive: Archive) -> None:
    """Check that the text of kcna.kp is current until that copy is gone, then another copy's."""
    decide_and_write(archive, [article(OTHER)])
    decide_and_write(archive, [article()])
    decide_and_write(archive, [article(at=LATER, title="New Bakery Opened Again")])
    document = archive.database["articles"].find_one()
    assert document is not None
    assert (document["title"], document["revision"]) == ("New Bakery Opened Again", 2)
    archive.record_availability([AvailabilityCheck(URL, gone=True, at=LATER)])
    document = archive.database["articles"].find_one()
    assert document is not None
    assert (document["title"], document["revision"]) == ("New Bakery Opened", 1)
    archive.record_availability([AvailabilityCheck(OTHER, gone=True, at=LATER)])
    document = archive.database["articles"].find_one()
    assert document is not None
    assert document["title"] == "New Bakery Opened", "a withdrawal changed the text"


def test_a_batch_of_checks_is_few_commands(archive: Archive, store: StoreSettings) -> None:
    stories = [an_article(f"{URL}{n}", f"Story {n}", f"Text number {n}, unlike others.") for n in range(100)]
    decide_and_write(archive, stories)
    checks = [AvailabilityCheck(story.url, gone=n % 2 == 0, at=LATER) for n, story in enumerate(stories)]
    with proxied(store) as (proxy, opened):
        proxy.commands.clear()
        outcomes = opened.record_availability([*checks, AvailabilityCheck("http://x/", gone=True, at=LATER)])
        assert sum(proxy.commands[name] for name in ("find", "getMore", "update")) <= 5
    assert outcomes == ["gone", "there"] * 50 + ["unknown"]
    articles = archive.database["articles"]
    assert articles.count_documents({"withdrawn_at": LATER, "copies.status": "gone"}) == 50
    assert articles.count_documents({"last_seen": LATER, "copies.status": "live"}) == 50


def test_checks_of_one_article_in_one_batch(archive: Archive) -> None:
    """Check that a batch has the result of single checks in the same order."""
    decide_and_write(archive, [article(), article(OTHER)])
    later = LATER + dt.timedelta(hours=1)
    checks = [
        AvailabilityCheck(URL, gone=True, at=LATER),
        AvailabilityCheck(OTHER, gone=True, at=LATER),
        AvailabilityCheck(URL, gone=False, at=later),
    ]
    assert archive.record_availability(checks) == ["gone", "gone", "back"]
    (document,) = archive.database["articles"].find()
    assert [event["kind"] for event in document["events"]] == ["gone", "withdrawn", "restored"]
    assert (document["last_seen"], document["withdrawn_at"]) == (later, None)


def test_a_check_that_another_writer_overtakes_is_made_again(archive: Archive, store: StoreSettings) -> None:
    decide_and_write(archive, [article(), an_article(f"{URL}2", "Other", "Quite another text.")])
    overtaken: list[str] = []

    def rule(name: str, command: dict[str, Any]) -> None:
        if name == "update" and not overtaken:
            overtaken.extend(decide_and_write(archive, [article(OTHER, at=LATER)]))

    with proxied(store) as (proxy, opened):
        proxy.rule = rule
        checks = [AvailabilityCheck(url, gone=True, at=LATER) for url in (URL, f"{URL}2")]
        assert opened.record_availability(checks) == ["gone", "gone"]
    assert overtaken == ["copied"]
    document = archive.database["articles"].find_one({"copies.url": URL})
    assert document
    assert [(copy["url"], copy["status"]) for copy in document["copies"]] == [(URL, "gone"), (OTHER, "live")]
    assert [event["kind"] for event in document["events"]] == ["gone"]
