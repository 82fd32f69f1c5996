"""A crawl that is told to end (SIGTERM, Ctrl-C, Scrapyd's cancel) asks for nothing more, and waits for what is under way only a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy.http import Request, Response

HELD = "held"  # key in a request's meta: an object whose `given_up` says that what it stands for was not followed up
_OF: WeakKeyDictionary[Any, Ending] = WeakKeyDictionary()


class EndingError(IgnoreRequest):
    """The crawl ends before the request was answered. It is no failure: no errback hears of it, the next crawl asks again."""

    def __init__(self, request: Request) -> None:
        super().__init__(f"the crawl ends: {request.url}")
        request.errback = None
        if held := request.meta.get(HELD):
            held.given_up = True


class Ending:
    """One a crawl. `begun`: set when it is told to end. `gate`: what a request waits at before it is sent, where others are asked too."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.gate: Callable[[Request], AbstractAsyncContextManager[None]] = lambda _: nullcontext()
        self.under_way: dict[asyncio.Task[Any], Request] = {}

    async def pause(self, request: Request, seconds: float) -> None:
        """Sleep before a request; EndingError where the crawl ends."""
        if seconds and not self.begun.is_set():
            try:
                await asyncio.wait_for(self.begun.wait(), seconds)
            except TimeoutError:
                return
        if self.begun.is_set():
            raise EndingError(request)

    async def download(self, request: Request, download: Callable[[Request], Awaitable[Response]]) -> Response:
        """The answer; EndingError where it was given up for the end."""
        task = asyncio.current_task()
        assert task
        self.under_way[task] = request
        try:
            async with self.gate(request):
                response = await download(request)
        except asyncio.CancelledError:
            if self.begun.is_set():
                raise EndingError(request) from None
            raise
        finally:
            del self.under_way[task]
        return response

    def give_up(self) -> None:
        """Wait for no answer any longer."""
        for task in list(self.under_way):
            task.cancel()


def ending_of(crawler: Any) -> Ending:
    """The one of this crawl."""
    if crawler not in _OF:
        _OF[crawler] = Ending()
    return _OF[crawler]


class EndingHTTPHandler(HTTP11DownloadHandler):
    """Scrapy's own, which can be ended."""

    async def download_request(self, request: Request) -> Response:
        """The answer; EndingError."""
        return await ending_of(self._crawler).download(request, super().download_request)
