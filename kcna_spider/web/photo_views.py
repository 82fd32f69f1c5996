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
# The formats that are served, and their content types: nothing that a browser would run.
_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
}
_A_YEAR = {"Cache-Control": "public, max-age=31536000, immutable"}  # a file is named by its content
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
    """Return the file of a photo."""
    with reading(request) as reader:
        found = files(reader, [request.path_params["key"]])
    path = next((_local(request, row) for row in found.values()), None)
    if path is None:
        raise HTTPException(404)
    (row,) = found.values()
    return FileResponse(path, headers=_A_YEAR, media_type=_TYPES[row["format"]])


def pictures_of(request: Request, reader: Reader, names: Iterable[str | None]) -> dict[str, Row]:
    """Return the files with some SHA-256 that can be shown, by them."""
    return shown_files(request, files(reader, names).values())


def shown_files(request: Request, rows: Iterable[Row]) -> dict[str, Row]:
    """Return those of some rows of `photos` whose files can be shown, by their SHA-256."""
    return {row["sha256"]: row for row in rows if _local(request, row)}


def _local(request: Request, row: Row) -> Path | None:
    """Return the path of a file that is in the folder of photos and has a format that is served."""
    folder: Path | None = request.app.state.photo_folder
    if folder is None or row["format"] not in _TYPES:
        return None
    try:
        path = (folder / row["path"]).resolve()
        inside = path.is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError):  # ValueError: a path with a null byte
        return None
    return path if inside else None


def _captions(found: Row) -> list[tuple[str, str]]:
    """Return the distinct captions of a photo, each with its language."""
    return list(
        dict.fromkeys(
            (shown["caption"], article["language"])
            for article in found["articles"]
            for shown in article["photos"]
            if shown["caption"]
        )
    )
