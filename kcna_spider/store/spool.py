"""Keeps what can't be written now: a folder of JSON Lines files, brought in by age once the database is back.

A file appears whole or not at all (written beside, flushed to the disk, renamed); each line holds one item and the checksum of its
text. A file goes only once the database acknowledged all of it. Bringing one in twice changes nothing: sightings are recognised.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import itertools
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bson.json_util import CANONICAL_JSON_OPTIONS, dumps, loads
from cattrs.errors import BaseValidationError
from cattrs.preconf.bson import make_converter
from cattrs.strategies import configure_tagged_union

from kcna_spider.items import Item

logger = logging.getLogger(__name__)

_CONVERTER = make_converter()  # leaves moments as they are, also where an item keeps what it found; BSON's JSON writes them
_JSON = CANONICAL_JSON_OPTIONS.with_options(tz_aware=True, tzinfo=dt.UTC)
configure_tagged_union(Item, _CONVERTER, tag_name="kind")
_SUFFIX, _PART, _DAMAGED = ".jsonl", ".part", ".damaged"


class Spool:
    """The files of a folder, which several crawls may share. `damaged`: how many lines could not be brought in by this object."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged = 0
        self._numbers = itertools.count(1)

    def add(self, items: Sequence[Item]) -> Path:
        """Keep items, as one file; on the disk when this returns. OSError where the disk takes no more."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{time.time_ns():020d}-{os.getpid()}-{next(self._numbers)}{_SUFFIX}"
        part = path.with_suffix(_PART)
        try:
            with part.open("w", encoding="utf-8", errors="surrogatepass") as file:
                file.writelines(f"{line_of(item)}\n" for item in items)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        _flush_folder(self.folder)
        return path

    def files(self) -> list[Path]:
        """Whole files, the oldest first."""
        return sorted(self.folder.glob(f"*{_SUFFIX}")) if self.folder.exists() else []

    def bring_in(self, write: Callable[[list[Item]], Any]) -> int:
        """Give all files to `write`, in order; gives the number of items. What `write` raises goes on, and the file stays."""
        if not self.files():
            return 0
        number = 0
        with self._alone():
            for path in self.files():
                items, bad = self._read(path)
                if items:
                    write(items)
                number += len(items)
                self._done(path, bad)
        return number

    def _read(self, path: Path) -> tuple[list[Item], int]:
        items, bad = [], 0
        with path.open(encoding="utf-8", errors="surrogatepass") as file:
            for number, line in enumerate(file, 1):
                try:
                    items.append(item_of(line))
                except (ValueError, KeyError, TypeError) as error:
                    bad += 1
                    logger.error("%s, line %d, is damaged: %s", path, number, error)  # noqa: TRY400  # the line, not our code
        return items, bad

    def _done(self, path: Path, bad: int) -> None:
        self.damaged += bad
        if bad:
            path.rename(path.with_suffix(_DAMAGED))
        else:
            path.unlink()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One crawl at a time brings files in."""
        with (self.folder / "lock").open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def line_of(item: Item) -> str:
    """One line: the item as JSON text, and that text's checksum."""
    text = dumps(_CONVERTER.unstructure(item, unstructure_as=Item), json_options=_JSON)
    return json.dumps({"sha256": hashlib.sha256(text.encode()).hexdigest(), "item": text})


def item_of(line: str) -> Item:
    """The item of a line; ValueError where it isn't what was written."""
    entry = json.loads(line)
    if hashlib.sha256(entry["item"].encode()).hexdigest() != entry["sha256"]:
        raise ValueError("the checksum is another")
    try:
        item: Item = _CONVERTER.structure(loads(entry["item"], json_options=_JSON), Item)  # type: ignore[arg-type]
    except BaseValidationError as error:
        raise ValueError(f"it has other fields than this version writes ({error})") from None
    return item


def _flush_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
