"""One re-parse of WARC files: read all records, and write the wanted items in batches."""

from __future__ import annotations

import logging
import pprint
import sqlite3
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo.errors import PyMongoError
from rich.console import Console
from rich.progress import Progress

from kcna_spider.archives import captured_pages
from kcna_spider.archives.process_pool import Pool
from kcna_spider.archives.reparse import Reparse
from kcna_spider.archives.warc_files import WarcFile, why_unread
from kcna_spider.base_spiders.arguments import Arguments, argument, words
from kcna_spider.base_spiders.kcnawatch_source import same_label
from kcna_spider.exceptions import StoreError, StoreUnavailableError
from kcna_spider.extensions.health import CrawlOutcome, Limits
from kcna_spider.extensions.summary import ArticleCounts
from kcna_spider.items import Article, Item, PhotoSet, Reject
from kcna_spider.pipelines.mongo import decide_and_write, result_of
from kcna_spider.pipelines.validate import ValidatePipeline
from kcna_spider.site_adapter import site_adapters
from kcna_spider.sites import SITE_MODULES
from kcna_spider.store.archive import Archive
from kcna_spider.text.dates import in_range, utc_now

logger = logging.getLogger("reparse")

_BATCH = 256  # items per write
_MAX_WRITES = 4  # unfinished writes before reading pauses
_LAYOUTS = (captured_pages.__name__, *(f"kcna_spider.layouts.{name}" for name in SITE_MODULES))


@dataclass(frozen=True, kw_only=True)
class ReparseArguments(Arguments):
    """The options of `scrapy reparse`. source: labels of further wanted sources of KCNA Watch."""

    source: tuple[str, ...] = argument(
        words, 'labels of sources as KCNA Watch shows them, e.g. "Rodong Sinmun (En)"', default=()
    )


