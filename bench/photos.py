"""Measure one search for near-identical photos among 100,000 distinct hashes.

python -m bench.photos [--photos N]: half of the hashes are random, half are close to a few others, and 5,000
further photos have the same hash. The reference compares every hash in the same process, and must find the
same photos.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bench.table import Row, show
from kcna_spider.search.photo_rows import insert_photos
from kcna_spider.search.reader import Reader
from kcna_spider.search.similar_photos import DEFAULT_DISTANCE, similar_hashes, similar_photos
from kcna_spider.search.tables import create

T = TypeVar("T")
_AT = datetime(2024, 3, 9, tzinfo=UTC)
_SEARCHES = 200
_OF_ARTICLE = 5
_CENTRES = 50
_MOST_FLIPPED = 10
_SAME = 0xFFFF_0000_FFFF_0000
_BOUND_MS = 1_000


def hashes(number: int) -> tuple[list[int], list[int]]:
    """Return distinct hashes: random ones, and ones that are close to a few others."""
    chosen = random.Random(1)
    spread = {chosen.getrandbits(64) for _ in range(number // 2)}
    centres = [chosen.getrandbits(64) for _ in range(_CENTRES)]
    near: set[int] = set()
    while len(near) < number - len(spread):
        phash = chosen.choice(centres)
        for bit in chosen.sample(range(64), chosen.randint(0, _MOST_FLIPPED)):
            phash ^= 1 << bit
        near.add(phash)
    return sorted(spread), sorted(near - spread)


def fill(path: Path, phashes: list[int]) -> None:
    """Write an archive file with a photo for each hash."""
    base = sqlite3.connect(path)
    create(base)
    numbers = range(1, len(phashes) // _OF_ARTICLE + 2)
    base.executemany(
        "INSERT INTO articles (number, id, version, language, title, published, published_from, site, url, "
        "revision, revisions, first_seen, last_seen) VALUES (?, ?, 'v', 'en', ?, '2024-03-09', 'page', "
        "'kcna.kp', 'http://kcna.kp/', 1, 1, '', '')",
        [(number, f"{number:024x}", f"Title {number}") for number in numbers],
    )
    documents = [_file(name, phash) for name, phash in enumerate(phashes)]
    numbered = [
        (number, {"photos": [_photo(file["sha256"]) for file in documents[first : first + _OF_ARTICLE]]})
        for number, first in zip(numbers, range(0, len(documents), _OF_ARTICLE), strict=False)
    ]
    insert_photos(base, numbered, documents)
    base.commit()
    base.close()


def _file(name: int, phash: int) -> dict[str, Any]:
    sha256 = hashlib.sha256(str(name).encode()).hexdigest()
    shape = {"format": "jpeg", "width": 900, "height": 600, "bytes": 90_000, "path": f"{sha256[:2]}/{sha256}"}
    return {"sha256": sha256, "phash": f"{phash:016x}", **shape, "first_seen": _AT, "last_seen": _AT}


def _photo(sha256: str) -> dict[str, Any]:
    page = {"url": f"http://kcna.kp/{sha256}", "page_url": "http://kcna.kp/", "caption": None, "position": 1}
    seen = {"status": "live", "first_seen": _AT, "last_seen": _AT, "gone_at": None, "history": []}
    return {"sha256": sha256, **page, **seen}


def rows(*, quick: bool = False, number: int = 100_000) -> list[Row]:
    """Return the rows of group (t)."""
    number = 2_000 if quick else number
    folder = Path(tempfile.mkdtemp(prefix="photos-"))
    try:
        spread, near = hashes(number)
        fill(folder / "archive.sqlite", [*spread, *near, *[_SAME] * (number // 20)])
        reader = Reader(folder / "archive.sqlite", 60)
        every = [*spread, *near, _SAME]
        chosen = random.Random(2)
        found = [
            _measured(reader, f"{what} hashes", chosen.choices(some, k=_SEARCHES), every, quick=quick)
            for what, some in (("random", spread), ("clustered", near), (f"{number // 20:,} equal", [_SAME]))
        ]
        reader.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _measured(reader: Reader, what: str, wanted: list[int], every: list[int], *, quick: bool) -> Row:
    """Compare the search with the reference, and measure both.

    The time of the search includes finding the articles.
    """
    ours, reference, number = [], [], 0
    for phash in wanted:
        text = f"{phash:016x}"
        (photo, *_) = reader.dicts("SELECT * FROM photos WHERE phash = ?", (text,))
        expected, took = _timed(partial(_compare_all, every, phash))
        reference.append(took)
        if similar_hashes(reader, text) != expected:
            raise SystemExit(f"{text}: the search does not find what a comparison of all hashes finds")
        number += len(expected)
        _, took = _timed(partial(similar_photos, reader, photo))
        ours.append(took)
    middle, slowest, most = statistics.median(ours), max(ours), statistics.median(reference)
    return Row(
        "t",
        f"photos near one of {len(every):,} hashes: {what}, {number / len(wanted):.0f} hashes found",
        f"{middle:.1f} ms, slowest {slowest:.1f} ms",
        f"comparing all hashes in memory {most:.1f} ms",
        f"{most / middle:.1f}",
        "" if quick else f"<= {_BOUND_MS} ms",
        None if quick else slowest <= _BOUND_MS,
    )


def _compare_all(every: list[int], wanted: int) -> list[tuple[int, str]]:
    near = (
        (bits, f"{one:016x}") for one in every if (bits := (one ^ wanted).bit_count()) <= DEFAULT_DISTANCE
    )
    return sorted(near)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return the result of a call, and its milliseconds."""
    began = time.perf_counter()
    found = work()
    return found, (time.perf_counter() - began) * 1e3


def main() -> int:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=100_000)
    show(rows(number=parser.parse_args().photos))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
