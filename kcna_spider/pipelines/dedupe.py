"""Gives each article what tells it from others: the fingerprint of its text.

Which stored article it belongs to is looked up by `store.matching`, in the same batch as it is written: only then is the
answer still true when it counts.
"""

from __future__ import annotations

from kcna_spider.items import Article
from kcna_spider.text.similarity import identify


class DedupePipeline:
    """Fills `fingerprint`."""

    def process_item(self, item: object) -> object:
        """The item."""
        if isinstance(item, Article) and not item.fingerprint:  # what came from another process has it
            identify(item)
        return item
