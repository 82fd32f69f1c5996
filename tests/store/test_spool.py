"""What can't be written now is kept in files that are whole or not there, and comes back in order."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.exceptions import StoreAwayError
from kcna_spider.items import Listed, Presence, Reject
from kcna_spider.store.archive import Archive
from kcna_spider.store.spool import Spool, item_of, line_of
from kcna_spider.store.writer import SPOOLED, Waiting, Writer
from tests.conftest import snapshot_of
from tests.samples import an_article
from tests.servers import DatabaseServer

AT = dt.datetime(2024, 11, 12, 3, 4, 5, 678000, dt.UTC)
RAW = {"a": 1, "$when": AT, "x.y": ["\x00", "\u202e", {"b": None}]}


@pytest.mark.parametrize(
    "item",
    [
        an_article(),
        Reject("u", "s", "no_body", "d", RAW, AT, final=True),
        Listed(["u", "v"], ["c"], AT, "2024-11-11"),
        Presence("u", gone=True, at=AT),
    ],
    ids=lambda item: type(item).__name__,
)
def test_every_kind_comes_back_as_it_was(item: Any) -> None:
    assert item_of(line_of(item)) == item


def test_files_come_in_by_age_and_go_when_written(tmp_path: Path) -> None:
    first, second = Spool(tmp_path), Spool(tmp_path)
    first.add([Presence("1", gone=False, at=AT), Presence("2", gone=False, at=AT)])
    second.add([Presence("3", gone=False, at=AT)])
    first.add([Presence("4", gone=False, at=AT)])
    urls: list[str] = []
    assert Spool(tmp_path).bring_in(lambda items: urls.extend(item.url for item in items)) == 4
    assert urls == ["1", "2", "3", "4"]
    assert Spool(tmp_path).files() == []


def test_a_file_stays_until_it_is_written(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for url in ("1", "2"):
        spool.add([Presence(url, gone=False, at=AT)])

    def refuse_second(items: list[Any]) -> None:
        if items[0].url == "2":
            raise StoreAwayError("away")

    with pytest.raises(StoreAwayError):
        spool.bring_in(refuse_second)
    assert len(spool.files()) == 1


def test_a_damaged_line_is_named_and_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool = Spool(tmp_path)
    path = spool.add([Presence(url, gone=False, at=AT) for url in ("one", "two", "three")])
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[1].replace("two", "tow") + lines[2][:40])
    urls: list[str] = []
    spool.bring_in(lambda items: urls.extend(item.url for item in items))
    assert urls == ["one"]
    assert spool.damaged == 2
    assert "line 2, is damaged" in caplog.text
    assert [file.name for file in tmp_path.iterdir() if file.name != "lock"] == [path.with_suffix(".damaged").name]
    assert spool.bring_in(urls.extend) == 0


def test_a_line_of_another_version_is_named_and_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool = Spool(tmp_path)
    path = spool.add([Listed(["u"], ["c"], AT), Presence("two", gone=False, at=AT)])
    lines = path.read_text().splitlines(keepends=True)
    item = json.loads(lines[0])["item"].replace('"urls"', '"url"')
    path.write_text(json.dumps({"sha256": hashlib.sha256(item.encode()).hexdigest(), "item": item}) + "\n" + lines[1])
    urls: list[str] = []
    spool.bring_in(lambda items: urls.extend(item.url for item in items))
    assert urls == ["two"]
    assert "line 1, is damaged: it has other fields than this version writes" in caplog.text
    assert path.with_suffix(".damaged").exists()


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    """The kernel refuses what goes beyond a size, as a full disk does; a process of its own, since that can't be taken back."""
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, (2000, {resource.RLIM_INFINITY}))"
    code = f"""
import resource, signal, datetime as dt
from pathlib import Path
from kcna_spider.items import Presence
from kcna_spider.store.spool import Spool
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
{limit}
try:
    Spool(Path({str(tmp_path)!r})).add([Presence("u" * 100, True, dt.datetime.now(dt.UTC))] * 50)
except OSError as error:
    print("refused", error.errno)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "refused" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_outage_ends_with_the_same_database(tmp_path: Path) -> None:
    """Articles, an edit, a reject and a look, before, during and after; in order, and once."""
    url = "http://kcna.kp/en/article/detail/a"
    before = [an_article(url=url), an_article(url="http://x/2", title="Second", body="Another story of that day.")]
    during = [an_article(url=url, body="An edited text, of the second visit.", minutes=5), Reject("u", "s", "no_body", "d", RAW, AT)]
    after = [
        an_article(url=url, body="A text of the third visit, again another.", minutes=9),
        Presence("http://x/2", gone=True, at=AT.replace(year=2027)),
    ]
    found = []
    for outage in (False, True):
        with DatabaseServer(tmp_path / str(outage)) as server:
            archive = Archive(server.settings(wait_seconds=0.2))
            writer = Writer(archive, Spool(tmp_path / "spool"), Waiting(0.2, 0.1))
            writer.write(before)
            if outage:
                server.kill()
                assert writer.write(during[:1]) == [SPOOLED]
                assert writer.write(during[1:]) == [SPOOLED]
                assert len(writer.spool.files()) == 2
                server.start()
            else:
                writer.write(during)
            assert SPOOLED not in writer.write(after)
            assert writer.spool.files() == []
            found.append((snapshot_of(archive), [(r["times"], r["raw"]) for r in archive.rejects.find()]))
            archive.close()
    assert found[0] == found[1]
    assert len(found[0][0]["revisions"]) == 4


def test_a_spool_that_was_brought_in_before_changes_nothing(tmp_path: Path, archive: Archive) -> None:
    items = [an_article(), Reject("u", "s", "no_body", "d", RAW, AT)]
    spool = Spool(tmp_path)
    for _ in range(2):
        spool.add(items)
        spool.bring_in(archive.write)
    assert archive.database.articles.count_documents({}) == archive.database.revisions.count_documents({}) == 1
    assert archive.rejects.find_one({}, {"times": 1, "_id": 0}) == {"times": 1}
