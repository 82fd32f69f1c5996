"""`scrapy crawl` with one-line messages for mistakes and an exit code for failed crawls."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from scrapy import signals
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from kcna_spider.archives.warc_writer import LOCK_PURPOSE
from kcna_spider.exceptions import ArgumentError, KcnaError
from kcna_spider.file_lock import require_locks
from kcna_spider.paths import written_folders
from kcna_spider.photos.files_store import require_file_store
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings

_BAD_ARGUMENT = "bad_argument"  # finish reason if the site shows that an argument is wrong
_FAILED, _MISTAKE = 1, 2
_log = logging.getLogger(__name__)


def _create_folders(folders: dict[str, Path]) -> None:
    """Create the folders that a crawl writes to. Raise ArgumentError for one that cannot be written to."""
    for name, folder in folders.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise ArgumentError(f"the setting {name}={folder}: {error.strerror}") from None


class Command(ScrapyCrawl):
    """Scrapy's command `crawl` with checks before and after the crawl."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run a crawl. The exit code is 0 if it finished, 1 if it failed, 2 for a mistake or no database."""
        assert self.crawler_process
        if len(args) != 1:
            names = ", ".join(self.crawler_process.spider_loader.list())
            raise UsageError(f"name one of the spiders: {names}", print_help=False)
        try:
            crawler = self._create_crawler(args[0])
        except KeyError:
            self._exit_with_error(f"there is no spider '{args[0]}'; `scrapy list` names them")
            return
        except ArgumentError as error:
            self._exit_with_error(str(error))
            return
        try:
            arguments = crawler.spidercls.arguments_class.parse(opts.spargs)  # type: ignore[attr-defined]
            photos = getattr(arguments, "photos", False)
            if photos:
                require_file_store(crawler.settings.get("FILES_STORE") or "")
            _create_folders(written_folders(crawler.settings, photos=photos))
            if crawler.settings.get("WARC_DIR"):
                require_locks(LOCK_PURPOSE)
            # Keep the archive open until the crawl ends, so that its embedded server keeps running.
            archive = Archive(StoreSettings.from_settings(crawler.settings))
        except (KcnaError, OSError) as error:
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

        Otherwise Scrapy formats each of them before its handler drops it.
        """
        assert self.settings
        for name in (None, "scrapy"):
            logging.getLogger(name).setLevel(self.settings["LOG_LEVEL"])

    def _exit_with_error(self, line: str) -> None:
        print(f"scrapy crawl: {line}", file=sys.stderr)
        if self.settings and self.settings.get("LOG_FILE"):  # Scrapyd shows only the log of a job
            _log.error("scrapy crawl: %s", line)
        self.exitcode = _MISTAKE
