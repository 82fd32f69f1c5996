"""Re-parses of the project's WARC files: equal articles, kills, damaged files and other programs' files."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from warcio.cli import main as warcio

from kcna_spider.archives.exchange import RecordLocation
from kcna_spider.archives.stored_record import read_record
from kcna_spider.archives.warc_files import WarcFile, warc_files
from kcna_spider.archives.warc_reader import records
from kcna_spider.sample_site.kcna_co_jp_pages import cojp_url
from kcna_spider.sample_site.site_http import PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import OLD
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler, snapshot_of
from tests.held_site import held_once
from tests.processes import wait_until

LANGUAGES = ("-a", "language=en,ko,zh,ru,es,ja")
CRAWLS = {"kcnawatch": (), "kcna_kp": LANGUAGES, "kcna_co_jp": (), "wayback": ("-a", "site=kcna.kp")}


@pytest.fixture
def other(store: StoreSettings) -> StoreSettings:
    """Return settings of a second empty database."""
    return StoreSettings(uri=store.uri, database=f"{store.database}_2")


def check(folder: Path) -> None:
    """Check every file with `warcio check`."""
    with pytest.raises(SystemExit) as ended:
        warcio(["check", *(str(file.path) for file in warc_files(folder))])
    assert ended.value.code == 0


def parsed(
    path: Path, scrapy: Crawler, other: StoreSettings, *arguments: str, code: int | None = 0
) -> tuple[dict[str, Any], str]:
    """Re-parse WARC files without network; return the snapshot of the archive, and the output."""
    reading = Crawler(other, "http://127.0.0.1:9")
    crawl = reading("reparse", str(path), *arguments)
    assert code is None or crawl.code == code, crawl.output
    archive = Archive(other)
    found = snapshot_of(archive)
    archive.close()
    return found, crawl.output


def captures(archive: Archive) -> dict[str, str | None]:
    """Return the URL of the capture of each copy."""
    return {
        copy["url"]: copy["capture"] and copy["capture"]["url"]
        for document in archive.database["articles"].find()
        for copy in document["copies"]
    }


@pytest.mark.parametrize("spider", CRAWLS)
def test_the_same_articles_again(
    spider: str, scrapy: Crawler, archive: Archive, other: StoreSettings, tmp_path: Path
) -> None:
    assert scrapy("crawl", spider, *CRAWLS[spider], "-s", f"WARC_DIR={tmp_path}").code == 0
    check(tmp_path)
    first = snapshot_of(archive)
    again, _ = parsed(tmp_path, scrapy, other)
    assert again["articles"] == first["articles"]
    assert again["revisions"] == first["revisions"]
    with closing(Archive(other)) as reparsed:
        assert captures(reparsed) == captures(archive)
    assert any(captures(archive).values()) == (spider == "wayback")
    for document in archive.database["articles"].find():
        for copy in document["copies"]:
            place = copy["record"]
            shown = read_record(tmp_path, RecordLocation(place["file"], place["offset"]), copy["url"], 10**6)
            assert shown.agrees, "the stored record does not contain the page"
            record = next(
                r
                for r in records(WarcFile(tmp_path / place["file"]), 10**7)
                if r.location.offset == place["offset"]
            )
            assert copy["url"].partition("#")[0] in (
                record.url,
                record.url.partition("id_/")[2].replace(":/", "://"),
            )
            assert copy["last_seen"] == record.at or copy["capture"]


def test_edits_and_withdrawals_too(
    scrapy: Crawler, archive: Archive, site: SampleSite, other: StoreSettings, tmp_path: Path
) -> None:
    warc = ("-s", f"WARC_DIR={tmp_path}")
    scrapy("crawl", "kcna_co_jp", *warc)
    scrapy("crawl", "kcnawatch", *warc)
    site.world.epoch = 2
    scrapy("crawl", "kcnawatch", "-a", "recheck=9999", *warc)
    assert len(warc_files(tmp_path)) == 3
    first = snapshot_of(archive)
    assert {status for a in first["articles"].values() for _, status, *_ in a["copies"]} == {"live", "gone"}
    assert {revision for a in first["articles"].values() for _, _, revision, _ in a["copies"]} == {1, 2}
    again, _ = parsed(tmp_path, scrapy, other)
    assert again["articles"] == first["articles"]
    assert again["revisions"] == first["revisions"]


def test_into_the_same_database_nothing_changes(
    scrapy: Crawler, archive: Archive, tmp_path: Path, snapshot: Callable[[], dict[str, Any]]
) -> None:
    scrapy("crawl", "kcna_kp", "-s", f"WARC_DIR={tmp_path}")
    before, documents = snapshot(), list(archive.database["articles"].find())
    assert Crawler(scrapy.store, "http://127.0.0.1:9")("reparse", str(tmp_path)).code == 0
    assert snapshot() == before
    assert [d["copies"] for d in archive.database["articles"].find()] == [d["copies"] for d in documents]


def test_read_by_other_code_is_no_edit(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    """Check that a re-parse after a layout was fixed replaces the text and records no edit."""
    scrapy("crawl", "kcna_kp", "-s", f"WARC_DIR={tmp_path}")
    document = archive.database["articles"].find_one({"dateline": {"$ne": None}})
    assert document
    wrong = {"title": "Misread", "texts": [{"hash": "0" * 24, "form": "0" * 24}]}
    archive.database["articles"].update_one({"_id": document["_id"]}, {"$set": wrong})
    crawl = Crawler(scrapy.store, "http://127.0.0.1:9")("reparse", str(tmp_path))
    assert crawl.code == 0
    assert "'store/reread': 1" in crawl.output
    reread = archive.database["articles"].find_one({"_id": document["_id"]})
    assert reread
    assert (reread["title"], reread["revision"], reread["changed_at"]) == (document["title"], 2, None)
    assert reread["copies"][0]["history"] == []


def test_after_a_kill(
    scrapy: Crawler, archive: Archive, site: SampleSite, other: StoreSettings, tmp_path: Path
) -> None:
    with held_once(site, lambda: len(site.log) > 12):
        process = scrapy.begin("crawl", "kcna_co_jp", "-s", f"WARC_DIR={tmp_path}")
        wait_until(lambda: len(site.log) > 12 and archive.database["articles"].count_documents({}), process)
        process.kill()
        assert process.wait(60) == -signal.SIGKILL
    assert list(tmp_path.glob("*.open"))
    check(tmp_path)
    again, _ = parsed(tmp_path, scrapy, other, code=None)
    stored = {url for a in snapshot_of(archive)["articles"].values() for url, *_ in a["copies"]}
    assert stored <= {url for a in again["articles"].values() for url, *_ in a["copies"]}, (
        "an article was stored without its record"
    )
    crawl = scrapy("crawl", "kcna_co_jp", "-s", f"WARC_DIR={tmp_path}")
    assert crawl.code == 0
    assert "A killed crawl left" in crawl.output
    assert not list(tmp_path.glob("*.open"))
    check(tmp_path)


def test_days_and_a_limit(scrapy: Crawler, other: StoreSettings, tmp_path: Path) -> None:
    scrapy("crawl", "kcna_co_jp", "-s", f"WARC_DIR={tmp_path}")
    again, _ = parsed(tmp_path, scrapy, other, "--until", "1997-12-31", "--limit", "2")
    assert len(again["articles"]) == 2
    assert {a["published"].year for a in again["articles"].values()} == {1997}


def test_a_damaged_file_costs_only_itself(
    scrapy: Crawler, archive: Archive, other: StoreSettings, tmp_path: Path
) -> None:
    scrapy("crawl", "kcna_kp", "-s", f"WARC_DIR={tmp_path}")
    (tmp_path / "broken.warc.gz").write_bytes(b"no WARC file at all\n" * 9)
    again, output = parsed(tmp_path, scrapy, other, code=1)
    assert again["articles"] == snapshot_of(archive)["articles"]
    assert "broken.warc.gz, byte 0: no WARC record" in output
    assert "reparse: unread_records." in output
    assert {reason for _, reason in again["rejects"]} == {"bad_record"}


def test_what_stands_before_the_damage_is_read(
    scrapy: Crawler, archive: Archive, other: StoreSettings, tmp_path: Path
) -> None:
    scrapy("crawl", "kcna_kp", "-s", f"WARC_DIR={tmp_path}")
    (file,) = warc_files(tmp_path)
    data, places = file.path.read_bytes(), [record.location.offset for record in records(file, 10**7)]
    # This damages the last record and adds zeros after it.
    file.path.write_bytes(data[: places[-1] + 9] + b"\x00" * 400)
    again, output = parsed(tmp_path, scrapy, other, code=1)
    urls = [
        {url for a in snapshot["articles"].values() for url, *_ in a["copies"]}
        for snapshot in (snapshot_of(archive), again)
    ]
    assert "'warc/bad_record': 1" in output
    assert len(urls[0] - urls[1]) <= 1
    assert len(urls[1]) > 5


def test_several_processes_find_what_one_finds(
    scrapy: Crawler, archive: Archive, other: StoreSettings, tmp_path: Path
) -> None:
    scrapy("crawl", "kcna_kp", *LANGUAGES, "-s", f"WARC_DIR={tmp_path}")
    again, _ = parsed(tmp_path, scrapy, other, "-s", "WARC_PROCESSES=2", "-s", "WARC_PARALLEL_MIN_BYTES=0")
    assert again["articles"] == snapshot_of(archive)["articles"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "name a WARC file"),
        (["/no/such"], "/no/such: there is no such file or folder"),
        (["docs"], "docs: there is no WARC file in this folder"),
        (["--limit", "0", "docs"], "argument limit=0: not a whole number from 1 on"),
        (
            ["--since", "2024-02-01", "--until", "2024-01-01", "docs"],
            "argument since=2024-02-01 is after until",
        ),
        (["--since", "yesterday", "docs"], "not a day: give it as YYYY-MM-DD"),
    ],
)
def test_arguments(scrapy: Crawler, arguments: list[str], line: str) -> None:
    crawl = scrapy("reparse", *arguments)
    assert crawl.code == 2
    assert line in crawl.output


def test_a_folder_that_cannot_be_written(scrapy: Crawler, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    crawl = scrapy("crawl", "kcna_kp", "-s", f"WARC_DIR={tmp_path / 'file'}")
    assert crawl.code == 2
    assert f"WARC_DIR={tmp_path / 'file'}: File exists" in crawl.output


def test_photos_need_a_local_folder(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    scrapy.environment["FILES_STORE"] = "s3://bucket/photos"
    done = scrapy("reparse", "--photos", str(tmp_path))
    assert done.code == 2
    assert "--photos: FILES_STORE=s3://bucket/photos is no folder" in done.output
    assert "Traceback" not in done.output


def test_told_to_stop_it_ends_soon_and_loses_nothing(
    scrapy: Crawler, archive: Archive, other: StoreSettings, tmp_path: Path
) -> None:
    assert scrapy("crawl", "kcna_kp", "-s", f"WARC_DIR={tmp_path}").code == 0
    for file in warc_files(tmp_path):
        for number in range(100):
            shutil.copy(file.path, file.path.with_name(f"copy-{number}-{file.path.name}"))
    opened = Archive(other)
    process = Crawler(other, "http://127.0.0.1:9").begin("reparse", str(tmp_path))
    wait_until(lambda: opened.database["articles"].count_documents({}), process)
    process.send_signal(signal.SIGTERM)
    # The stop takes 0.1 s. On a machine where it takes 30 s, reading all files would take minutes.
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 1, output[-2000:]
    assert "Traceback" not in output
    run = opened.database["runs"].find_one({"spider": "reparse"})
    assert run
    assert run["finish_reason"] == "shutdown"
    parsed(tmp_path, scrapy, other)
    fields = {"_id": 0, "title": 1, "published": 1, "fingerprint": 1}
    assert sorted(map(str, opened.database["articles"].find({}, fields))) == sorted(
        map(str, archive.database["articles"].find({}, fields))
    )
    opened.close()


def test_withdrawals_of_pages_with_several_articles(
    scrapy: Crawler, archive: Archive, site: SampleSite, other: StoreSettings, tmp_path: Path
) -> None:
    """Check that a re-parse finds the articles of a page that was gone, which their fragments name."""
    warc = ("-s", f"WARC_DIR={tmp_path}")
    scrapy("crawl", "kcna_co_jp", *warc)
    page = cojp_url(OLD[0]).partition("#")[0]
    site.responses[page] = [PageResponse(b"", 404)]
    scrapy("crawl", "kcna_co_jp", "-a", "recheck=20000", *warc)
    first = snapshot_of(archive)
    gone = {url for a in first["articles"].values() for url, status, *_ in a["copies"] if status == "gone"}
    assert len(gone) > 1
    assert {url.partition("#")[0] for url in gone} == {page}
    again, _ = parsed(tmp_path, scrapy, other)
    assert again["articles"] == first["articles"]
