"""Read the format, size, EXIF fields and perceptual hash of a photo file.

The files are untrusted: any file that is not an intact image raises PhotoError.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import imagehash
from PIL import ExifTags, Image

from kcna_spider.items import PhotoFile

_SUFFIXES = {"jpeg": "jpg", "png": "png", "gif": "gif", "webp": "webp", "bmp": "bmp"}
_MAX_PIXELS = 100_000_000  # of one image; a larger one may be a decompression bomb
_EXIF_FIELDS, _EXIF_LENGTH = 100, 500  # stored fields, and stored characters of each
_ANIMATED, _MOST_FRAMES = ("GIF", "PNG", "WEBP"), 200
_EXIF_PARTS = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
_TYPES = ("image/", "application/octet-stream", "binary/octet-stream")


class PhotoError(Exception):
    """A file is no photo. reason: code of the reject; detail: one line."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


# The first hash imports SciPy, which parses signatures. Without this line a thread would do so, and CPython
# 3.11 may raise SystemError if two threads parse at the same time.
imagehash.phash(Image.new("L", (1, 1)))
# Pillow's limit only warns up to twice its value. `read_photo` checks _MAX_PIXELS before it decodes pixels.
Image.MAX_IMAGE_PIXELS = None


def read_photo(body: bytes, content_type: str | None = None) -> PhotoFile:
    """Return the facts of a photo file. content_type: the header Content-Type of the response, or None.

    Raise PhotoError with the reason empty, wrong_type, not_an_image, too_many_pixels or truncated.
    """
    if not body:
        raise PhotoError("empty", "the file is empty")
    if content_type and not content_type.strip().lower().startswith(_TYPES):
        raise PhotoError("wrong_type", f"the server calls it {content_type[:100]}")
    try:
        # As JPEG, Pillow also opens MPO, which some cameras write: further pictures follow the first.
        image = Image.open(BytesIO(body), formats=[*map(str.upper, _SUFFIXES)])
    except Exception as error:  # noqa: BLE001  # decoders raise any exception for invalid files
        raise PhotoError("not_an_image", f"{len(body)} bytes that no decoder takes: {error!r:.200}") from None
    with image:
        if image.width * image.height > _MAX_PIXELS:
            raise PhotoError("too_many_pixels", f"{image.width} x {image.height} pixels")
        try:
            image.load()
            phash = str(imagehash.phash(image.convert("RGB")))
            _decode_further_frames(image)
        except Exception as error:  # noqa: BLE001  # decoders raise any exception for truncated files
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


def _decode_further_frames(image: Image.Image) -> None:
    """Decode the further frames of an animation, up to _MOST_FRAMES and _MAX_PIXELS in all.

    Raise any exception if one of them is truncated. Leave the image at its first frame.
    """
    if image.format not in _ANIMATED:
        return
    most = min(_MOST_FRAMES, _MAX_PIXELS // (image.width * image.height))
    with suppress(EOFError):  # there is no further frame
        for number in range(1, most):
            image.seek(number)
            image.load()
    image.seek(0)


def _exif(image: Image.Image) -> dict[str, str]:
    """Return the EXIF fields by name as text, without thumbnail and maker note."""
    found: dict[str, str] = {}
    try:
        exif = image.getexif()
        parts = [dict(exif), *(dict(exif.get_ifd(part)) for part in _EXIF_PARTS)]
    except Exception:  # noqa: BLE001  # a photo with a damaged EXIF block is still a photo
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
