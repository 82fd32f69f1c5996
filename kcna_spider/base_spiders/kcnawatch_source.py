"""The position in the listing of one source of KCNA Watch, and the requests of its button."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from urllib.parse import urlencode

from kcna_spider.base_spiders.article_requests import Lookup
from kcna_spider.base_spiders.pagination import ListingCursor
from kcna_spider.items import ListingEntry
from kcna_spider.layouts.more_button import MoreRequest
from kcna_spider.text.dates import parse_day

_ACTION = "get_cat_by_source"
_NUMBER = re.compile(r"/article/(\d+)")


def same_label(label: str | None) -> str:
    """Return a source's label in the form for comparisons: case-folded, with single blanks."""
    return " ".join((label or "").split()).casefold()


@dataclasses.dataclass(slots=True)
class SourceCursor(ListingCursor):
    """The position in the listing of one source.

    url: that of its first page. offset: number of articles before the next piece. count: number of articles
    on the first page. last_count: on the last piece with articles. end_checks: how often an empty piece was
    checked to be the end. more, has_button: the request of its button, and whether there is a button.
    first: the entries of its first page. labels: the labels of their sources. newest_of_page,
    oldest_of_page: dates on the last page read. last_piece: the URLs on it. pages: number of pages read.
    searchable: whether older dates may be read through the search. clicking: whether the button is clicked
    in a browser, because the plain request returned articles of another source.
    """

    url: str = ""
    offset: int = 0
    count: int = 0
    last_count: int = 0
    end_checks: int = 0
    more: MoreRequest | None = None
    first: list[ListingEntry] = dataclasses.field(default_factory=list)
    labels: set[str] = dataclasses.field(default_factory=set)
    newest_of_page: dt.date | None = None
    oldest_of_page: dt.date | None = None
    last_piece: set[str] = dataclasses.field(default_factory=set)
    pages: int = 0
    has_button: bool = False
    searchable: bool = True
    clicking: bool = False

    @property
    def number(self) -> str:
        """The number in the listing's URL."""
        found = _NUMBER.search(self.url)
        return found[1] if found else ""

    def is_other(self, source: str | None) -> bool:
        """Return whether a label names a source that the listing's first page does not use."""
        return (
            bool(source)
            and same_label(source) != same_label(self.name)
            and same_label(source) not in self.labels
        )

    def repeats(self, entries: Sequence[ListingEntry]) -> bool:
        """Return whether a piece has the same articles as the one before, and remember its articles."""
        before, self.last_piece = self.last_piece, {entry.url for entry in entries}
        return bool(before) and before == self.last_piece

    def count_page(self, entries: Sequence[ListingEntry]) -> None:
        """Record the dates and the size of the page that was read last, and the size of the first one."""
        self.count = self.count or len(entries)
        self.last_count = len(entries) or self.last_count
        self.pages += 1
        days = [day for entry in entries if (day := parse_day(entry.day))]
        self.newest_of_page, self.oldest_of_page = (
            max(days, default=self.newest_of_page),
            min(days, default=self.oldest_of_page),
        )

    def stored_of_other_source(
        self, entries: Sequence[ListingEntry], lookup: Lookup
    ) -> tuple[str, str] | None:
        """Return (URL, source) of an entry that is stored under another source, or None."""
        stored = (
            (entry.url, lookup.known[entry.url].sources.get(entry.url))
            for entry in entries
            if entry.url in lookup.known
        )
        return next(((url, source) for url, source in stored if source and self.is_other(source)), None)

    @property
    def is_doubtful(self) -> bool:
        """Whether only one page was read, and its script does not name the usual request of its button."""
        more = self.more
        usual = more is not None and more.fields.get("action") == _ACTION and "id" not in more.unknown
        return self.pages == 1 and self.has_button and not usual

    @property
    def ends_at_full_piece(self) -> bool:
        """Whether an empty piece may be an error of the site, because the one before it had the usual size.

        This can be checked only if pieces are requested by the number of articles before them, not by pages.
        """
        if self.pages == 1 and not self.has_button:
            return False
        more = self.more or MoreRequest()
        usual = (more.start if self.pages == 1 else more.step) or self.count
        return self.last_count >= usual and more.step != 1

    def next_piece(self, back: int = 0) -> str:
        """Return the path and query of the next piece.

        Fields that the page's script does not state have observed values. back: number of known articles with
        which the piece begins.
        """
        named = self.more or MoreRequest()
        usual = {
            "action": _ACTION,
            "die": "true",
            "from": "",
            "to": str(self.count),
            "sort": "",
            "id": self.number,
        }
        fields = usual | named.fields
        if named.position != "from":
            del fields["from"]
        at = (
            self.offset
            if named.step is None or named.start is None
            else named.start + named.step * (self.pages - 1)
        )
        return f"{named.path}?{urlencode({**fields, named.position: at - back})}"
