"""Folders that settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcna_spider.paths import local_folder, written_folders


@pytest.mark.parametrize(
    ("place", "folder"),
    [
        ("data/photos", Path("data/photos")),
        ("~/photos", Path.home() / "photos"),
        ("file:///data/photos", Path("/data/photos")),
        ("s3://bucket/photos/", None),
        ("gs://bucket/photos/", None),
        ("", None),
        (None, None),
    ],
)
def test_local_folder(place: str | None, folder: Path | None) -> None:
    assert local_folder(place) == folder


def test_folders_that_a_crawl_writes_to() -> None:
    settings = {"WARC_DIR": "warc", "FILES_STORE": "file:///data/photos"}
    assert written_folders(settings, photos=False) == {"WARC_DIR": Path("warc")}
    assert written_folders(settings, photos=True)["FILES_STORE"] == Path("/data/photos")
    assert written_folders({"FILES_STORE": "s3://bucket/"}, photos=True) == {}