class ReparseRun:
    """One re-parse. A separate thread writes items while further records are parsed.

    unread: unsupported archives, each of which is reported. stopping: set by a signal. photo_folder: the
    folder for the files of photos, None to read no photos.
    """

    def __init__(
        self,
        archive: Archive,
        settings: Any,
        arguments: ReparseArguments,
        files: Sequence[WarcFile],
        unread: Sequence[Path],
        stopping: threading.Event,
        photo_folder: Path | None,
    ) -> None:
        self.archive, self.settings, self.arguments, self.files = archive, settings, arguments, files
        self.sources = set(map(same_label, arguments.source))
        self.unwanted: set[str] = set()  # URLs of articles of other sources
        self.stopping = stopping
        self.stats: Counter[str] = Counter()
        self.outcome = CrawlOutcome()
        self.counts = ArticleCounts()
        self.validate = ValidatePipeline()
        self.taken = 0
        size = sum(file.size for file in files)
        processes = (
            settings.getint("WARC_PROCESSES") if size >= settings.getint("WARC_PARALLEL_MIN_BYTES") else 0
        )
        self.pool = Pool(processes, _LAYOUTS)
        largest = max(settings.getint(name) for name in ("DOWNLOAD_MAXSIZE", "PHOTO_MAX_BYTES"))
        most = largest if photo_folder else settings.getint("DOWNLOAD_MAXSIZE")
        self.reparse = Reparse(files, self.pool, most, self._inc, photo_folder)
        for path in unread:
            self.reparse.not_read(why_unread(path), path.absolute().as_uri(), "unsupported_file")
        self.thread = ThreadPoolExecutor(1, "write")
        self.writes: deque[tuple[list[Item], Future[list[str]]]] = deque()

    def run(self, paths: Sequence[str]) -> str:
        """Read all files and write their items; return the finish reason. paths: as given by the user."""
        begun = time.monotonic()
        self.archive.repair(utc_now())
        given = {**self.arguments.as_given(), "path": list(paths)}
        key = self.archive.begin_run("reparse", given)
        reason = "error"
        try:
            self._read()
            reason = self._reason()
        except (StoreError, PyMongoError) as error:
            reason = "store_unavailable" if isinstance(error, StoreUnavailableError) else "store_failed"
            logger.error("%s: %s", reason, error)  # noqa: TRY400  # expected errors need no traceback
        except (OSError, sqlite3.Error) as error:  # a photo, or the temporary database, cannot be written
            reason = (
                "photos_not_kept" if self.reparse.photo_folder and isinstance(error, OSError) else "error"
            )
            logger.error("%s: %s", reason, error)  # noqa: TRY400
        except KeyboardInterrupt:
            reason = "shutdown"
            logger.warning("shutdown: run the command again to read the rest; what is stored is not lost")
        finally:
            if reason in ("error", "photos_not_kept", "store_failed", "store_unavailable", "shutdown"):
                self.stopping.set()  # aborts a write that waits for the database
            self.pool.close()
            self.thread.shutdown(cancel_futures=True)
            self.archive.end_run(key, reason, self.stats, seconds=None)
        stats = dict(self.stats) | {"elapsed_time_seconds": round(time.monotonic() - begun, 3)}
        logger.info("Stats:\n%s", pprint.pformat(stats))
        number = self.outcome.stored.total()
        self.counts.show(
            f"reparse: {reason}. {number} articles read. The data is in {self.archive.connection.place}."
        )
        return reason

    def _read(self) -> None:
        batch: list[Item] = []
        with Progress(console=Console(file=sys.stderr), disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task("reparse", total=sum(file.size for file in self.files))
            for items in self.reparse.items():
                if self.stopping.is_set():
                    raise KeyboardInterrupt
                batch += [wanted for item in items for wanted in self._wanted(item)]
                if len(batch) >= _BATCH:
                    self._submit(batch)
                    batch = []
                progress.update(task, completed=self.reparse.source.position)
        self._submit(batch)
        self._settle(0)

    def _wanted(self, item: Item) -> list[Item]:
        """Return the item to write: validated, perhaps a reject, or none if the user does not want it."""
        if isinstance(item, PhotoSet) and item.article_urls and self.unwanted.issuperset(item.article_urls):
            return []
        if not isinstance(item, Article):
            return [item]
        if not self._is_of_wanted_source(item):
            self.unwanted.add(item.url)
            self._inc("articles/other_source")
            return []
        if not in_range(item.published, self.arguments.since, self.arguments.until):
            self._inc("articles/out_of_range")
            return []
        if self.arguments.limit is not None and self.taken >= self.arguments.limit:
            return []
        self.taken += 1
        return [self.validate.process_item(item)]

    def _is_of_wanted_source(self, article: Article) -> bool:
        """Return whether an article is of KCNA, of no named source, or of a source that the user named."""
        label = same_label(article.source)
        return not label or site_adapters()[article.site].is_kcna(article) or label in self.sources

    def _submit(self, batch: list[Item]) -> None:
        if batch:
            self.writes.append((batch, self.thread.submit(decide_and_write, self.archive, batch)))
        self._settle(_MAX_WRITES)

    def _settle(self, most: int) -> None:
        """Wait until at most `most` writes are unfinished, and count the results of the finished ones."""
        while len(self.writes) > most:
            items, future = self.writes.popleft()
            for item, outcome in zip(items, future.result(), strict=True):
                self._written(item, outcome)

    def _written(self, item: Item, outcome: str) -> None:
        item, stat = result_of(item, outcome)
        if stat:
            self._inc(stat)
        if isinstance(item, Reject):
            logger.warning("Rejected: %s: %s: %s", item.url, item.reason, item.detail)
        self.outcome.add(item)
        self.counts.add(item)

    def _reason(self) -> str:
        if unread := self.reparse.unread:
            detail = f"{len(unread)} files or records could not be read, the first: {unread[0]}"
            logger.error("unread_records: %s", detail)
            return "unread_records"
        self.outcome.listed = self.reparse.listed
        self.outcome.pages, self.outcome.unknown_pages = (
            self.reparse.pages["known"],
            self.reparse.pages["unknown"],
        )
        return self.outcome.failure(Limits.from_settings(self.settings)) or "finished"

    def _inc(self, name: str) -> None:
        self.stats[name] += 1
