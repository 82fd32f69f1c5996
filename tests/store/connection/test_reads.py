"""Documents are read in order and once, even if the cursor or the connection is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.calls import RetryPolicy
from kcna_spider.store.connection.client import Connection, StoreSettings
from kcna_spider.store.connection.reads import ends_of, in_order
from tests.conftest import empty_database
from tests.interruptions import INTERRUPTIONS, Once, settings_of
from tests.mongodb_proxy import Action, MongodbProxy, Refuse

NUMBER = 1_300  # These are several batches of a cursor, and of `in_order`.


@pytest.fixture(scope="module")
def things(server: Connection) -> Iterator[StoreSettings]:
    """Yield settings of a database that the tests of this module only read."""
    with empty_database(server) as settings:
        with closing(Connection(settings)) as connection:
            collection = connection.database["things"]
            collection.create_index([("day", 1), ("_id", 1)])
            # Each day has several documents, which are not in the order of their identifiers.
            collection.insert_many([{"_id": n * 7 % NUMBER, "day": n // 40, "n": n} for n in range(NUMBER)])
        yield settings


@pytest.fixture
def proxy(things: StoreSettings) -> Iterator[MongodbProxy]:
    with MongodbProxy(things) as running:
        yield running


@pytest.fixture
def connection(proxy: MongodbProxy) -> Iterator[Connection]:
    with closing(Connection(settings_of(proxy))) as opened:
        yield opened


def read(connection: Connection, field: str) -> list[Any]:
    retry = RetryPolicy(connection, 30)
    query: dict[str, Any] = {} if field == "_id" else {"day": {"$gte": 0, "$lt": 99}}
    return [d["_id"] for d in in_order(connection.database["things"], query, field, retry=retry)]


@pytest.mark.parametrize("field", ["_id", "day"])
@pytest.mark.parametrize("action", INTERRUPTIONS.values(), ids=INTERRUPTIONS)
def test_nothing_twice_and_nothing_missing(
    proxy: MongodbProxy, connection: Connection, action: Action, field: str
) -> None:
    documents = list(connection.database["things"].find())
    expected = [d["_id"] for d in sorted(documents, key=lambda d: (d[field], d["_id"]))]
    proxy.rule = count = Once(Refuse(1), "none")
    assert read(connection, field) == expected
    batches = count.seen["getMore"]
    assert batches >= 2
    for name, number in (("find", 1), ("getMore", 1), ("getMore", batches)):
        proxy.rule = once = Once(action, name, number)
        assert read(connection, field) == expected, (name, number)
        assert once.happened


def test_a_lost_cursor_is_no_outage(
    proxy: MongodbProxy, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.rule = Once(Refuse(43), "getMore")
    assert len(read(connection, "_id")) == NUMBER
    assert caplog.messages == []


def test_another_error_is_raised(proxy: MongodbProxy, connection: Connection) -> None:
    proxy.rule = Once(Refuse(13, "not authorized"), "getMore")
    with pytest.raises(OperationFailure, match="not authorized"):
        read(connection, "_id")


def test_a_reader_that_has_enough_leaves_no_cursor(proxy: MongodbProxy, connection: Connection) -> None:
    documents = in_order(connection.database["things"], {})
    assert next(documents)["_id"] == 0
    documents.close()  # type: ignore[attr-defined]
    assert proxy.commands["killCursors"] == 1


@pytest.mark.parametrize(
    "days",
    [
        [dt.datetime(1997, 1, 1, tzinfo=dt.UTC)],
        [dt.datetime(1, 1, 1, tzinfo=dt.UTC), dt.datetime(2024, 4, 2, tzinfo=dt.UTC)],
        [dt.datetime(1946, 12, 5, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, tzinfo=dt.UTC)],
        [dt.datetime(2024, 4, 2, hour, tzinfo=dt.UTC) for hour in range(24)],
        [],
    ],
)
def test_the_ends_of_a_time(archive: Archive, days: list[dt.datetime]) -> None:
    times = archive.database["times"]
    times.create_index("seen")
    if days:
        times.insert_many([{"seen": day} for day in sorted(days, key=lambda day: day.minute - day.hour % 7)])
    assert ends_of(times, "seen") == ((min(days), max(days)) if days else None)
