"""Read the photos of articles as flat rows, one for each photo URL of an article."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pymongo.database import Database

from kcna_spider.export.rows import Row, Wanted, in_windows
from kcna_spider.store.connection.calls import batched
from kcna_spider.store.connection.reads import Retry, call_once
from kcna_spider.store.model.types import Document

_AT_ONCE = 200  # articles whose files are read by one query
_FIELDS = {"language": 1, "published": 1, "title": 1, "photos": 1, "copies.site": 1}
_ANY = {"$gt": ""}  # a condition for which the sparse index of photos is used


def _of_article(name: str) -> Callable[[Document, Document, Document], Any]:
    return lambda article, _photo, _file: article[name]


def _of_photo(name: str) -> Callable[[Document, Document, Document], Any]:
    return lambda _article, photo, _file: photo[name]


def _of_file(name: str) -> Callable[[Document, Document, Document], Any]:
    return lambda _article, _photo, file: file.get(name)


# column -> the function that reads it from an article, one of its photos, and the document of its file.
PHOTO_COLUMNS: dict[str, Callable[[Document, Document, Document], Any]] = {
    "article": lambda article, _photo, _file: str(article["_id"]),
    "language": _of_article("language"),
    "published": lambda article, _photo, _file: article["published"].date(),
    "title": _of_article("title"),
    **{name: _of_photo(name) for name in ("position", "url", "page_url", "sha256")},
    **{name: _of_file(name) for name in ("phash", "format", "width", "height", "bytes", "path")},
    **{name: _of_photo(name) for name in ("caption", "status", "first_seen", "last_seen", "gone_at")},
    "altered": lambda _article, photo, _file: len(photo["history"]),
}


def photo_rows_of(
    database: Database[Document], wanted: Wanted, columns: list[str], retry: Retry = call_once
) -> Iterator[Row]:
    """Yield one row per photo of an article, by the article's date of publication.

    wanted: the articles to read. retry: calls each function that reads from the database.
    """
    readers = {name: PHOTO_COLUMNS[name] for name in columns}
    more: Document = {"photos.sha256": _ANY} | ({"language": wanted.language} if wanted.language else {})
    found = in_windows(database["articles"], "published", wanted, more, retry, _FIELDS)
    of_site = (a for a in found if wanted.site is None or any(c["site"] == wanted.site for c in a["copies"]))
    for articles in batched(of_site, _AT_ONCE):
        names = list({photo["sha256"] for article in articles for photo in article["photos"]})
        files = {file["_id"]: file for file in retry(partial(_files, database, names))}
        for article in articles:
            for photo in article["photos"]:
                file = files.get(photo["sha256"], {})
                yield {name: read(article, photo, file) for name, read in readers.items()}


def _files(database: Database[Document], names: list[str]) -> list[Document]:
    return list(database["photos"].find({"_id": {"$in": names}}, {"exif": 0}))
