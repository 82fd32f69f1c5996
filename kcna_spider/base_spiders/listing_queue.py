"""The listings that a crawl still has to read, and the merged entries of those that it has read.

If a site shows an article in several listings, their entries are merged before the article is requested, so
that it is stored once, with all its categories.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kcna_spider.base_spiders.article_requests import Lookup
from kcna_spider.items import ListingEntry
from kcna_spider.layouts.base import Link


class ListingQueue:
    """Listings of several groups (for example languages); those of a group are read one after the other.

    groups: the names of the groups, for each of which `group_loaded` must be called.
    """

    def __init__(self, groups: Iterable[str]) -> None:
        self._not_loaded = set(groups)
        self._waiting: dict[str, deque[tuple[Link, str]]] = {}
        self._entries: dict[str, ListingEntry] = {}
        self.lookup: Lookup | None = Lookup()

    def add(self, group: str, listings: Sequence[tuple[Link, str]]) -> None:
        """Add the listings of a group as (link, key). The first one counts as being read."""
        self._waiting[group] = deque(listings)

    def group_loaded(self, group: str) -> None:
        """Record that the listings of a group were added, or cannot be fetched."""
        self._not_loaded.discard(group)

    @property
    def done(self) -> bool:
        """Whether all listings were read, and all of their entries were returned by `pop_ready`."""
        return not (self._not_loaded or any(self._waiting.values()) or self._entries)

    def finish(self, key: str) -> tuple[Link, str] | None:
        """Record that the listing with this key was read; return the next one of its group, or None."""
        for waiting in self._waiting.values():
            if waiting and waiting[0][1] == key:
                waiting.popleft()
                return waiting[0] if waiting else None
        return None

    def add_entries(self, entries: Iterable[ListingEntry], lookup: Lookup | None) -> None:
        """Add the entries of a listing page.

        lookup: the look-up of these entries, or None if it was not made.
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
        """Return the new entries once no listing is left to read, or once there are `limit` of them.

        Before that, return none. Also return the look-up of the entries, or None if it was not made for all
        of them.
        """
        if (self._not_loaded or any(self._waiting.values())) and len(self._entries) < limit:
            return [], Lookup()
        entries, self._entries = list(self._entries.values()), {}
        lookup, self.lookup = self.lookup, Lookup()
        return entries, lookup
