"""Tell stored articles with the same text apart.

The unique index holds fingerprint, language and a number.
"""

from __future__ import annotations

from pymongo.collection import Collection

from kcna_spider.store.model.types import ArticleDocument, Document


def free_duplicate_index(articles: Collection[Document], document: ArticleDocument, fingerprint: str) -> int:
    """Return the number under which an article may take a text.

    0 where no other article of its language has it.
    """
    same = {"fingerprint": fingerprint, "language": document["language"], "_id": {"$ne": document["_id"]}}
    return 1 + max(
        (other["duplicate_index"] for other in articles.find(same, {"duplicate_index": 1})), default=-1
    )
