"""The photos of the sample site: their stories, their files, and the pages that show them."""

from __future__ import annotations

import colorsys
import datetime as dt
import hashlib
import html
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from kcna_spider.sample_site.stories import Story

# Photo pages without an article: only the listing of photo pages links to them.
ALONE = [
    Story("Autumn Colours on the River", [], dt.date(2026, 7, 18), kp=True),
    Story("Kites over the Square", [], dt.date(2026, 7, 2), kp=True),
]
LIST_KEY = "e5" * 16


@dataclass(frozen=True)
class SamplePhoto:
    """A photo of a story. altered, removed: whether its file changes or is gone from epoch 2 on."""

    name: str
    altered: bool
    removed: bool

    @property
    def url(self) -> str:
        """The URL of the photo."""
        return f"http://www.kcna.kp/photo/{self.name}.jpg"

    def file(self, epoch: int) -> bytes | None:
        """Return the content of the file at an epoch, or None if it is gone."""
        if epoch > 1 and self.removed:
            return None
        return picture(self.name, 2 if epoch > 1 and self.altered else 1)

    def sha256(self, epoch: int) -> str | None:
        """Return the SHA-256 of the file at an epoch, or None if it is gone."""
        file = self.file(epoch)
        return hashlib.sha256(file).hexdigest() if file else None


def photos_of(story: Story) -> list[SamplePhoto]:
    """Return the photos of a story: two in five stories of kcna.kp have one to three."""
    number = int(story.key, 16)
    if not story.kp or (story not in ALONE and number % 5 > 1):
        return []
    names = [hashlib.md5(f"{story.key} {n}".encode()).hexdigest() for n in range(1 + number % 3)]
    return [SamplePhoto(n, int(n[:4], 16) % 4 == 0, int(n[:4], 16) % 6 == 1) for n in names]


def is_linked(story: Story) -> bool:
    """Return whether a story's article links to its photo page; otherwise only the listing does."""
    return story not in ALONE and int(story.key, 16) % 4 > 0


@cache
def picture(name: str, version: int) -> bytes:
    """Return a JPEG file with coloured shapes; version 2 has one shape fewer than version 1."""
    from PIL import Image, ImageDraw  # only installed with the extra [photos]

    seed = bytes.fromhex(name)
    image = Image.new("RGB", (96, 64), _colour(seed[0], 0.25))
    draw = ImageDraw.Draw(image)
    for n in range(1, 7 if version == 1 else 6):
        left, top = seed[n] % 70, seed[n + 6] % 40
        shape = draw.ellipse if seed[n] % 2 else draw.rectangle
        shape((left, top, left + 14 + seed[n] % 20, top + 10 + seed[n + 6] % 18), _colour(seed[n + 7], 0.9))
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _colour(value: int, brightness: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(value / 256, 0.6, brightness)
    return int(red * 255), int(green * 255), int(blue * 255)


def photo_key(story: Story) -> str:
    """Return the last part of the URL of a story's photo page."""
    return hashlib.md5(f"photos of {story.key}".encode()).hexdigest()


def photo_page_url(story: Story) -> str:
    """Return the URL of a story's photo page in the layout since 2026."""
    return f"http://www.kcna.kp/{story.code}/gallery/detail/{photo_key(story)}"


def photo_page_2022_url(story: Story) -> str:
    """Return the URL of a story's photo page in the layout of 2022."""
    return f"http://www.kcna.kp/{story.code}/media/photo/q/{photo_key(story)}.kcmsf"


def photo_list_item(story: Story) -> str:
    """Return the listing entry of a story's photo page."""
    path = f"/{story.code}/gallery/detail/{photo_key(story)}"
    first = photos_of(story)[0]
    day = f"[{story.day.year}.{story.day.month}.{story.day.day}.]"
    thumbnail = f'<img class="thumb" src="/photo/{first.name}.jpg" alt="photo">'
    return (
        f'<div class="gallery"><a href="{path}">{thumbnail}</a>'
        f'<h5><a href="{path}">{html.escape(story.title)}</a><span><nobr>{day}</nobr></span></h5></div>'
    )


def photo_page_body(story: Story, others: list[Story], epoch: int) -> str:
    """Return the body of a photo page: the photos of a story, and entries of other photo pages.

    A script would load all photos but the first (`data-src`).
    """
    shown = ""
    for n, photo in enumerate(photos_of(story)):
        if photo.file(epoch):
            source = "data-src" if n else "src"
            caption = f'<div class="caption">{html.escape(story.title)}, photo {n + 1}</div>' if n % 2 else ""
            shown += (
                f'<div class="thumb-img"><img {source}="/photo/{photo.name}.jpg" alt="photo">{caption}</div>'
            )
    own = f'<div class="gallery"><h5>{html.escape(story.title)}</h5>{shown}</div>'
    return own + "".join(photo_list_item(other) for other in others if other is not story)


def photo_page_2022(story: Story, epoch: int) -> str:
    """Return the photo page of a story in the layout of 2022."""
    shown = "".join(
        f'<img class="img-1" src="/photo/{p.name}.jpg">' for p in photos_of(story) if p.file(epoch)
    )
    return (
        '<html><body class="gallery"><div class="title"><div class="main"><a>'
        f"<span>{html.escape(story.title)}</span></a></div></div>"
        f'<div class="content">{shown}</div></body></html>'
    )
