"""Find the photos that images of a page show, with their captions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from lxml import html

from kcna_spider.items import RawPhoto
from kcna_spider.layouts.base import Page, has_class, text_of, xpath

_CAPTION_WITHIN = 3  # number of elements around an image that are searched for a caption
_CAPTIONS = xpath(f".//figcaption | .//*[{has_class('caption')}]")


def photos_of(page: Page, images: Iterable[html.HtmlElement]) -> list[RawPhoto]:
    """Return the photos of `img` elements, each URL once.

    The URL of an image that a script loads later is in another attribute than `src`.
    """
    shown = list(images)
    around = Counter(parent for image in shown for parent in islice(image.iterancestors(), _CAPTION_WITHIN))
    found: dict[str, RawPhoto] = {}
    for image in shown:
        sources = (image.get(name) for name in ("data-src", "data-lazy-src", "data-original", "src"))
        url = next((url for source in sources if (url := page.link(source))), None)
        if url:
            found.setdefault(url, {"url": url, "caption": _caption(image, around)})
    return list(found.values())


def _caption(image: html.HtmlElement, around: Counter[html.HtmlElement]) -> str | None:
    """Return the caption near an image, else its alternative text if that has several words, else None.

    around: the number of images in each element. A caption near several images belongs to none of them.
    """
    for parent in islice(image.iterancestors(), _CAPTION_WITHIN):
        if around[parent] > 1:
            break
        if found := _CAPTIONS(parent):
            return " ".join(text_of(found[0]).split()) or None
    text = " ".join((image.get("alt") or "").split())
    return text if " " in text else None
