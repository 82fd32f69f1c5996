"""Read access to an archive from Python: `kcna_spider.open_archive`."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from pymongo.database import Database
from scrapy.settings import Settings

from kcna_spider.exceptions import ArgumentError
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import EMBEDDED, StoreSettings
from kcna_spider.store.model.types import Document

_SETTINGS_MODULE = "kcna_spider.settings"


class ArchiveReader:
    """An archive that is open for reading. Close it: the embedded server stops when its last user closes."""

    def __init__(self, settings: StoreSettings) -> None:
        self._archive = Archive(settings, reading=True)

    @property
    def database(self) -> Database[Document]:
        """The PyMongo database with `articles`, `revisions`, `photos`, `rejects` and `runs`.

        `docs/reference/data-model.md` describes them. Do not write to them: a crawl relies on what it wrote.
        """
        return self._archive.database

    def close(self) -> None:
        """Disconnect; safe to call twice."""
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_archive(uri: str | None = None, *, path: str | None = None) -> ArchiveReader:
    """Open an archive for reading; use it in a `with` statement, or close it.

    uri: a MongoDB URI, with the name of the database unless that is `kcna`.
    path: the data folder of an embedded database, instead of a URI.

    If neither is given, the environment variables MONGODB_URI, MONGODB_DATABASE and MONGODB_EMBEDDED_PATH
    apply as in a crawl, with the values that they have at the first call. By default this is the embedded
    database in `data/mongodb`. Raise ArgumentError if both are given, and StoreError if the database cannot
    be reached or contains no archive.
    """
    if uri is not None and path is not None:
        raise ArgumentError("open_archive takes uri or path, not both")
    settings = Settings()
    settings.setmodule(_SETTINGS_MODULE)
    found = StoreSettings.from_settings(settings)
    if uri is not None:
        found = replace(found, uri=uri, database="")
    if path is not None:
        found = replace(found, uri=EMBEDDED, database="", path=path)
    return ArchiveReader(found)
