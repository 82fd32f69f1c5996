"""Finds the stored article that a sighting belongs to: by address, by fingerprint, by near-equal text. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pymongo.collection import Collection

from kcna_spider.items import Article
from kcna_spider.store.write.bulk import AT_ONCE, pieces
from kcna_spider.store.write.merge import fingerprints_of
from kcna_spider.text.similarity import Text, keys_of, near_in_time, neighbour_keys, same_story, text_of_article

Document = dict[str, Any]
_A_DAY = dt.timedelta(days=1)
_YEAR, _LEAP_DAYS = 365, 2
_KEYS_AT_ONCE = 200  # a story has eight, and few are found


def text_of_document(document: Document) -> Text:
    """What identity looks at, of a stored article."""
    line = document["dateline"] or {}
    day = line.get("date")
    return Text(
        document["language"], document["title"], document.get("body", ""), document["published"].date(), line.get("place"), day and day.date()
    )


def free_repeat(articles: Collection[Document], document: Document, fingerprint: str) -> int:
    """The number under which an article may take a text that others may have already: 0 where none has."""
    same = {"fingerprint": fingerprint, "language": document["language"], "_id": {"$ne": document["_id"]}}
    return 1 + max((other["repeat"] for other in articles.find(same, {"repeat": 1})), default=-1)


def _same_time(article: Article, text: Text, document: Document) -> bool:
    """Whether a sighting of a text may be of the same story as a stored one with that text.

    A day that only a capture's moment bounds says no more than "not later"; then the dateline's month and day must agree.
    """
    loose = (article.published_from == "capture", document["published_from"] == "capture")
    if not any(loose):
        return near_in_time(text, text_of_document(document))
    mine, stored = text.published, document["published"].date()
    if (loose[0] and not loose[1] and stored > mine + _A_DAY) or (loose[1] and not loose[0] and mine > stored + _A_DAY):
        return False
    theirs = (document["dateline"] or {}).get("date")
    if not (text.day and theirs):
        return True
    apart = abs((text.day - theirs.date()).days) % _YEAR
    return bool(min(apart, _YEAR - apart) <= _LEAP_DAYS)


class Matcher:
    """Look-ups for one batch of sightings: three indexed queries, and those for near-equal texts only where some look new."""

    def __init__(self, articles: Collection[Document]) -> None:
        self.articles = articles

    def exact(self, batch: Sequence[Article]) -> tuple[dict[int, Document], dict[int, int]]:
        """(position -> stored article, position -> how many other stories already have the same text)."""
        by_url = {entry["url"]: document for document in self._with("copies.url", [article.url for article in batch]) for entry in document["copies"]}
        found = {i: by_url[article.url] for i, article in enumerate(batch) if article.url in by_url}
        left = [i for i in range(len(batch)) if i not in found]
        same: dict[tuple[str, str], list[Document]] = {}
        if left:
            wanted = [batch[i].fingerprint for i in left]
            # texts that an article had before count too
            found_by_text = {d["_id"]: d for field in ("fingerprint", "fingerprints") for d in self._with(field, wanted)}
            for document in found_by_text.values():
                for fingerprint in fingerprints_of(document):
                    same.setdefault((fingerprint, document["language"]), []).append(document)
        repeats: dict[int, int] = {}
        for i in left:
            candidates = same.get((batch[i].fingerprint, batch[i].language), [])
            text = text_of_article(batch[i])
            near = [d for d in candidates if _same_time(batch[i], text, d)]
            if near:
                found[i] = max(near, key=lambda d: (d["published_from"] != "capture", d["published"]))
            else:
                repeats[i] = 1 + max((d["repeat"] for d in candidates if d["fingerprint"] == batch[i].fingerprint), default=-1)
        return found, repeats

    def near(self, batch: Sequence[Article], positions: Iterable[int]) -> dict[int, Document]:
        """Position -> the stored article whose text nearly equals; only those of neighbouring days are looked at."""
        wanted = {i: neighbour_keys(keys_of(batch[i]), batch[i].published or dt.date.min) for i in positions}
        keys = sorted({key for some in wanted.values() for key in some})
        by_key: dict[str, list[Document]] = {}
        for document in self._with("keys", keys, _KEYS_AT_ONCE):
            for key in document["keys"]:
                by_key.setdefault(key, []).append(document)
        found = {}
        for i, some in wanted.items():
            candidates = {d["_id"]: d for key in some for d in by_key.get(key, ())}
            text = text_of_article(batch[i])
            for document in candidates.values():
                if same_story(text, text_of_document(document)):
                    found[i] = document
                    break
        return found

    def _with(self, field: str, values: Sequence[str], at_once: int = AT_ONCE) -> Iterator[Document]:
        """The articles with any of these values, each once."""
        seen: set[Any] = set()
        for some in pieces(values, at_once):
            for document in self.articles.find({field: {"$in": some}}):
                if document["_id"] not in seen:
                    seen.add(document["_id"])
                    yield document
