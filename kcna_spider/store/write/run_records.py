"""The collection `runs`: one document per crawl or re-parse, with its arguments, versions, end and stats."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, cast

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database

from kcna_spider import __version__
from kcna_spider.store.model.types import Document, RunDocument
from kcna_spider.text.dates import utc_now


class RunStore:
    """Write the records of runs."""

    def __init__(self, database: Database[Document]) -> None:
        self.collection = cast("Collection[RunDocument]", database["runs"])

    def begin(self, key: ObjectId, spider: str, arguments: Mapping[str, Any]) -> None:
        """Write the record of a new run; safe to repeat. key: a fresh identifier."""
        versions = {
            "kcna_spider": __version__,
            "scrapy": version("scrapy"),
            "pymongo": version("pymongo"),
            "python": platform.python_version(),
        }
        document: RunDocument = {
            "_id": key,
            "spider": spider,
            "arguments": dict(arguments),
            "started_at": utc_now(),
            "finished_at": None,
            "finish_reason": None,
            "versions": versions,
            "process": {"host": platform.node(), "pid": os.getpid()},
            "stats": [],
        }
        self.collection.replace_one({"_id": key}, document, upsert=True)

    def end(self, key: ObjectId, reason: str, stats: Mapping[str, Any]) -> None:
        """Complete the record of a run. reason: the finish reason.

        The names of stats are stored as values, because field names should not contain dots.
        """
        listed = [{"name": name, "value": value} for name, value in sorted(stats.items())]
        self.collection.update_one(
            {"_id": key},
            {"$set": {"finished_at": utc_now(), "finish_reason": reason, "stats": listed}},
        )
