"""The page of one photo, and the files of photos."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from kcna_spider.search.photo_lookup import files, photo
from kcna_spider.search.reader import Reader
from kcna_spider.search.similar_photos import similar_photos
from kcna_spider.web.render import page, reading

Row = dict[str, Any]
# Content types of the served formats; none of them can contain scripts.
_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
}
# A photo file never changes, because its URL is the hash of its content.
_A_YEAR = {"Cache-Control": "public, max-age=31536000, immutable"}
_MOST_SIMILAR = 60


def photo_page(request: Request) -> Response:
    """Show a photo: its file, the articles that show it, and near-identical photos of other articles."""
    with reading(request) as reader:
        found = photo(reader, request.path_params["key"])
        if found is None:
            raise HTTPException(404)
        similar = similar_photos(reader, found, limit=_MOST_SIMILAR)
    pictures = shown_files(request, [found, *similar])
    return page(
        request, "photo.html", photo=found, similar=similar, pictures=pictures, captions=_captions(found)
    )


def photo_file(request: Request) -> Response:
    """Return the file of a photo. Respond with 404 if it is not stored or its format is not served."""
    with reading(request) as reader:
        found = files(reader, [request.path_params["key"]])
    path = next((_local(request, row) for row in found.values()), None)
    if path is None:
        raise HTTPException(404)
    (row,) = found.values()
    return FileResponse(path, headers=_A_YEAR, media_type=_TYPES[row["format"]])


def pictures_of(request: Request, reader: Reader, names: Iterable[str | None]) -> dict[str, Row]:
    """Return the rows of the files that can be shown, by SHA-256. names: SHA-256, or None."""
    return shown_files(request, files(reader, names).values())


def shown_files(request: Request, rows: Iterable[Row]) -> dict[str, Row]:
    """Return the rows whose files can be shown, by SHA-256. rows: of `photos`."""
    return {row["sha256"]: row for row in rows if _local(request, row)}


def _local(request: Request, row: Row) -> Path | None:
    """Return the path of a file in the photo folder, or None if it is missing or its format is not served."""
    folder: Path | None = request.app.state.photo_folder
    if folder is None or row["format"] not in _TYPES:
        return None
    try:
        path = (folder / row["path"]).resolve()
        inside = path.is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError):  # ValueError: the path contains a null byte
        return None
    return path if inside else None


def _captions(found: Row) -> list[tuple[str, str]]:
    """Return the distinct captions of a photo, each with the language of its article."""
    return list(
        dict.fromkeys(
            (shown["caption"], article["language"])
            for article in found["articles"]
            for shown in article["photos"]
            if shown["caption"]
        )
    )
