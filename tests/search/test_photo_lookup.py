"""Photos from real images in the archive file, and near-identical photos."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from kcna_spider.export.change_history import changes
from kcna_spider.items import Photo, PhotoFile, PhotoSet
from kcna_spider.photos.image_facts import read_photo
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.search import build, lookup
from kcna_spider.search.photo_lookup import files, photo
from kcna_spider.search.reader import Reader
from kcna_spider.search.similar_photos import similar_photos
from kcna_spider.store.archive import Archive
from tests.samples import AT, article

URLS = [f"http://www.kcna.kp/en/article/detail/{n}" for n in (1, 2)]
PAGE = "http://www.kcna.kp/en/media/photo/"
ONE, TWO = "http://www.kcna.kp/siteFiles/1.jpg", "http://www.kcna.kp/siteFiles/2.jpg"


def image(seed: int) -> Image.Image:
    """Return random shapes, so that images of two seeds are not similar."""
    chosen = random.Random(seed)
    drawn = Image.new("RGB", (480, 320), "white")
    for _ in range(12):
        x, y = chosen.randint(0, 400), chosen.randint(0, 260)
        box = (x, y, x + chosen.randint(20, 160), y + chosen.randint(20, 120))
        ImageDraw.Draw(drawn).rectangle(box, fill=tuple(chosen.randint(0, 255) for _ in range(3)))
    return drawn


def encoded(drawn: Image.Image, quality: int = 90) -> PhotoFile:
    body = BytesIO()
    drawn.save(body, "JPEG", quality=quality)
    return read_photo(body.getvalue(), "image/jpeg")


def seen(archive: Archive, day: int, number: int, *photos: tuple[str, PhotoFile | None]) -> None:
    """Store that the photo page of an article showed photos.

    A photo that is None was gone.
    """
    at = AT + dt.timedelta(days=day)
    found = [
        Photo(url, n, f"Caption {n}", outcome="found" if file else "gone", file=file, at=at)
        for n, (url, file) in enumerate(photos, 1)
    ]
    done = archive.save_photos([PhotoSet(f"{PAGE}{number}", [URLS[number]], "kcna.kp", at, found)])
    assert done == ["photos"]


@pytest.fixture
def stored(archive: Archive, tmp_path: Path) -> Iterator[tuple[Archive, Reader]]:
    """Yield an archive and its file.

    One photo was altered, another one was gone and is back. The other article shows a smaller copy of the
    first photo.
    """
    decide_and_write(
        archive,
        [
            article(url, title=f"Story {n}", paragraphs=[f"Pyongyang, March 8 (KCNA) -- Text {n} of {n}."])
            for n, url in enumerate(URLS)
        ],
    )
    first, second, third = (encoded(image(n)) for n in (1, 2, 3))
    seen(archive, 0, 0, (ONE, first), (TWO, second))
    seen(archive, 1, 0, (ONE, third), (TWO, None))
    seen(archive, 2, 0, (ONE, third), (TWO, second))
    seen(archive, 2, 1, (f"{ONE}?small", encoded(image(1).resize((240, 160)), 70)))
    build.rebuild(archive.database, tmp_path / "archive.sqlite", "a test", lambda _: None)
    reader = Reader(tmp_path / "archive.sqlite")
    yield archive, reader
    reader.close()


def test_the_photos_of_an_article(stored: tuple[Archive, Reader]) -> None:
    archive, reader = stored
    document = archive.database["articles"].find_one({"copies.url": URLS[0]})
    assert document
    found = lookup.article(reader, str(document["_id"]))
    assert found
    altered, back = found["photos"]
    assert (altered["url"], altered["position"], altered["caption"]) == (ONE, 1, "Caption 1")
    (change,) = altered["changes"]
    assert (change["after"], change["at"]) == (altered["sha256"], "2026-05-02T12:00:00Z")
    assert (back["url"], back["status"], back["changes"]) == (TWO, "live", [])
    assert back["gone_at"] == "2026-05-02T12:00:00Z"
    kinds = [(event["kind"], event["sha256_before"], event["sha256_after"]) for event in found["events"]]
    assert sorted(kinds) == [
        ("photo_altered", change["before"], altered["sha256"]),
        ("photo_back", None, back["sha256"]),
        ("photo_gone", back["sha256"], None),
    ]
    of_store = changes(archive.database, AT)
    assert sorted((c.kind, c.sha256_before, c.sha256_after) for c in of_store) == sorted(kinds)
    assert lookup.texts(reader, found).keys() == {1}


def test_the_file_of_a_photo(stored: tuple[Archive, Reader]) -> None:
    _, reader = stored
    before = encoded(image(1))
    found = photo(reader, before.sha256)
    assert found
    assert (found["width"], found["height"], found["format"]) == (480, 320, "jpeg")
    assert (found["phash"], found["path"]) == (before.phash, before.path)
    (shown,) = found["articles"]
    assert (shown["title"], shown["current"], shown["photos"][0]["url"]) == ("Story 0", 0, ONE)
    assert not found["more"]
    assert photo(reader, "0" * 64) is None
    assert files(reader, [before.sha256, None, "0" * 64, before.sha256]).keys() == {before.sha256}


def test_a_smaller_copy_is_near_identical(stored: tuple[Archive, Reader]) -> None:
    _, reader = stored
    found = photo(reader, encoded(image(1)).sha256)
    assert found
    (near,) = similar_photos(reader, found)
    assert (near["title"], near["width"]) == ("Story 1", 240)
    assert near["distance"] <= 6
    other = photo(reader, encoded(image(3)).sha256)
    assert other
    assert similar_photos(reader, other) == []
