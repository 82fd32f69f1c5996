"""Near-identical photos: fast, complete, and only of other articles."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.search.reader import Reader
from kcna_spider.search.similar_photos import PHOTOS, distance, similar_hashes, similar_photos
from kcna_spider.search.tables import create
from kcna_spider.search.writer import Writer
from tests.search.texts import document
from tests.stored_photos import photo, photo_document, sha256

Make = Callable[[dict[str, int], dict[str, int]], Reader]


def flipped(phash: int, bits: int, chosen: random.Random) -> int:
    """Return a hash with some bits changed."""
    for bit in chosen.sample(range(64), bits):
        phash ^= 1 << bit
    return phash


def hashes(number: int, seed: int) -> list[int]:
    """Return random hashes, and some hashes close to a few of them."""
    chosen = random.Random(seed)
    found = [chosen.getrandbits(64) for _ in range(number // 2)]
    return found + [flipped(chosen.choice(found[:20]), chosen.randint(0, 12), chosen) for _ in found]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Yield a function that makes a file of photos.

    Its arguments give the hash for each name, and the number of the article that shows it (default 1).
    """
    opened: list[Reader] = []

    def made(phashes: dict[str, int], articles: dict[str, int]) -> Reader:
        writer = Writer(tmp_path / "archive.sqlite")
        create(writer.base)
        shown: dict[int, list[dict[str, Any]]] = {}
        for name in phashes:
            of_article = shown.setdefault(articles.get(name, 1), [])
            of_article.append(photo(f"http://kcna.kp/{name}.jpg", name, len(of_article) + 1))
        found = [
            document(n, "en", f"Title {n}", f"Body {n}", photos=photos, version=f"v{n}")
            for n, photos in shown.items()
        ]
        writer.write(found, (), [photo_document(name, phash) for name, phash in phashes.items()])
        writer.close()
        opened.append(Reader(tmp_path / "archive.sqlite"))
        return opened[-1]

    yield made
    for reader in opened:
        reader.close()


def test_nothing_is_missed(make: Make) -> None:
    """Compare the result with a comparison of every hash, at every distance."""
    phashes = {f"p{n}": phash for n, phash in enumerate(hashes(3_000, 1))}
    reader = make(phashes, {})
    distinct = set(phashes.values())
    chosen = random.Random(2)
    near = 0
    for wanted in [*chosen.sample(sorted(distinct), 60), *(chosen.getrandbits(64) for _ in range(20))]:
        for most in range(8):
            expected = sorted(
                (bits, f"{other:016x}")
                for other in distinct
                if (bits := (other ^ wanted).bit_count()) <= most
            )
            assert similar_hashes(reader, f"{wanted:016x}", most) == expected
            near += len(expected)
    assert near > 1_000


def test_seven_bits_in_seven_bytes(make: Make) -> None:
    """Check hashes that have only one byte in common, for each of the eight bytes."""
    wanted = 0x0123_4567_89AB_CDEF
    others = {
        f"p{kept}": wanted ^ sum(1 << (8 * place) for place in range(8) if place != kept) for kept in range(8)
    }
    reader = make({"x": wanted, **others, "far": wanted ^ 0x0101_0101_0101_0101}, {})
    found = similar_hashes(reader, f"{wanted:016x}", 7)
    assert found == [(0, f"{wanted:016x}"), *sorted((7, f"{other:016x}") for other in others.values())]
    assert similar_hashes(reader, f"{wanted:016x}") == [(0, f"{wanted:016x}")]


@pytest.mark.parametrize("most", [-1, 8])
def test_a_distance_that_it_cannot_search(make: Make, most: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 7"):
        similar_hashes(make({"x": 1}, {}), "0" * 16, most)


def test_other_articles_nearest_first(make: Make) -> None:
    phashes = {"x": 0, "own": 1, "three": 7, "one": 1 << 9, "same": 0, "far": 2**20 - 1}
    articles = {"x": 1, "own": 1, "three": 2, "one": 3, "same": 4, "far": 5}
    reader = make(phashes, articles)
    (row,) = reader.dicts("SELECT * FROM photos WHERE sha256 = ?", (sha256("x"),))
    found = similar_photos(reader, row)
    assert [(one["sha256"], one["distance"], one["title"]) for one in found] == [
        (sha256("same"), 0, "Title 4"),
        (sha256("one"), 1, "Title 3"),
        (sha256("three"), 3, "Title 2"),
    ]
    assert [one["distance"] for one in similar_photos(reader, row, 2)] == [0, 1]
    assert similar_photos(reader, row, 6, 2) == found[:2]
    assert distance(row["phash"], found[2]["phash"]) == 3


def test_many_photos_of_one_hash(make: Make) -> None:
    """Check that a search ends at its limit, without sorting all photos."""
    phashes = {f"p{n}": 5 for n in range(20_000)} | {"x": 5}
    reader = make(phashes, {f"p{n}": 2 + n % 50 for n in range(20_000)})
    (row,) = reader.dicts("SELECT * FROM photos WHERE sha256 = ?", (sha256("x"),))
    steps: list[int] = []
    reader.base.set_progress_handler(lambda: steps.append(1), 1_000)
    found = similar_photos(reader, row)
    assert len(steps) < 20, "more than 20,000 instructions of SQLite's virtual machine"
    assert len(found) == 20
    assert {one["distance"] for one in found} == {0}
    assert [one["sha256"] for one in found] == sorted(one["sha256"] for one in found)


def test_the_statement_reads_in_its_order(make: Make) -> None:
    reader = make({"x": 1}, {})
    plan = reader.rows("EXPLAIN QUERY PLAN " + PHOTOS.format("?, ?"), ("a", "b", "c", "c", 9))
    assert any("photos_phash" in row[3] for row in plan), plan
    assert not [row for row in plan if "TEMP B-TREE" in row[3] or row[3].startswith("SCAN")], plan


def test_hashes_that_share_their_bytes(make: Make) -> None:
    """Check the comparison of all distinct hashes if the index excludes nearly none."""
    chosen = random.Random(3)
    phashes = {f"p{n}": flipped(0, chosen.randint(0, 3), chosen) for n in range(2_000)}
    reader = make(phashes, {})
    distinct = set(phashes.values())
    assert [other for _, other in similar_hashes(reader, "0" * 16, 3)] == [
        f"{other:016x}" for other in sorted(distinct, key=lambda other: (other.bit_count(), other))
    ]
