"""Stored articles with photos: one altered, one gone, one that is back, and a near-identical one."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from tests.samples import AT, article

KP = "http://www.kcna.kp/en/article/detail/"
FIRST, SECOND = f"{KP}1", f"{KP}2"
ALTERED, GONE, BACK = (f"http://www.kcna.kp/siteFiles/photo/{name}.jpg" for name in ("a", "b", "c"))
ELSEWHERE = "http://www.kcna.kp/siteFiles/photo/d.jpg"
LATER = AT + dt.timedelta(days=1)
LAST = AT + dt.timedelta(days=2)
CAPTION = 'A <b>bakery</b> & "bread"'
# These are the perceptual hashes of the files. "elsewhere" differs from "before" in two bits.
HASHES = {
    "before": 0xF0F0_1234_5678_9ABC,
    "after": 0x0F0F_FFFF_0000_1111,
    "gone": 0x8000_0000_0000_0001,
    "back": 0x1111_2222_3333_4444,
    "elsewhere": 0xF0F0_1234_5678_9ABF,
}


def sha256(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def photo_document(name: str, phash: int, **changes: Any) -> dict[str, Any]:
    """Return a document of `photos`."""
    key = sha256(name)
    return {
        "_id": key, "sha256": key, "phash": f"{phash:016x}", "format": "jpeg", "width": 640, "height": 480,
        "bytes": 1000 + len(name), "exif": {"Model": "X"}, "path": f"{key[:2]}/{key}.jpg", "first_seen": AT,
        "last_seen": LAST,
    } | changes  # fmt: skip


def photo(url: str, name: str, position: int = 1, **changes: Any) -> dict[str, Any]:
    """Return an entry of `articles.photos`."""
    return {
        "url": url, "page_url": f"{url}.html", "sha256": sha256(name), "caption": None, "position": position,
        "history": [], "revised_at": AT, "first_seen": AT, "last_seen": LAST, "status": "live",
        "gone_at": None, "back_at": None, "etag": None, "modified": None, "capture": None, "record": None,
    } | changes  # fmt: skip


def photos_of_first() -> dict[str, Any]:
    """Return the fields of an article with an altered photo, one that is gone, and one that is back."""
    return {
        "photos": [
            photo(
                ALTERED, "after", 1, caption=CAPTION, revised_at=LATER,
                history=[{"at": LATER, "before": sha256("before"), "sha256": sha256("after")}],
            ),
            photo(GONE, "gone", 2, status="gone", gone_at=LATER),
            photo(BACK, "back", 3, gone_at=LATER, back_at=LAST),
        ],
        "events": [
            {"at": LATER, "kind": "photo_altered", "url": ALTERED, "sha256_before": sha256("before"),
             "sha256_after": sha256("after")},
            {"at": LATER, "kind": "photo_gone", "url": GONE},
            {"at": LATER, "kind": "photo_gone", "url": BACK},
            {"at": LAST, "kind": "photo_back", "url": BACK},
        ],
        "event_at": LAST,
    }  # fmt: skip


def photos_of_second() -> dict[str, Any]:
    """Return the fields of an article with a near-identical photo, and one with the same file."""
    return {"photos": [photo(ELSEWHERE, "elsewhere"), photo(f"{ELSEWHERE}?2", "back", 2)]}


def files() -> list[dict[str, Any]]:
    """Return the documents of `photos` for both articles."""
    return [photo_document(name, phash) for name, phash in HASHES.items()]


def fill_photos(archive: Archive) -> None:
    """Store both articles with their photos, and an article without photos."""
    texts = ("The bread is good.", "The mill grinds corn.", "A poem has no photo.")
    sightings = [
        article(f"{KP}{n + 1}", title=f"Story {n + 1}", paragraphs=[f"Pyongyang, March 8 (KCNA) -- {text}"])
        for n, text in enumerate(texts)
    ]
    decide_and_write(archive, sightings)
    archive.database["photos"].insert_many(files())
    for url, fields in ((FIRST, photos_of_first()), (SECOND, photos_of_second())):
        done = archive.database["articles"].update_one(
            {"copies.url": url}, {"$set": {**fields, "version": f"photos of {url}"}}
        )
        assert done.modified_count == 1
