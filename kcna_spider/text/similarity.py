"""Decide whether two texts are the same story.

Two texts are the same story if they have the same language, were published within a few days, and are equal,
or nearly equal without an important difference. The kind of difference matters more than the share of equal
words: two greetings of one day share nearly all words but are two stories, because a name, a number or an
office differs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein, Indel
from rensa import RMinHash

from kcna_spider.text.normalize import normal_form

# A text that is published again within this many days is the same story; later, it is another story.
NEAR_DAYS = 3
# 12 hashes in 4 bands of 3: texts that share 9 of 10 word triples share a band with a probability of
# 99.5 %, those that share 8 of 10 with 94 %. The title has a key of its own.
_HASHES, _BANDS, _SEED = 12, 4, 1997
_DIGEST_BYTES = 6  # of a key
# Days per bucket; each key includes one. The same title is used on many days (a press review), so its buckets
# are small. Few texts share a band, so its buckets are large, and most searches need one or two of them.
_TITLE_DAYS, _BAND_DAYS = 4, 16
_NEAR_EQUAL = 0.95  # least share of words in common order for which the differences are compared
_NEAR_EQUAL_TITLES = 0.6  # the same for titles, which are short
_TRUNCATED_WORDS = 40  # least number of words of a truncated text that is still the same story
_MISPRINT = 2  # letters
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_ASCII_GAPS = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
_UNCASED = ("ko", "ja", "zh")


@dataclass(frozen=True, slots=True)
class Text:
    """The fields by which stories are compared.

    `published`: the calendar day in Pyongyang. `place` and `day`: place and date of the dateline.
    """

    language: str
    title: str
    body: str
    published: dt.date
    place: str | None = None
    day: dt.date | None = None


def words(text: str) -> list[str]:
    """Return the words of a text in NFKC, in their case; Japanese and Chinese characters are words each."""
    if text.isascii():  # same result for most texts, twice as fast
        return text.translate(_ASCII_GAPS).split()
    return _TOKEN.findall(unicodedata.normalize("NFKC", text))


def lsh_keys(text: Text) -> list[str]:
    """Return the LSH keys of a text: one of its title, and one of each of the 4 bands of a MinHash.

    Near-duplicates in the same bucket of days very probably share at least one key.
    """
    day = text.published.toordinal()
    folded = words(text.body.lower()) if text.body.isascii() else _folded(words(text.body))
    triples = list(map(" ".join, zip(folded, folded[1:], folded[2:], strict=False))) or folded
    sketch = RMinHash(num_perm=_HASHES, seed=_SEED)
    sketch.update(triples)
    digest, rows = sketch.digest(), _HASHES // _BANDS
    bands = [struct.pack(f"<{rows}Q", *digest[i * rows : (i + 1) * rows]) for i in range(_BANDS)]
    titled = normal_form(text.title).encode("utf-8", "surrogatepass")
    of_title, *of_bands = (
        hashlib.blake2b(part, digest_size=_DIGEST_BYTES).hexdigest() for part in (titled, *bands)
    )
    keys = [f"{day // _BAND_DAYS}:{text.language}{i}{digest}" for i, digest in enumerate(of_bands)]
    return [f"{day // _TITLE_DAYS}:{text.language}t{of_title}", *keys]


def neighbour_keys(keys: Sequence[str], published: dt.date) -> list[str]:
    """Return the keys for every bucket with a day that is at most NEAR_DAYS away from `published`.

    Near-duplicates that were published on any of these days have at least one of them.
    """
    day = published.toordinal()
    found = []
    for number, key in enumerate(keys):
        days = _BAND_DAYS if number else _TITLE_DAYS
        name = key.split(":", 1)[1]
        found += [
            f"{bucket}:{name}" for bucket in range((day - NEAR_DAYS) // days, (day + NEAR_DAYS) // days + 1)
        ]
    return found


def near_in_time(a: Text, b: Text) -> bool:
    """Return whether two texts were published within NEAR_DAYS, or have the same date in the dateline."""
    return abs((a.published - b.published).days) <= NEAR_DAYS or (a.day is not None and a.day == b.day)


def same_story(a: Text, b: Text) -> bool:
    """Return whether two texts that are not equal are one story: corrected, resent, or truncated.

    They are not if a name or number differs.
    """
    if a.language != b.language or not near_in_time(a, b):
        return False
    if a.place and b.place and differs_in_matter([a.place], [b.place], a.language):
        return False
    if not _same_title(a, b):
        return False
    left, right = words(a.body), words(b.body)
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) >= _TRUNCATED_WORDS and _folded(longer[: len(shorter)]) == _folded(shorter):
        return True
    folded = _folded(left), _folded(right)
    if Indel.normalized_similarity(*folded, score_cutoff=_NEAR_EQUAL) < _NEAR_EQUAL:
        return False
    return not _parts_differ(left, right, *folded, a.language)


def _same_title(a: Text, b: Text) -> bool:
    if normal_form(a.title) == normal_form(b.title):
        return True
    left, right = words(a.title), words(b.title)
    folded = _folded(left), _folded(right)
    near = Indel.normalized_similarity(*folded) >= _NEAR_EQUAL_TITLES
    return near and not _parts_differ(left, right, *folded, a.language)


def _folded(tokens: list[str]) -> list[str]:
    return [token.casefold() for token in tokens]


def _parts_differ(
    left: list[str], right: list[str], folded_left: list[str], folded_right: list[str], language: str
) -> bool:
    """Return whether any difference between two texts is important (see `differs_in_matter`)."""
    stretch_left: list[str] = []
    stretch_right: list[str] = []
    for code in Indel.opcodes(folded_left, folded_right):
        if code.tag == "equal":
            if differs_in_matter(stretch_left, stretch_right, language):
                return True
            stretch_left, stretch_right = [], []
        else:
            stretch_left += left[code.src_start : code.src_end]
            stretch_right += right[code.dest_start : code.dest_end]
    return differs_in_matter(stretch_left, stretch_right, language)


def differs_in_matter(left: list[str], right: list[str], language: str) -> bool:
    """Return whether the difference between two sequences of words is important.

    It is if any of the words has a digit or an initial capital (names, numbers, offices, origins). Words in
    lower case, blanks and misprints are not important. In languages without capitals, every other difference
    is important.
    """
    if "".join(left).casefold() == "".join(right).casefold():
        return False  # only blanks differ
    if len(left) == len(right) and all(_is_misprint(a, b) for a, b in zip(left, right, strict=True)):
        return False
    return any(_matters(word, language) for word in (*left, *right))


def _matters(word: str, language: str) -> bool:
    return language in _UNCASED or any(c.isdigit() for c in word) or word[:1].isupper()


def _is_misprint(a: str, b: str) -> bool:
    a, b = a.casefold(), b.casefold()
    if a == b:
        return True
    # Short words may differ by a letter without a misprint, as "FM" and "PM".
    if any(c.isdigit() for c in a + b) or min(len(a), len(b)) < 5:  # noqa: PLR2004
        return False
    return a[0] == b[0] and int(DamerauLevenshtein.distance(a, b, score_cutoff=_MISPRINT)) <= _MISPRINT
