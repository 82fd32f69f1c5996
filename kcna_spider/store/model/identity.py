"""What the identity of articles is decided by: of a sighting, and of a stored article. Pure; no database."""

from __future__ import annotations

import datetime as dt

from kcna_spider.items import Article
from kcna_spider.store.model.types import Document
from kcna_spider.text.normalize import fingerprint
from kcna_spider.text.similarity import Text, lsh_keys


def text_of_article(article: Article) -> Text:
    """Return what identity compares, of a sighting."""
    line = article.dateline
    published = article.published or dt.date.min
    return Text(article.language, article.title, article.body, published, line.place if line else None, line.date if line else None)


def text_of_document(document: Document) -> Text:
    """Return what identity compares, of a stored article."""
    line = document["dateline"] or {}
    day = line.get("date")
    return Text(
        document["language"], document["title"], document.get("body", ""), document["published"].date(), line.get("place"), day and day.date()
    )


def set_fingerprint(article: Article) -> None:
    """Set the fingerprint of a sighting, unless it has one already."""
    article.fingerprint = article.fingerprint or fingerprint(article.body)


def set_lsh_keys(article: Article) -> list[str]:
    """Set and return the LSH keys of a sighting, unless it has them already. Sightings of known articles never need them."""
    article.lsh_keys = article.lsh_keys or lsh_keys(text_of_article(article))
    return article.lsh_keys
