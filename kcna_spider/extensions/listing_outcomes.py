"""What became of the stories of each listing.

A listing whose stories all end as rejects is a failure, however few they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_FINE_REJECTS = ("stub",)  # placeholders that the site lists beside its articles


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
        """Note that a story of a listing is fetched, or waits for its storage.

        An article may be in several.
        """
        names = self._listings_of.setdefault(url, set())
        if listing is not None and listing not in names:
            names.add(listing)
            self._listings.setdefault(listing, _Listing()).waiting.add(url)

    def known(self, listing: str | None) -> None:
        """Note that a story of a listing is stored already."""
        if listing is not None:
            self._listings.setdefault(listing, _Listing()).fine += 1

    def settle(self, url: str, reject: str | None = None) -> None:
        """Note what became of a story. reject: the reason code, None where it is fine."""
        for name in self._listings_of.pop(url, ()):
            listing = self._listings[name]
            listing.waiting.discard(url)
            if reject is None or reject in _FINE_REJECTS:
                listing.fine += 1
            else:
                listing.rejected += 1
                listing.reason = listing.reason or f"{reject}: {url}"

    def failures(self) -> list[str]:
        """Return a line for each listing of which every story was rejected."""
        return [
            f"all {one.rejected} articles of {name} were rejected, the first as {one.reason}"
            for name, one in self._listings.items()
            if one.rejected and not one.fine and not one.waiting
        ]
