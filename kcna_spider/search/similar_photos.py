"""Find near-identical photos of other articles: files whose perceptual hashes differ in few bits.

A hash has 64 bits, in 8 bytes. Two hashes that differ in at most n < 8 bits are equal in at least one of any
n + 1 bytes, so comparing n + 1 bytes misses no photo. The table `photo_bytes` has every distinct hash by the
place and value of each of its bytes; the hashes found there are compared bit by bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from kcna_spider.search.reader import Reader
from kcna_spider.store.connection.calls import batched

Row = dict[str, Any]
MOST_DISTANCE = 7
DEFAULT_DISTANCE = 6
_BYTES = 8
_AT_ONCE = 500  # hashes per statement
# The order is that of an index, so that SQLite stops at the limit even if many photos have the same hash.
PHOTOS = """
SELECT p.sha256, p.phash, p.format, p.width, p.height, p.path, u.current, a.id, a.title, a.language,
  a.published
FROM photos p JOIN photo_uses u ON u.sha256 = p.sha256 JOIN articles a ON a.number = u.article
WHERE p.phash IN ({}) AND p.sha256 != ?
  AND u.article NOT IN (SELECT article FROM photo_uses WHERE sha256 = ?)
ORDER BY p.phash, p.sha256 LIMIT ?
"""


def byte_rows(phash: str) -> list[tuple[int, int, str]]:
    """Return the rows of `photo_bytes` for a hash: place and value of each byte, and the hash."""
    return [(place, value, phash) for place, value in enumerate(bytes.fromhex(phash))]


def distance(one: str, other: str) -> int:
    """Return the number of bits in which two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def similar_hashes(reader: Reader, phash: str, most: int = DEFAULT_DISTANCE) -> list[tuple[int, str]]:
    """Return the distinct hashes within a distance, with their distances, the nearest first.

    most: bits that may differ. Raise ValueError if it is less than 0 or more than MOST_DISTANCE.
    """
    if not 0 <= most <= MOST_DISTANCE:
        raise ValueError(f"the distance is from 0 to {MOST_DISTANCE}, not {most}")
    wanted = int(phash, 16)
    return sorted(
        (bits, other)
        for other in _candidates(reader, phash, most)
        if (bits := (int(other, 16) ^ wanted).bit_count()) <= most
    )


def similar_photos(reader: Reader, found: Row, most: int = DEFAULT_DISTANCE, limit: int = 20) -> list[Row]:
    """Return the photos of other articles that are similar to a photo, with their distances, nearest first.

    found: a row of `photos`. Articles that show or showed the same file are excluded. most: bits that may
    differ.
    """
    rows: list[Row] = []
    for bits, hashes in _by_distance(similar_hashes(reader, found["phash"], most)):
        for some in batched(hashes, _AT_ONCE):
            statement = PHOTOS.format(", ".join("?" * len(some)))
            parameters = (*some, found["sha256"], found["sha256"], limit - len(rows))
            rows += [{**row, "distance": bits} for row in reader.dicts(statement, parameters)]
            if len(rows) >= limit:
                return rows
    return rows


def _candidates(reader: Reader, phash: str, most: int) -> Iterable[str]:
    """Return the distinct hashes that have a byte in common with a hash, or all hashes if these are fewer.

    It suffices to compare most + 1 bytes; the bytes with the fewest hashes are compared.
    """
    counted = sorted(
        (_count(reader, "place = ? AND value = ?", place, value), place, value)
        for place, value, _ in byte_rows(phash)
    )
    chosen = counted[: most + 1]
    if sum(number for number, _, _ in chosen) >= _count(reader, "place = ?", 0):
        return chain.from_iterable(reader.rows("SELECT phash FROM photo_bytes WHERE place = 0"))
    statement = "SELECT phash FROM photo_bytes WHERE place = ? AND value = ?"
    return {other for _, place, value in chosen for (other,) in reader.rows(statement, (place, value))}


def _count(reader: Reader, where: str, *parameters: int) -> int:
    ((number,),) = reader.rows(f"SELECT count(*) FROM photo_bytes WHERE {where}", parameters)
    return int(number)


def _by_distance(found: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    for bits in range(_BYTES):
        if hashes := [phash for other, phash in found if other == bits]:
            yield bits, hashes
