"""The listings of WARC files: which articles they name, and what later listings add to articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kcna_spider.archives.captured_pages import ParsedRecord
from kcna_spider.archives.replay_index import Entry, ReplayIndex
from kcna_spider.items import AvailabilityCheck, Item, ListingEntry, ListingUpdate
from kcna_spider.site_adapter import adapter_of_url, site_adapters
from kcna_spider.text.dates import parse_day, utc_now


class ReplayedListings:
    """The listings that a re-parse has read. index: their temporary database."""

    def __init__(self, index: ReplayIndex) -> None:
        self.index = index

    def is_named(self, one: ParsedRecord) -> bool:
        """Return whether a listing that was read so far names a page or an article in it."""
        names = [one.fetched.url, *self.index.sources(one.fetched.url)]
        return any(self.index.entries(name) for name in names) or bool(self.index.anchors(one.fetched.url))

    def keep(self, one: ParsedRecord, url: str) -> None:
        """Keep the entries and the label of a listing, and which pages continue it. url: its URL."""
        if not one.entries:  # a menu, whose links are listings
            for link in one.links:
                self.index.label(link.url, link.label)
            return
        if one.name:
            self.index.label(url, " ".join(one.name.split()))
        for link in one.links:  # further pages of the listing
            self.index.follows(url, link.url)
        for entry in one.entries:
            self.index.listed(url, entry.url, entry.title, entry.day, entry.categories)

    def later_updates(self) -> Iterator[Item]:
        """Yield updates from later listings, and checks of URLs that were gone or unchanged."""
        for url, before in self.index.listed_again():
            adapter = adapter_of_url(url)
            if adapter and (listed := merged(self.index.entries(url)[before:], url, adapter.name)):
                yield ListingUpdate([url], listed.categories, utc_now(), parse_day(listed.day))
        for at, url, gone in self.index.checks():
            for name in (url, *self.index.sources(url)):
                for story in self.index.parts(name) or (name,):
                    yield AvailabilityCheck(story, gone, at)


def merged(entries: Sequence[Entry], url: str, site: str) -> ListingEntry | None:
    """Return the listing entries of an article merged into one, or None if there are none."""
    if not entries:
        return None
    title = next((title for title, *_ in entries if title), None)
    day = next((day for _, day, *_ in entries if parse_day(day)), None)
    categorised = site_adapters()[site].site.categorised
    categories = (
        [name for _, _, names, label in entries for name in (*names, label) if name] if categorised else []
    )
    return ListingEntry(url, title, day, list(dict.fromkeys(categories)))
