"""Read what a photo's file is: its format, size, EXIF fields and perceptual hash. Pure.

The bytes come from anywhere: whatever is no sound image raises PhotoError.
"""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import imagehash
from PIL import ExifTags, Image

from kcna_spider.items import PhotoFile

# MPO: a JPEG with further pictures after the first, as some cameras write it.
_SUFFIXES = {"jpeg": "jpg", "png": "png", "gif": "gif", "webp": "webp", "bmp": "bmp"}
_MAX_PIXELS = 100_000_000  # of one image: a file that is larger when it is decompressed is an attack
_EXIF_FIELDS, _EXIF_LENGTH = 100, 500  # fields kept, and characters of each
_EXIF_PARTS = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
_TYPES = ("image/", "application/octet-stream", "binary/octet-stream")


class PhotoError(Exception):
    """A file is no photo. reason: the code; detail: one line."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


# Pillow's own limit warns before it refuses; ours is checked before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


def read_photo(body: bytes, content_type: str | None = None) -> PhotoFile:
    """Return what a file is. content_type: as the server states it, where it does.

    Raise PhotoError with the reason empty, wrong_type, not_an_image, too_many_pixels or truncated.
    """
    if not body:
        raise PhotoError("empty", "the file is empty")
    if content_type and not content_type.strip().lower().startswith(_TYPES):
        raise PhotoError("wrong_type", f"the server calls it {content_type[:100]}")
    try:
        image = Image.open(BytesIO(body), formats=[*map(str.upper, _SUFFIXES), "MPO"])
    except Exception as error:  # noqa: BLE001  # whatever a decoder raises, it is no image
        raise PhotoError("not_an_image", f"{len(body)} bytes that no decoder takes: {error!r:.200}") from None
    with image:
        if image.width * image.height > _MAX_PIXELS:
            raise PhotoError("too_many_pixels", f"{image.width} x {image.height} pixels")
        try:
            image.load()
            phash = str(imagehash.phash(image.convert("RGB")))
        except Exception as error:  # noqa: BLE001  # decoders raise what they like
            raise PhotoError("truncated", f"its pixels cannot be decoded: {error!r:.200}") from None
        kind = (image.format or "").lower().replace("mpo", "jpeg")
        sha256 = hashlib.sha256(body).hexdigest()
        return PhotoFile(
            sha256,
            phash,
            kind,
            image.width,
            image.height,
            len(body),
            _exif(image),
            f"{sha256[:2]}/{sha256}.{_SUFFIXES[kind]}",
        )


def _exif(image: Image.Image) -> dict[str, str]:
    """Return the EXIF fields by name, as text; no thumbnail and no maker's note."""
    found: dict[str, str] = {}
    try:
        exif = image.getexif()
        parts = [dict(exif), *(dict(exif.get_ifd(part)) for part in _EXIF_PARTS)]
    except Exception:  # noqa: BLE001  # a broken EXIF block: the photo is a photo without it
        return found
    for part, names in zip(parts, (ExifTags.TAGS, ExifTags.TAGS, ExifTags.GPSTAGS), strict=True):
        for number, value in part.items():
            name = names.get(number)
            if name and not isinstance(value, bytes | dict) and len(found) < _EXIF_FIELDS:
                found[name] = _plain(value)
    return found


def _plain(value: Any) -> str:
    text = str(value).replace("\x00", "").strip()[:_EXIF_LENGTH]
    return text.encode("utf-8", "replace").decode()
