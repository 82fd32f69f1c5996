"""With JOBDIR, Scrapy keeps the requests that wait. Of those that an earlier run left, only the stories' are taken up again.

A listing's request is a step of a walk that ended with its run: this run walks anew, and stops where all is stored.

Scrapy's queue files are whole only after a run that closed them (queuelib writes their sizes at the end); what a killed run left of them
may be empty, or cut in a request, and then ends every later run at its start. So such a queue is left out; the walk finds its stories again.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from kcna_spider.ending import EndingError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request

_log = logging.getLogger(__name__)
_RUNNING = "running"  # a file in JOBDIR: there from a run's begin to its clean end
_QUEUES = "requests.queue"  # the scheduler's folder in JOBDIR
_RUN = "run"  # key in a request's meta: the run that made it
STORIES_ABOVE = 5  # priorities: stories are asked for before anything else, also at a second try


class Resuming:
    """Downloader middleware; NotConfigured without JOBDIR."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.get("JOBDIR"):
            raise NotConfigured
        self.mark = Path(crawler.settings["JOBDIR"], _RUNNING).expanduser()
        self._leave_out_what_a_kill_left()
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        self.run = uuid.uuid4().hex
        crawler.signals.connect(self.request_scheduled, signal=signals.request_scheduled)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Resuming:
        """For Scrapy."""
        return cls(crawler)

    def _leave_out_what_a_kill_left(self) -> None:
        """Middlewares are made before the scheduler opens its queue."""
        if self.mark.exists() and (queues := self.mark.with_name(_QUEUES)).exists():
            shutil.rmtree(queues)
            _log.warning("JOBDIR=%s: the run before was killed, and its queue is left out. What is missing is looked for anew.", self.mark.parent)
        self.mark.parent.mkdir(parents=True, exist_ok=True)
        self.mark.touch()

    def spider_closed(self) -> None:
        """The scheduler has closed its files."""
        self.mark.unlink(missing_ok=True)

    def request_scheduled(self, request: Request) -> None:
        """Mark it before it is kept."""
        request.meta.setdefault(_RUN, self.run)

    def process_request(self, request: Request) -> None:
        """Drop a step of a walk that has ended."""
        if request.meta.get(_RUN, self.run) != self.run and request.priority <= STORIES_ABOVE:
            raise EndingError(request)
