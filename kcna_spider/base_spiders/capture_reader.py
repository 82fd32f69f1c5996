"""Turn captures of pages into articles and rejects, which have the time of the capture."""

from __future__ import annotations

import dataclasses
from typing import Any

from scrapy.http import Response

from kcna_spider.archives.cdx import capture_of
from kcna_spider.base_spiders.page_reader import PageReader
from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Fetched, ListingEntry, Reject
from kcna_spider.layouts.base import Layout
from kcna_spider.text.dates import utc_now


class CaptureReader(PageReader):
    """Read captured pages.

    Pages have the time of the capture. Rejects name the capture, so that their URLs are not requested from
    the site.
    """

    def fetched(self, response: Response, layout: Layout, url: str) -> Fetched:
        fetched = super().fetched(response, layout, url)
        capture = self._capture(response) or {"at": utc_now(), "url": url}
        return dataclasses.replace(fetched, at=capture["at"], etag=None, modified=None, capture=capture)

    def unknown_layout(
        self, response: Response, error: LayoutError, entry: ListingEntry | None = None
    ) -> Reject:
        reject = super().unknown_layout(response, error, entry)
        reject.raw["capture"] = self._capture(response)
        return reject

    def _capture(self, response: Response) -> dict[str, Any] | None:
        """Return the capture in a response, which a redirect may have chosen, or None."""
        return capture_of(response.request.url) if response.request else None
