"""Make the documents of a sighting: an article, a copy, a revision. No database is used."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Any

from bson import ObjectId

from kcna_spider.items import Article, Decision
from kcna_spider.store.model.schema import VERSION
from kcna_spider.store.model.types import (
    ArticleDocument,
    Copy,
    Document,
    PhotoPageState,
    RevisionDocument,
    Source,
    TextFields,
    TextHashes,
)
from kcna_spider.text.dates import midnight
from kcna_spider.text.normalize import normal_form
from kcna_spider.text.similarity import Text


def new_version() -> str:
    """Return a unique token. A writer that finds its token in an article knows that its write succeeded."""
    return uuid.uuid4().hex[:16]


def published_of(article: Article) -> dt.datetime:
    """Return the date of publication. Raise ValueError if there is none; ValidatePipeline rejects these."""
    day = midnight(article.published)
    if day is None:
        raise ValueError(f"{article.url}: an article without a date of publication cannot be stored")
    return day


def text_entry(article: Article) -> TextHashes:
    """Return the hash of a sighted text and the hash of its normal form, both with its dateline.

    The date is that of the raw dateline, because the parsed one depends on what else is known of the year.
    """
    line = article.dateline
    dateline = normal_form(f"{line.raw} {line.place} {line.agency or ''}") if line else ""
    exact = f"{article.language}\n{article.title}\n{dateline}\n{article.body}"
    form = f"{normal_form(article.title)}\n{dateline}\n{article.fingerprint}"
    return {
        "hash": hashlib.blake2b(exact.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest(),
        "form": hashlib.blake2b(form.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest(),
    }


def new_document(article: Article, lsh_keys: list[str]) -> ArticleDocument:
    """Return the document of an article that is seen for the first time."""
    at = article.fetched_at
    decision = article.decision or Decision(ObjectId())
    text = current_text(article)
    document: ArticleDocument = {
        "_id": decision.article_id,
        "language": article.language,
        "title": text["title"],
        "body": text["body"],
        "dateline": text["dateline"],
        "fingerprint": text["fingerprint"],
        "published": (published := published_of(article)),
        "day": published.date().isoformat(),
        "published_from": article.published_from or "capture",
        "categories": article.categories,
        "copies": [new_copy(article, 1)],
        "texts": [text_entry(article)],
        "duplicate_index": decision.duplicate_index,
        "lsh_keys": lsh_keys,
        "kind": article.kind,
        "revision": 1,
        "first_seen": at,
        "last_seen": at,
        "changed_at": None,
        "withdrawn_at": None,
        "version": new_version(),
        "schema": VERSION,
    }
    if article.photo_pages:
        see_photo_pages(document, article)
    return document


def new_photo_page(
    url: str, site: str, first_seen: dt.datetime, capture: dict[str, Any] | None
) -> PhotoPageState:
    """Return the entry of a photo page that was not read yet."""
    return {
        "url": url,
        "site": site,
        "first_seen": first_seen,
        "capture": capture,
        "read_at": None,
        "asked_at": None,
        "tries": 0,
        "etag": None,
        "modified": None,
    }


def see_photo_pages(document: ArticleDocument, article: Article) -> None:
    """Add the photo pages that a sighting links to; `document` is changed in place.

    A page to which only captures linked becomes due again when the site itself links to it.
    """
    pages = {page["url"]: page for page in document.get("photo_pages", [])}
    for url in article.photo_pages:
        known = pages.get(url)
        if known and (article.capture or not known["capture"]):
            continue
        first_seen = known["first_seen"] if known else article.fetched_at
        pages[url] = new_photo_page(url, article.site, first_seen, article.capture)
        document["photos_due"] = True
    document["photo_pages"] = list(pages.values())


def current_text(article: Article) -> TextFields:
    """Return the text fields of a sighting: title, body, dateline and fingerprint."""
    line = article.dateline
    return {
        "title": article.title,
        "body": article.body,
        "dateline": (
            {
                "place": line.place,
                "date": midnight(line.date),
                "day": line.date.isoformat() if line.date else None,
                "agency": line.agency,
                "raw": line.raw,
            }
            if line
            else None
        ),
        "fingerprint": article.fingerprint,
    }


def new_copy(article: Article, revision: int) -> Copy:
    """Return the copy for the URL of a sighting. revision: the number of the text that it shows."""
    copy: Copy = {
        "url": article.url,
        "site": article.site,
        "source": article.source,
        "original": article.original,
        "layout": article.layout,
        "published": midnight(article.published),
        "day": article.published.isoformat() if article.published else None,
        "published_from": article.published_from,
        "revision": revision,
        "history": [],
        "revised_at": article.fetched_at,
        "first_seen": article.fetched_at,
        "last_seen": article.fetched_at,
        "status": "live",
        "gone_at": None,
        "back_at": None,
        "etag": article.etag,
        "modified": article.modified,
        "capture": article.capture,
        "record": article.record,
    }
    if article.record:
        copy["recorded_at"] = [article.fetched_at]
    return copy


def new_revision(
    document: ArticleDocument, number: int, text: TextHashes, article: Article, *, trivial: bool
) -> RevisionDocument:
    """Return the document of a new distinct text, with the URL and time at which it was seen."""
    fields = current_text(article)
    return {
        "_id": f"{document['_id']}-{number}",
        "article": document["_id"],
        "number": number,
        "language": article.language,
        "title": fields["title"],
        "body": fields["body"],
        "dateline": fields["dateline"],
        "fingerprint": fields["fingerprint"],
        "text": text,
        "seen_at": article.fetched_at,
        "sources": [source_of(article)],
        "trivial": trivial,
    }


def first_revision(document: ArticleDocument) -> RevisionDocument:
    """Return the document of the first revision of an article whose current text is still that one."""
    source: Source = {
        "url": document["copies"][0]["url"],
        "site": document["copies"][0]["site"],
        "seen_at": document["first_seen"],
    }
    return {
        "_id": f"{document['_id']}-1",
        "article": document["_id"],
        "number": 1,
        "language": document["language"],
        "title": document["title"],
        "body": document["body"],
        "dateline": document["dateline"],
        "fingerprint": document["fingerprint"],
        "text": document["texts"][0],
        "seen_at": document["first_seen"],
        "sources": [source],
        "trivial": False,
    }


def source_of(article: Article) -> Source:
    """Return the URL, site and time of a sighting, with its capture and WARC record if it has them."""
    source: Source = {"url": article.url, "site": article.site, "seen_at": article.fetched_at}
    if article.capture:
        source["capture"] = article.capture
    if article.record:
        source["record"] = article.record
    return source


def fingerprints_of(document: ArticleDocument, *more: str) -> list[str]:
    """Return the distinct fingerprints of all texts of an article, and `more` fingerprints.

    The field is stored only if there are several, so that its index stays small.
    """
    return list(dict.fromkeys([*document.get("fingerprints", [document["fingerprint"]]), *more]))


def text_of_document(document: Document) -> Text:
    """Return the language, title, text and dates of a stored article, for comparison with a sighting."""
    line = document["dateline"] or {}
    day = line.get("date")
    return Text(
        document["language"],
        document["title"],
        document.get("body", ""),
        document["published"].date(),
        line.get("place"),
        day and day.date(),
    )
