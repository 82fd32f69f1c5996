"""Mark responses whose body is cut off or cannot be decompressed, which Scrapy would pass on in part.

A part of a page would look like an edit, or like a withdrawal of the articles at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcna_spider.downloadermiddlewares.meta_keys import CUT_OFF_LENGTH
from kcna_spider.site_adapter import header
from kcna_spider.text.block_detection import is_whole_gzip

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

DAMAGED = "damaged"  # the flag of a marked response, and the reason code
_GZIP = ("gzip", "x-gzip")
_ENDS = 2_000  # bytes at each end of a page that are searched for its tags


class DamagedResponseMiddleware:
    """Empty the body of a damaged response and flag it. BlockedResponseMiddleware then retries the request.

    This middleware must be nearer to the downloader than the one that decompresses.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DamagedResponseMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response, or an empty one with the flag `damaged`."""
        if (header(response, "Content-Encoding") or "").lower() in _GZIP:
            damaged = bool(response.body) and not is_whole_gzip(response.body, self.max_bytes)
        else:
            damaged = is_cut_off(request, response)
            request.meta[CUT_OFF_LENGTH] = len(response.body)
        if not damaged:
            return response
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        return response.replace(body=b"", headers=headers, flags=[*response.flags, DAMAGED])


def is_cut_off(request: Request, response: Response) -> bool:
    """Return whether a page whose length the server did not state ends before `</html>`.

    A page that ends at the same byte when it is requested again has no such end.
    """
    body = response.body
    if "partial" not in response.flags or b"<html" not in body[:_ENDS].lower():
        return False
    return b"</html" not in body[-_ENDS:].lower() and request.meta.get(CUT_OFF_LENGTH) != len(body)
