"""The listings that a crawl still has to read, and the articles that they named so far.

A site that shows an article in several listings is read listing by listing first: what they say of an article
is merged, and it is requested and stored once, with all its categories.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kcna_spider.base_spiders.article_requests import Lookup
from kcna_spider.items import ListingEntry
from kcna_spider.layouts.base import Link


class ListingQueue:
    """Listings of each group (a language, say), read one after the other.

    groups: `group_loaded` is called once for each of them.
    """

    def __init__(self, groups: Iterable[str]) -> None:
        self._not_loaded = set(groups)
        self._waiting: dict[str, deque[tuple[Link, str]]] = {}
        self._entries: dict[str, ListingEntry] = {}
        self.lookup: Lookup | None = Lookup()

    def add(self, group: str, listings: Sequence[tuple[Link, str]]) -> None:
        """Add a group's listings, a link and a key each. The first one is being read from now on."""
        self._waiting[group] = deque(listings)

    def group_loaded(self, group: str) -> None:
        """Note that the listings of a group are known, or cannot be fetched."""
        self._not_loaded.discard(group)

    @property
    def done(self) -> bool:
        """Whether all listings are read, and what they named was taken."""
        return not (self._not_loaded or any(self._waiting.values()) or self._entries)

    def finish(self, key: str) -> tuple[Link, str] | None:
        """Note that the listing with this key is read; return the one after it, if there is one."""
        for waiting in self._waiting.values():
            if waiting and waiting[0][1] == key:
                waiting.popleft()
                return waiting[0] if waiting else None
        return None

    def add_entries(self, entries: Iterable[ListingEntry], lookup: Lookup | None) -> None:
        """Add the entries of a listing page.

        lookup: what the store knows of them, None where it was not asked.
        """
        if self.lookup and lookup:
            self.lookup.update(lookup)
        else:
            self.lookup = None
        for entry in entries:
            known = self._entries.get(entry.url)
            if known is None:
                self._entries[entry.url] = replace(entry, categories=list(entry.categories))
            else:
                known.title, known.day = known.title or entry.title, known.day or entry.day
                known.categories += [name for name in entry.categories if name not in known.categories]

    def pop_ready(self, limit: int) -> tuple[list[ListingEntry], Lookup | None]:
        """Return the entries added since the last time, once no listing is left or there are `limit` of them.

        Return nothing before that. With them comes what the store knows of them, None if it was not asked
        for all.
        """
        if (self._not_loaded or any(self._waiting.values())) and len(self._entries) < limit:
            return [], Lookup()
        entries, self._entries = list(self._entries.values()), {}
        lookup, self.lookup = self.lookup, Lookup()
        return entries, lookup
