"""Number stored articles with the same text, so that fingerprint, language and number are unique."""

from __future__ import annotations

from pymongo.collection import Collection

from kcna_spider.store.model.types import ArticleDocument, Document


def free_duplicate_index(articles: Collection[Document], document: ArticleDocument, fingerprint: str) -> int:
    """Return the `duplicate_index` with which an article may take a text.

    It is 0 if no other article of its language has the fingerprint.
    """
    same = {"fingerprint": fingerprint, "language": document["language"], "_id": {"$ne": document["_id"]}}
    return 1 + max(
        (other["duplicate_index"] for other in articles.find(same, {"duplicate_index": 1})), default=-1
    )
