"""The facts of a photo's file, and files that are not photos."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image

from kcna_spider.photos.image_facts import PhotoError, read_photo
from kcna_spider.sample_site.sample_photos import picture
from tests.conftest import ROOT

JPEG = picture("0123456789abcdef" * 2, 1)


def encoded(kind: str, **options: object) -> bytes:
    out = BytesIO()
    Image.open(BytesIO(JPEG)).save(out, kind, **options)
    return out.getvalue()


def test_the_first_photo_parses_no_code() -> None:
    """Check a thread that reads a photo: Python 3.11 may fail if two threads parse code at the same time."""
    code = (
        "import ast, sys; from kcna_spider.photos.image_facts import read_photo; ast.parse = None; "
        "print(read_photo(sys.stdin.buffer.read()).phash)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, input=JPEG, capture_output=True, check=True, timeout=60
    )
    assert done.stdout.decode().strip() == read_photo(JPEG).phash


def test_facts() -> None:
    found = read_photo(JPEG, "image/jpeg")
    sha256 = hashlib.sha256(JPEG).hexdigest()
    assert (found.sha256, found.path) == (sha256, f"{sha256[:2]}/{sha256}.jpg")
    assert (found.format, found.width, found.height, found.bytes) == ("jpeg", 96, 64, len(JPEG))
    assert len(found.phash) == 16


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp"), ("BMP", "bmp"), ("JPEG", "jpg")],
)
def test_formats(kind: str, suffix: str) -> None:
    found = read_photo(encoded(kind))
    assert found.format == kind.lower()
    assert found.path.endswith(f".{suffix}")


def test_a_jpeg_with_a_second_picture() -> None:
    out = BytesIO()
    first, second = (Image.open(BytesIO(picture(name * 32, 1))) for name in "ab")
    first.save(out, "MPO", save_all=True, append_images=[second])
    assert Image.open(BytesIO(out.getvalue())).format == "MPO"
    found = read_photo(out.getvalue(), "image/jpeg")
    assert (found.format, found.path[-4:]) == ("jpeg", ".jpg")


def test_the_hash_is_of_what_is_seen() -> None:
    original = int(read_photo(JPEG).phash, 16)
    saved_again = int(read_photo(encoded("JPEG", quality=50)).phash, 16)
    other = int(read_photo(picture("fedcba9876543210" * 2, 1)).phash, 16)
    assert (original ^ saved_again).bit_count() <= 6
    assert (original ^ other).bit_count() > 12


def test_exif() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "A maker\x00", "A camera", "2024:03:09 10:00:00"
    exif.get_ifd(0x8769)[0x9003] = "2024:03:09 09:59:59"
    exif.get_ifd(0x8769)[0x927C] = b"\x00" * 50  # This tag is a maker's note.
    found = read_photo(encoded("JPEG", exif=exif)).exif
    assert found["Make"] == "A maker"
    assert (found["Model"], found["DateTime"]) == ("A camera", "2024:03:09 10:00:00")
    assert found["DateTimeOriginal"] == "2024:03:09 09:59:59"
    assert "MakerNote" not in found
    assert all(isinstance(value, str) for value in found.values())


def bomb() -> bytes:
    """Return a PNG of a few hundred bytes that claims to have 2,500 million pixels."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 1000)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "image/jpeg", "empty"),
        (b"<html><body>no such photo</body></html>", "image/jpeg", "not_an_image"),
        (b"<html><body>no such photo</body></html>", "text/html", "wrong_type"),
        (JPEG, "text/html; charset=utf-8", "wrong_type"),
        (b"\x00" * 5000, "image/jpeg", "not_an_image"),
        (b"\xff\xd8\xff\xe0" + b"x" * 100, "image/jpeg", "not_an_image"),
        (JPEG[: len(JPEG) * 2 // 3], "image/jpeg", "truncated"),
        (encoded("PNG")[:-30], "image/png", "truncated"),
        (bomb(), "image/png", "too_many_pixels"),
        (b"%PDF-1.4 not an image", "image/jpeg", "not_an_image"),
        (encoded("TIFF"), "image/tiff", "not_an_image"),
    ],
)
def test_no_photo(body: bytes, content_type: str, reason: str) -> None:
    with pytest.raises(PhotoError) as raised:
        read_photo(body, content_type)
    assert raised.value.reason == reason
    assert "KeyError" not in raised.value.detail


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_a_truncated_animation(kind: str) -> None:
    frames = [Image.open(BytesIO(picture(name * 32, 1))).convert("P") for name in "abcd"]
    out = BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    whole = out.getvalue()
    assert read_photo(whole).format == kind.lower()
    with pytest.raises(PhotoError, match=r"^(truncated|not_an_image)"):
        read_photo(whole[: len(whole) * 6 // 10])


@pytest.mark.parametrize("content_type", [None, "", "image/png", "IMAGE/JPEG", "application/octet-stream"])
def test_types_that_servers_send_for_photos(content_type: str | None) -> None:
    assert read_photo(JPEG, content_type).format == "jpeg"
