"""`scrapy page URL_OR_FILE`: show which layout matches a page, and the result of each stage.

The command helps people who fix layouts.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from pymongo.errors import PyMongoError
from scrapy import Spider
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.http import Request, Response
from scrapy.responsetypes import responsetypes

from kcna_spider.archives.cdx import capture_of, original_of
from kcna_spider.exceptions import KcnaError, LayoutError
from kcna_spider.items import Fetched, ListingEntry, RawPhotoPage
from kcna_spider.layouts.base import Listing
from kcna_spider.pipelines.validate import problem
from kcna_spider.site_adapter import SiteAdapter, adapter_of_url, site_adapters
from kcna_spider.sites import canonical_url
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import masked
from kcna_spider.store_command import store_settings, warnings_on_stderr
from kcna_spider.text.block_detection import detect_block
from kcna_spider.text.dates import utc_now

_MISTAKE = 2


class OnePage(Spider):
    """Fetches one page through the same middlewares as a crawl, with the same delays."""

    name = "page"
    custom_settings = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "HTTPERROR_ALLOW_ALL": True, "RETRY_TIMES": 1}
    url: str
    result: dict[str, Any]

    async def start(self) -> Any:
        """Yield the request of the page."""
        yield Request(self.url, self.parse, errback=self.failed)

    def parse(self, response: Response) -> None:
        """Put the response into `result`."""
        self.result["response"] = response

    def failed(self, failure: Any) -> None:
        """Put the error into `result`, and the response if one was received."""
        self.result["why"] = str(failure.value)
        self.result["response"] = getattr(failure.value, "response", None)


class Command(ScrapyCommand):
    """Fetch or read a page, and print the result of each stage."""

    requires_project = True
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] URL_OR_FILE"

    def short_desc(self) -> str:
        return "Show which layout matches a page and what each stage makes of it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", metavar="URL", help="the URL that a FILE was saved from")
        parser.add_argument(
            "--content-type",
            default="text/html",
            metavar="TYPE",
            help="of a FILE, e.g. 'text/html; charset=shift_jis'",
        )
        parser.add_argument("--day", metavar="DAY", help="date that a listing states, e.g. 2026-07-19")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show the page. The exit code is 0 only if an article is valid or a listing is read."""
        if len(args) != 1:
            raise UsageError("name one page: a URL or a file", print_help=False)
        try:
            response = (
                self._fetched(args[0])
                if args[0].startswith(("http://", "https://"))
                else _of_file(args[0], opts)
            )
            self.exitcode = 0 if self._show(response, opts.day) else 1
        except (KcnaError, OSError) as error:
            print(f"scrapy page: {error}", file=sys.stderr)
            self.exitcode = _MISTAKE

    def _fetched(self, url: str) -> Response:
        assert self.crawler_process
        result: dict[str, Any] = {}
        self.crawler_process.crawl(OnePage, url=url, result=result)
        self.crawler_process.start()
        response: Response | None = result.get("response")
        if response is None:
            raise KcnaError(f"{url}: {result.get('why', 'no response')}")
        return response

    def _show(self, response: Response, day: str | None) -> bool:
        original = original_of(response.url)
        url = canonical_url(original[0] if original else response.url)
        adapter = adapter_of_url(url)
        _line("url", url)
        if original:
            _line("capture", f"{original[1]:%Y-%m-%d %H:%M:%S} UTC")
        _line("status", response.status)
        if adapter is None:
            raise KcnaError(f"{url}: no site of this project; there are {', '.join(sorted(site_adapters()))}")
        if reason := detect_block(response.status, response.headers, response.body):
            _line("no page", reason)
            return False
        try:
            layout, page = adapter.select_layout(response.replace(url=url))
            _line("layout", f"{adapter.name}/{layout.name}")
            found = adapter.read(layout, page)
        except LayoutError as error:
            _line("layout", f"none: {error}")
            return False
        if isinstance(found, Listing):
            _json("listing", dataclasses.asdict(found))
            return True
        if isinstance(found, RawPhotoPage):
            _json("photo page", dataclasses.asdict(found))
            return True
        fetched = Fetched(url, adapter.name, layout.name, utc_now(), capture=capture_of(response.url))
        sound = [self._show_article(adapter, fetched, raw, day) for raw in found]
        return bool(sound) and all(sound)

    def _show_article(self, adapter: SiteAdapter, fetched: Fetched, raw: Any, day: str | None) -> bool:
        url = fetched.url.partition("#")[0] + (f"#{raw.anchor}" if raw.anchor else "")
        _json("raw fields", dataclasses.asdict(raw))
        article = adapter.article(
            dataclasses.replace(fetched, url=url), raw, ListingEntry(url, day=day) if day else None
        )
        shown = dataclasses.asdict(article)
        for name in ("raw", "fingerprint", "lsh_keys", "decision", "outcome"):
            shown.pop(name)
        _json("article", shown)
        wrong = problem(article)
        _line("validation", f"rejected as {wrong[0]}: {wrong[1]}" if wrong else "sound")
        _line("store", self._stored(url))
        return wrong is None

    def _stored(self, url: str) -> str:
        try:
            with (
                warnings_on_stderr(self),
                closing(Archive(store_settings(self.settings), reading=True)) as archive,
            ):
                known = archive.known([url])
                query = {"url": url, "resolved_at": None}
                reject = archive.retry(lambda: archive.rejects.find_one(query, sort=[("last_seen", -1)]))
        except (KcnaError, PyMongoError) as error:
            return masked(str(error))
        if url in known:
            return (
                f"known since {known[url].first_seen:%Y-%m-%d}, categories: "
                f"{', '.join(sorted(known[url].categories)) or 'none'}"
            )
        return f"rejected as {reject['reason']}: {reject['detail']}" if reject else "not known"


def _of_file(name: str, opts: argparse.Namespace) -> Response:
    path = Path(name).expanduser()
    body = path.read_bytes()
    about = path.with_suffix(".json")  # stored pages of the tests have a JSON file with their URL
    said = json.loads(about.read_text(encoding="utf-8")) if about.exists() else {}
    url, kind = opts.url or said.get("url"), said.get("content_type") or opts.content_type
    if not url:
        raise KcnaError(f"{name}: give the URL that it was saved from with --url")
    headers = {"Content-Type": kind}
    return responsetypes.from_args(headers={b"Content-Type": kind.encode()}, url=url, body=body)(
        url, headers=headers, body=body
    )


def _line(name: str, value: object) -> None:
    print(f"{name}: {value}")


def _json(name: str, value: object) -> None:
    print(f"{name}: {json.dumps(value, ensure_ascii=False, indent=2, default=str)}")
