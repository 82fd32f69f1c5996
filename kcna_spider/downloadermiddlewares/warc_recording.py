"""Record the responses of a crawl as they were sent, if `WARC_DIR` is set.

This middleware must be nearer to the downloader than those that change responses.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from kcna_spider import __version__
from kcna_spider.archives.exchange import Headers, HttpExchange
from kcna_spider.archives.warc_writer import WarcFolder, about
from kcna_spider.downloadermiddlewares.damaged_response import is_cut_off
from kcna_spider.downloadermiddlewares.meta_keys import BROWSER_STATUSES, TRIED_HOSTS, WARC_RECORD
from kcna_spider.extensions.health import health_of
from kcna_spider.paths import path_setting
from kcna_spider.text.dates import utc_now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

logger = logging.getLogger(__name__)


class WarcRecordingMiddleware:
    """Write each response to a WARC file before other middlewares change it; put its position into the meta.

    A thread writes the responses, one at a time.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        folder = path_setting(settings, "WARC_DIR")
        if folder is None:
            raise NotConfigured
        self.crawler = crawler
        assert crawler.spider is not None
        said = about(f"kcna_spider/{__version__}", settings["USER_AGENT"], settings.get("CONTACT") or "")
        self.folder = WarcFolder(
            folder, f"kcna-{crawler.spider.name}", said, settings.getint("WARC_MAX_BYTES")
        )
        for name in self.folder.recovered:
            logger.warning("A killed crawl left %s open: closed, its whole records kept", name)
        self.thread = ThreadPoolExecutor(1, "warc")
        self._failed = False
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WarcRecordingMiddleware:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Return the response after it is written."""
        exchange = HttpExchange(
            url=response.url,
            at=utc_now(),
            status=[response.status, *request.meta.get(BROWSER_STATUSES, ())][-1],
            headers=_pairs(response),
            body=response.body,
            method=request.method,
            request_headers=_pairs(request),
            request_body=request.body,
            rendered="playwright" in response.flags,
            cut_off=is_cut_off(request, response),
            tried_hosts=tuple(request.meta.get(TRIED_HOSTS, ())),
        )
        try:
            place = await asyncio.get_running_loop().run_in_executor(self.thread, self.folder.write, exchange)
        except OSError as error:
            self._fail(error)
            return response
        if self.crawler.stats:
            self.crawler.stats.inc_value("warc/written")
        request.meta[WARC_RECORD] = {"file": place.file, "offset": place.offset, "at": exchange.at}
        return response

    def _fail(self, error: OSError) -> None:
        """End the crawl as failed, because its responses cannot be written."""
        if not self._failed:
            self._failed = True
            health_of(self.crawler).fail("warc_failed", f"{self.folder.folder}: {error}", close=True)

    def spider_closed(self) -> None:
        """Finish pending writes and close the WARC file."""
        self.thread.shutdown()
        self.folder.close()


def _pairs(message: Request | Response) -> Headers:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in message.headers.items()
        for value in values or ()
    ]
