"""The file of a photo is complete or absent."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest

from kcna_spider.exceptions import ArgumentError
from kcna_spider.photos.files_store import WholeFilesStore, require_file_store, write_whole


def test_written_once_and_readable(tmp_path: Path) -> None:
    path = tmp_path / "ab" / "abcd.jpg"
    write_whole(path, b"photo")
    first = path.stat()
    write_whole(path, b"photo")
    assert path.read_bytes() == b"photo"
    assert path.stat().st_ino == first.st_ino, "an existing file was written again"
    assert first.st_mode & 0o777 == 0o644
    assert [p.name for p in path.parent.iterdir()] == ["abcd.jpg"]


def test_what_a_kill_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "abcd.jpg"
    path.write_bytes(b"pho")
    write_whole(path, b"photo")
    assert path.read_bytes() == b"photo"


def test_what_kills_left_is_removed_later(tmp_path: Path) -> None:
    old, fresh = tmp_path / "ab" / ".new-old", tmp_path / "cd" / ".new-fresh"
    for path in (old, fresh):
        path.parent.mkdir()
        path.write_bytes(b"pho")
    os.utime(old, (0, 0))
    WholeFilesStore(tmp_path)
    assert not old.exists()
    assert fresh.exists(), "a new unfinished file was removed, but another crawl may be writing it"


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "abcd.jpg", b"photo")
    assert not list(tmp_path.iterdir())


def test_scrapys_store_with_it(tmp_path: Path) -> None:
    store = WholeFilesStore(tmp_path)
    store.persist_file("ab/abcd.jpg", BytesIO(b"photo"), None)  # type: ignore[arg-type]
    assert (tmp_path / "ab" / "abcd.jpg").read_bytes() == b"photo"


@pytest.mark.parametrize("place", ["", "data/photos", "/var/photos", "file:///var/photos"])
def test_a_folder_needs_no_package(place: str) -> None:
    require_file_store(place)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("s3://bucket/photos/", "it needs botocore: pip install botocore"),
        ("gs://bucket/photos/", "it needs google-cloud-storage: pip install google-cloud-storage"),
        ("http://example.org/photos/", "name a folder, s3://bucket/path/ or gs://bucket/path/"),
    ],
)
def test_a_store_that_cannot_be_used(place: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kcna_spider.photos.files_store.find_spec", lambda _: None)
    with pytest.raises(ArgumentError, match=f"FILES_STORE={place}: {message}"):
        require_file_store(place)


def test_a_store_whose_package_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kcna_spider.photos.files_store.find_spec", lambda name: name == "botocore")
    require_file_store("s3://bucket/photos/")
