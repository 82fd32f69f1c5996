"""`scrapy crawl`, with one clear line for a mistake and an exit code that tells a failed crawl from a good one."""

from __future__ import annotations

import argparse
import logging
import sys

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from kcna_spider.collector import collect_rarely
from kcna_spider.exceptions import ArgumentError, KcnaError
from kcna_spider.store.shared import archive_of, close_archive_of

GOOD_ENDS = frozenset({"finished"})
_BAD_ARGUMENT = "bad_argument"  # the finish reason where the site showed that an argument is wrong
_FAILED, _MISTAKE = 1, 2
_log = logging.getLogger(__name__)


class Command(ScrapyCrawl):
    """Scrapy's own command, with checks before and after."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl; the exit code is 0 only for a good end, 2 for a wrong argument or an unreachable database, 1 for a failed crawl."""
        if len(args) != 1:
            raise UsageError("name one spider: kcnawatch, kcna_kp, kcna_co_jp, wayback or warc", print_help=False)
        assert self.crawler_process
        try:
            crawler = self._create_crawler(args[0])
        except KeyError:
            self._refuse(f"there is no spider '{args[0]}'; `scrapy list` names them")
            return
        except ArgumentError as error:
            self._refuse(str(error))
            return
        try:
            crawler.spidercls.arguments_class.parse(opts.spargs)  # type: ignore[attr-defined]
            archive_of(crawler)
        except KcnaError as error:
            self._refuse(str(error))
            return
        self._be_quick()
        try:
            self.crawler_process.crawl(crawler, **opts.spargs)
            self.crawler_process.start()
        finally:
            close_archive_of(crawler)
        reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
        if self.crawler_process.bootstrap_failed or reason not in GOOD_ENDS:
            self.exitcode = _MISTAKE if reason == _BAD_ARGUMENT else _FAILED

    def _be_quick(self) -> None:
        """What nobody sees costs nothing: Scrapy makes each line of its log whole before its handler drops what is below LOG_LEVEL."""
        assert self.settings
        for name in (None, "scrapy"):
            logging.getLogger(name).setLevel(self.settings["LOG_LEVEL"])
        collect_rarely()

    def _refuse(self, line: str) -> None:
        print(f"scrapy crawl: {line}", file=sys.stderr)
        if self.settings and self.settings.get("LOG_FILE"):  # under Scrapyd all that people see of a job
            _log.error("scrapy crawl: %s", line)
        self.exitcode = _MISTAKE
