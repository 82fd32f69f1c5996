"""Read the records of WARC files, the earliest file first, and resolve revisits to their pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from kcna_spider.archives.cdx import original_of
from kcna_spider.archives.exchange import WarcResponse
from kcna_spider.archives.warc_files import WarcFile
from kcna_spider.archives.warc_reader import WITH_BODY, first_timestamp, records
from kcna_spider.sites import site_of_url


class RecordSource:
    """Reads files one after the other. most_bytes: a record with a longer body is `too_large`.

    failed: called with each file that cannot be read, and the error.
    """

    def __init__(
        self, files: Sequence[WarcFile], most_bytes: int, failed: Callable[[WarcFile, OSError], None]
    ) -> None:
        self.files, self.most_bytes, self.failed = files, most_bytes, failed
        self.resolved = 0  # number of revisits
        self.position = 0  # bytes that were read, for a progress bar
        # Payload digest -> file and offset of the first record with that payload
        self._originals: dict[str, tuple[WarcFile, int]] = {}
        self._waiting: list[WarcResponse] = []  # revisits whose payload has not been read yet

    def records(self) -> Iterator[WarcResponse]:
        """Yield the responses of all files, the files in the order of their first records.

        A revisit is yielded as the page or image that it refers to, with its own URL and timestamp. If no
        file contains that, the revisit is yielded as `unchanged`, after all files.
        """
        for file in sorted(self.files, key=first_timestamp):
            begin = self.position
            try:
                for record in self._of(file):
                    self.position = begin + record.location.offset
                    yield record
            except OSError as error:
                self.failed(file, error)
            self.position = begin + file.size
        for revisit in self._waiting:
            yield self._original(revisit) or dataclasses.replace(revisit, kind="unchanged")

    def _of(self, file: WarcFile) -> Iterator[WarcResponse]:
        for record in records(file, self.most_bytes):
            ours = record.kind in (*WITH_BODY, "revisit") and _is_ours(record.url)
            if ours and record.kind in WITH_BODY and record.digest:
                self._originals.setdefault(record.digest, (file, record.location.offset))
            if not ours or record.kind in WITH_BODY:
                yield record
            elif original := self._original(record):
                yield original
            else:
                self._waiting.append(record)

    def _original(self, revisit: WarcResponse) -> WarcResponse | None:
        if (place := self._originals.get(revisit.digest)) is None:
            return None
        file, offset = place
        for original in records(file, self.most_bytes, offset):  # a gzip member may contain several records
            if original.location.offset != offset:
                break
            if original.digest == revisit.digest and original.kind in WITH_BODY:
                self.resolved += 1
                return dataclasses.replace(
                    original, url=revisit.url, at=revisit.at, location=revisit.location
                )
        return None


def _is_ours(url: str) -> bool:
    """Return whether a URL, or the original URL of a capture, belongs to a site of this project."""
    try:
        original = original_of(url)
        return site_of_url(original[0] if original else url) is not None
    except ValueError:
        return False
