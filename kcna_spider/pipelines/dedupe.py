"""Decide by URL, fingerprint or near-equal text which stored article a sighting belongs to, if any.

Nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from bson import ObjectId

from kcna_spider.items import (
    Article,
    Compared,
    Decision,
    Item,
    ListingUpdate,
    Redating,
)
from kcna_spider.pipelines.batches import store_batches
from kcna_spider.store.archive import Archive
from kcna_spider.store.model.documents import fingerprints_of, published_of, text_of_document
from kcna_spider.store.model.types import ArticleDocument, Document
from kcna_spider.text.datelines import parse_dateline
from kcna_spider.text.dates import midnight
from kcna_spider.text.similarity import Text, lsh_keys, near_in_time, neighbour_keys, same_story

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_A_DAY = dt.timedelta(days=1)
_YEAR, _LEAP_DAYS = 365, 2


class DedupePipeline:
    """Attach the decision to each article: the stored article that it belongs to, or a new one.

    Items of all types pass through the same batches, so that none overtakes an earlier one.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.batches = store_batches(crawler, decide)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DedupePipeline:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Return the item with its decision. Raise DropItem if the store failed."""
        return await self.batches.put(item) if isinstance(item, Item) else item


def decide(archive: Archive, items: Sequence[Item]) -> Sequence[Item]:
    """Return the items, each article with its decision."""
    articles = [item for item in items if isinstance(item, Article)]
    if articles:
        _decide_articles(archive, articles)
    return items


def decide_redatings(archive: Archive, updates: Sequence[ListingUpdate]) -> None:
    """Set the redatings of listing updates, from the articles that are stored now."""
    urls = [url for update in updates if update.day for url in update.urls]
    by_url = {
        copy["url"]: document
        for document in (archive.find_articles(["copies.url"], urls) if urls else ())
        for copy in document["copies"]
    }
    for update in updates:
        named = {by_url[url]["_id"]: by_url[url] for url in update.urls if url in by_url}
        update.redatings = _redatings(named.values(), update.urls, update.day) if update.day else []


def _decide_articles(archive: Archive, batch: Sequence[Article]) -> None:
    for article in batch:
        article.set_fingerprint()
    by_url = {
        copy["url"]: d
        for d in archive.find_articles(["copies.url"], [a.url for a in batch])
        for copy in d["copies"]
    }
    rest = []
    for article in batch:
        if document := by_url.get(article.url):
            article.decision = Decision(document["_id"], document)
        else:
            rest.append(article)
    new = _decide_by_fingerprint(archive, rest) if rest else []
    if new:
        _decide_by_similarity(archive, new)


def _decide_by_fingerprint(archive: Archive, batch: Sequence[Article]) -> list[Article]:
    """Decide the sightings whose text, in normal form, is stored.

    Return the other sightings, with the decision for a new article.
    """
    same: dict[tuple[str, str], list[Document]] = {}
    # `fingerprints` also has those of earlier texts of an article.
    wanted = [article.fingerprint for article in batch]
    for document in archive.find_articles(["fingerprint", "fingerprints"], wanted):
        for fingerprint in fingerprints_of(cast("ArticleDocument", document)):
            same.setdefault((fingerprint, document["language"]), []).append(document)
    new = []
    for article in batch:
        candidates = same.get((article.fingerprint, article.language), [])
        text = article.identity_text()
        if near := [d for d in candidates if _same_time(article, text, d)]:
            document = min(near, key=partial(_distance, text))
            article.decision = Decision(document["_id"], document)
        else:
            taken = (d["duplicate_index"] for d in candidates if d["fingerprint"] == article.fingerprint)
            article.decision = Decision(ObjectId(), duplicate_index=1 + max(taken, default=-1))
            new.append(article)
    return new


def _decide_by_similarity(archive: Archive, new: Sequence[Article]) -> None:
    """Decide the sightings whose text nearly equals that of an article published within a few days.

    In the decision for a new article, name the candidates that were compared.
    """
    wanted = [neighbour_keys(article.set_lsh_keys(), article.published or dt.date.min) for article in new]
    by_key: dict[str, list[Document]] = {}
    every = sorted({key for keys in wanted for key in keys})
    for document in archive.find_articles(["lsh_keys"], every, mostly_absent=True):
        for key in document["lsh_keys"]:
            by_key.setdefault(key, []).append(document)
    earlier: dict[str, list[tuple[Compared, Text]]] = {}  # of this batch, by key
    for article, keys in zip(new, wanted, strict=True):
        text = article.identity_text()
        candidates = {d["_id"]: d for key in keys for d in by_key.get(key, ())}
        if match := next((d for d in candidates.values() if same_story(text, text_of_document(d))), None):
            article.decision = Decision(match["_id"], match)
            continue
        # If an earlier sighting of this batch is the same story, do not name it: the write is then refused,
        # and the sighting is decided again after the earlier one is stored.
        others = {key: other for name in keys for key, other in earlier.get(name, ())}
        compared = [key for key, other in others.items() if not same_story(text, other)]
        stored = [(d["_id"], d["revision"], d["published"]) for d in candidates.values()]
        assert article.decision
        article.decision.compared = frozenset([*stored, *compared])
        this = (article.decision.article_id, 1, published_of(article))
        for key in article.lsh_keys:
            earlier.setdefault(key, []).append((this, text))


def _distance(text: Text, document: Document) -> tuple[bool, bool, int]:
    """Return how far a stored article with the same text is from a sighting; the smallest is the nearest.

    A date that is known precedes that of a capture, then the same dateline, then the days between the dates.
    """
    line = (document["dateline"] or {}).get("date")
    days = abs((document["published"].date() - text.published).days)
    return document["published_from"] == "capture", line is None or line.date() != text.day, days


def _same_time(article: Article, text: Text, document: Document) -> bool:
    """Return whether the dates of a sighting and a stored article with its text permit the same story.

    A date from a capture is only an upper bound; if one of the dates is, month and day of the datelines must
    agree.
    """
    loose = (article.published_from == "capture", document["published_from"] == "capture")
    if not any(loose):
        return near_in_time(text, text_of_document(document))
    mine, stored = text.published, document["published"].date()
    if (loose[0] and not loose[1] and stored > mine + _A_DAY) or (
        loose[1] and not loose[0] and mine > stored + _A_DAY
    ):
        return False
    theirs = (document["dateline"] or {}).get("date")
    if not (text.day and theirs):
        return True
    apart = abs((text.day - theirs.date()).days) % _YEAR
    return bool(min(apart, _YEAR - apart) <= _LEAP_DAYS)


def _redatings(documents: Iterable[Document], urls: Sequence[str], day: dt.date) -> list[Redating]:
    """Return the changes that a listing's date makes to those articles whose date comes from a capture.

    They include the year of the dateline and the LSH keys.
    """
    found = []
    for document in documents:
        if document["published_from"] != "capture":
            continue
        fields: Document = {"published": midnight(day), "day": day.isoformat(), "published_from": "listing"}
        fields["copies"] = [copy | fields if copy["url"] in urls else copy for copy in document["copies"]]
        line = document["dateline"]
        if line and (dateline := parse_dateline(line["raw"], day, document["language"])):
            fields["dateline"] = {
                **line,
                "date": midnight(dateline.date),
                "day": dateline.date.isoformat() if dateline.date else None,
            }
        fields["lsh_keys"] = lsh_keys(text_of_document(document | fields))
        found.append(Redating(document["_id"], document["version"], document["revision"], fields))
    return found
