"""`scrapy index --follow` continues after an outage, with a change stream and without one."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest

from kcna_spider.search.build import rebuild
from kcna_spider.search.follow import follow
from kcna_spider.search.tables import ArchiveFileError
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.interruptions import INTERRUPTIONS, Once, settings_of
from tests.mongodb_proxy import Action, MongodbProxy, Refuse
from tests.processes import wait_until
from tests.search.test_build import agrees, count, write

NO_REPLICA_SET = Refuse(40573, "The $changeStream stage is only supported on replica sets")


@pytest.mark.parametrize("stream", [True, False], ids=["change stream", "polling"])
@pytest.mark.parametrize("kind", ["11602", "43", "dropped", "dropped after execution"])
def test_no_change_is_missed(
    store: StoreSettings, archive: Archive, tmp_path: Path, kind: str, stream: bool
) -> None:
    path = tmp_path / "archive.sqlite"
    write(archive, 1)
    rebuild(archive.database, path, "a test", lambda _: None)
    interrupt = Once(INTERRUPTIONS[kind], "getMore" if stream else "find", 4)

    def rule(name: str, command: dict[str, object]) -> Action | None:
        if name == "aggregate" and not stream:
            return NO_REPLICA_SET
        return interrupt(name, command)

    stopping = threading.Event()
    with MongodbProxy(store) as proxy, closing(Archive(settings_of(proxy))) as through:
        proxy.rule = rule
        arguments = (through.database, path, "a test", stopping.is_set, through.retry)
        thread = threading.Thread(target=follow, args=arguments)
        thread.start()
        try:
            write(archive, 2)
            wait_until(lambda: interrupt.happened and count(path, "bakery") == 2)
            write(archive, 3)
            wait_until(lambda: count(path, "bakery") == 3)
        finally:
            stopping.set()
            thread.join(20)
    assert not thread.is_alive()
    assert agrees(archive, path)


def test_a_file_that_is_deleted_meanwhile(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    write(archive, 1)
    rebuild(archive.database, path, "a test", lambda _: None)

    def delete() -> bool:
        path.unlink(missing_ok=True)
        return False

    with pytest.raises(ArchiveFileError, match="deleted or replaced"):
        follow(archive.database, path, "a test", delete)
