"""`scrapy crawl`, with one clear line for a mistake and an exit code for a failed crawl."""

from __future__ import annotations

import argparse
import logging
import sys
from typing import Any

from scrapy import signals
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from kcna_spider.archives.warc_writer import LOCK_PURPOSE
from kcna_spider.exceptions import ArgumentError, KcnaError
from kcna_spider.file_lock import require_locks
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings

_BAD_ARGUMENT = "bad_argument"  # the finish reason where the site showed that an argument is wrong
_FAILED, _MISTAKE = 1, 2
_log = logging.getLogger(__name__)


class Command(ScrapyCrawl):
    """Scrapy's own command, with checks before and after."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl. Exit code 0 for a good end, 1 for a failed crawl, 2 for a wrong argument or no database."""
        if len(args) != 1:
            raise UsageError("name one spider: kcnawatch, kcna_kp, kcna_co_jp or wayback", print_help=False)
        assert self.crawler_process
        try:
            crawler = self._create_crawler(args[0])
        except KeyError:
            self._exit_with_error(f"there is no spider '{args[0]}'; `scrapy list` names them")
            return
        except ArgumentError as error:
            self._exit_with_error(str(error))
            return
        try:
            crawler.spidercls.arguments_class.parse(opts.spargs)  # type: ignore[attr-defined]
            if crawler.settings.get("WARC_DIR"):
                require_locks(LOCK_PURPOSE)
            # Open until the crawl has ended: an embedded server that it starts keeps running for the crawl.
            archive = Archive(StoreSettings.from_settings(crawler.settings))
        except KcnaError as error:
            self._exit_with_error(str(error))
            return
        self._skip_invisible_logging()
        reasons: list[str] = []

        def keep_reason(spider: Any, reason: str) -> None:  # noqa: ARG001  # Scrapy's signature
            reasons.append(reason)

        crawler.signals.connect(keep_reason, signal=signals.spider_closed)
        try:
            self.crawler_process.crawl(crawler, **opts.spargs)
            self.crawler_process.start()
        finally:
            archive.close()
        if self.crawler_process.bootstrap_failed or set(reasons) != {"finished"}:
            self.exitcode = _MISTAKE if _BAD_ARGUMENT in reasons else _FAILED

    def _skip_invisible_logging(self) -> None:
        """Drop log records below LOG_LEVEL at their loggers.

        Scrapy formats each of them before its handler drops it.
        """
        assert self.settings
        for name in (None, "scrapy"):
            logging.getLogger(name).setLevel(self.settings["LOG_LEVEL"])

    def _exit_with_error(self, line: str) -> None:
        print(f"scrapy crawl: {line}", file=sys.stderr)
        if self.settings and self.settings.get("LOG_FILE"):  # Scrapyd shows nothing else of a job
            _log.error("scrapy crawl: %s", line)
        self.exitcode = _MISTAKE
