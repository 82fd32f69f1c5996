"""Crawl the sites of North Korea's state news agency KCNA, and store every revision of their articles.

`__all__` is the public API, see docs/reference/python-api.md. A name is imported from its module when it is
first used, so that `import kcna_spider` loads neither Scrapy nor PyMongo.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kcna_spider.archive_reader import ArchiveReader, open_archive
    from kcna_spider.exceptions import ArgumentError, KcnaError, StoreError
    from kcna_spider.items import (
        Article,
        AvailabilityCheck,
        Fetched,
        ListedPages,
        ListingEntry,
        ListingUpdate,
        Photo,
        PhotoFile,
        PhotoSet,
        RawArticle,
        Reject,
    )
    from kcna_spider.loaders import ArticleLoader, load_article
    from kcna_spider.text.datelines import Dateline, parse_dateline

__version__ = "0.1.0"
USER_AGENT_URL = "https://github.com/kcna-spider/kcna_spider"

__all__ = [
    "ArchiveReader",
    "ArgumentError",
    "Article",
    "ArticleLoader",
    "AvailabilityCheck",
    "Dateline",
    "Fetched",
    "KcnaError",
    "ListedPages",
    "ListingEntry",
    "ListingUpdate",
    "Photo",
    "PhotoFile",
    "PhotoSet",
    "RawArticle",
    "Reject",
    "StoreError",
    "__version__",
    "load_article",
    "open_archive",
    "parse_dateline",
]

_MODULES = {
    "archive_reader": ("ArchiveReader", "open_archive"),
    "exceptions": ("ArgumentError", "KcnaError", "StoreError"),
    "items": (
        "Article",
        "AvailabilityCheck",
        "Fetched",
        "ListedPages",
        "ListingEntry",
        "ListingUpdate",
        "Photo",
        "PhotoFile",
        "PhotoSet",
        "RawArticle",
        "Reject",
    ),
    "loaders": ("ArticleLoader", "load_article"),
    "text.datelines": ("Dateline", "parse_dateline"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

if not TYPE_CHECKING:  # a type checker that saw `__getattr__` would accept any name

    def __getattr__(name: str) -> object:
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
