"""Count the outcomes of the articles of each listing.

A crawl fails if all articles of a listing are rejected, however few they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_FINE_REJECTS = ("stub",)  # placeholders that the site lists among its articles


@dataclass(slots=True)
class _Listing:
    waiting: set[str] = field(default_factory=set)
    fine: int = 0
    rejected: int = 0
    reason: str = ""


class ListingOutcomes:
    """Count the articles of each listing: pending, fine (stored, known, not wanted), and rejected."""

    def __init__(self) -> None:
        self._listings: dict[str, _Listing] = {}
        self._listings_of: dict[str, set[str]] = {}

    def expect(self, url: str, listing: str | None) -> None:
        """Record that an article of a listing is pending. An article may be in several listings.

        listing: the listing's key, or None for an article of no listing.
        """
        names = self._listings_of.setdefault(url, set())
        if listing is not None and listing not in names:
            names.add(listing)
            self._listings.setdefault(listing, _Listing()).waiting.add(url)

    def known(self, listing: str | None) -> None:
        """Record that an article of a listing is stored already."""
        if listing is not None:
            self._listings.setdefault(listing, _Listing()).fine += 1

    def settle(self, url: str, reject: str | None = None) -> None:
        """Record the outcome of an article. reject: its reason code, or None if it was not rejected."""
        for name in self._listings_of.pop(url, ()):
            listing = self._listings[name]
            listing.waiting.discard(url)
            if reject is None or reject in _FINE_REJECTS:
                listing.fine += 1
            else:
                listing.rejected += 1
                listing.reason = listing.reason or f"{reject}: {url}"

    def failures(self) -> list[str]:
        """Return a line for each listing of which every article was rejected."""
        return [
            f"all {one.rejected} articles of {name} were rejected, the first as {one.reason}"
            for name, one in self._listings.items()
            if one.rejected and not one.fine and not one.waiting
        ]
